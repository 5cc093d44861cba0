import { deepStrictEqual } from "node:assert/strict";
import { address } from "../../tests/support/core_world.ts";
import { type BindingAnswer, bindingRequest, readBindingAnswer } from "./binding.ts";

const ID = "b7e7a701bc34d686fa87dfae";
const request = bindingRequest(ID);

/** An answer to the request: type, then attributes in hex. */
function answer(type: string, attributes: string, id = ID): Uint8Array {
  const length = (attributes.length / 2).toString(16).padStart(4, "0");
  return Uint8Array.fromHex(`${type}${length}2112a442${id}${attributes}`);
}

Deno.test("bindingRequest() is a header with cookie and transaction id", () => {
  deepStrictEqual(request.toHex(), `000100002112a442${ID}`);
});

/** RFC 5769 §2.2 and §2.3: the same mapped addresses, 192.0.2.1:32853 and 2001:db8:1234:5678:11:2233:4455:6677. */
const XOR_V4 = "002000080001a147e112a643";
const XOR_V6 = "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9";
const SOFTWARE = "8022000b7465737420766563746f7220";

const cases: readonly (readonly [string, Uint8Array, BindingAnswer])[] = [
  [
    "XOR-MAPPED-ADDRESS of RFC 5769 §2.2 after a padded attribute",
    answer("0101", SOFTWARE + XOR_V4),
    {
      kind: "mapped",
      address: address("192.0.2.1"),
    },
  ],
  ["XOR-MAPPED-ADDRESS of RFC 5769 §2.3", answer("0101", XOR_V6), {
    kind: "mapped",
    address: address("2001:db8:1234:5678:11:2233:4455:6677"),
  }],
  ["MAPPED-ADDRESS of a classic server", answer("0101", "0001000800018055c0000201"), {
    kind: "mapped",
    address: address("192.0.2.1"),
  }],
  ["the XOR one of both", answer("0101", "0001000800018055c0000209" + XOR_V4), {
    kind: "mapped",
    address: address("192.0.2.1"),
  }],
  ["the early number of XOR-MAPPED-ADDRESS", answer("0101", XOR_V4.replace("0020", "8020")), {
    kind: "mapped",
    address: address("192.0.2.1"),
  }],
  ["no address", answer("0101", SOFTWARE), { kind: "mapped", address: undefined }],
  ["an attribute longer than the message", answer("0101", "002000ff0001a147"), {
    kind: "mapped",
    address: undefined,
  }],
  ["a family that is none", answer("0101", XOR_V4.replace("0001a147", "0007a147")), {
    kind: "mapped",
    address: undefined,
  }],
  ["an error answer", answer("0111", ""), { kind: "refused" }],
  ["a length that is not true", answer("0101", XOR_V4).slice(0, 24), { kind: "refused" }],
  ["another transaction", answer("0101", XOR_V4, "000000000000000000000000"), { kind: "other" }],
  ["a request", request, { kind: "other" }],
  ["a short packet", new Uint8Array(19), { kind: "other" }],
];

for (const [what, data, expected] of cases) {
  Deno.test(`readBindingAnswer() reads ${what}`, () => {
    deepStrictEqual(readBindingAnswer(data, request), expected);
  });
}
