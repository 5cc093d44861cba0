import { deepStrictEqual } from "node:assert/strict";
import { readAccessList } from "./read_access_list.ts";

Deno.test("readAccessList() reads addresses and names in order", () => {
  deepStrictEqual(readAccessList("192.168.1.0/24,phone.example.org/32,2001:DB8::/32,0.0.0.0/0"), {
    value: [
      { kind: "address", host: "192.168.1.0", bits: 24 },
      { kind: "name", host: "phone.example.org", bits: 32 },
      { kind: "address", host: "2001:db8::", bits: 32 },
      { kind: "address", host: "0.0.0.0", bits: 0 },
    ],
    remarks: [],
  });
});

Deno.test("readAccessList() allows blanks around the commas", () => {
  deepStrictEqual(readAccessList("10.0.0.0/8 , 11.0.0.0/8").value, [
    { kind: "address", host: "10.0.0.0", bits: 8 },
    { kind: "address", host: "11.0.0.0", bits: 8 },
  ]);
});

Deno.test("readAccessList() folds IPv4-mapped addresses", () => {
  deepStrictEqual(readAccessList("::ffff:10.0.0.0/104,::ffff:192.0.2.7/128,::/0").value, [
    { kind: "address", host: "10.0.0.0", bits: 8 },
    { kind: "address", host: "192.0.2.7", bits: 32 },
    { kind: "address", host: "::", bits: 0 },
  ]);
});

const refused: readonly (readonly [string, readonly (readonly [number, string])[]])[] = [
  ["10.0.0.1", [[
    0,
    'Cannot use entry "10.0.0.1": no /bits, a single host is 10.0.0.1/32',
  ]]],
  ["10.0.0.0/33", [[0, 'Cannot use bits "33": 0…32 is expected']]],
  ["10.0.0.0/", [[0, 'Cannot use bits "": 0…32 is expected']]],
  ["10.0.0.0/x", [[0, 'Cannot use bits "x": 0…32 is expected']]],
  ["10.0.0.0/-1", [[0, 'Cannot use bits "-1": 0…32 is expected']]],
  ["10.0.0.0/8/8", [[0, 'Cannot use bits "8/8": 0…32 is expected']]],
  ["::ffff:10.0.0.0/95", [[0, 'Cannot use bits "95": 96…128 is expected']]],
  ["::/129", [[0, 'Cannot use bits "129": 0…128 is expected']]],
  ["10.0.0.0/8,", [[11, "Cannot use entry: nothing between two commas"]]],
  ["010.0.0.0/8", [[0, 'Cannot use host "010.0.0.0": not a valid IPv4 address']]],
  ["1.2.3.4/32, 300.0.0.0/8 ,x y/1", [
    [12, 'Cannot use host "300.0.0.0": not a valid IPv4 address'],
    [25, 'Cannot use host "x y": only letters, digits, - and _ may stand in a name'],
  ]],
];

for (const [text, expected] of refused) {
  Deno.test(`readAccessList() refuses "${text}" as a whole`, () => {
    deepStrictEqual(readAccessList(text), {
      value: undefined,
      remarks: expected.map(([offset, message]) => ({ severity: "error", message, offset })),
    });
  });
}

Deno.test("readAccessList() takes 256 entries and not one more", () => {
  const many = (count: number) => new Array<string>(count).fill("10.0.0.1/32").join(",");
  deepStrictEqual(readAccessList(many(256)).value?.length, 256);
  deepStrictEqual(readAccessList(many(257)).remarks, [
    { severity: "error", message: "Cannot use list: more than 256 entries", offset: 0 },
  ]);
});
