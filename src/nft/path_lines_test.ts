import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import type { MediaPath } from "../base/media_path.ts";
import {
  countersLine,
  forgetLine,
  handOverLine,
  type PathBatch,
  pathKey,
  type PathMap,
  quietLine,
  unhookLine,
} from "./path_lines.ts";

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`"${text}" is no address`);
  return address;
}

const OUT: MediaPath = {
  source: { address: ip("10.0.0.2"), port: 4000 },
  arrival: { address: ip("10.0.0.1"), port: 7070 },
  departure: { address: ip("203.0.113.1"), port: 7072 },
  target: { address: ip("198.51.100.9"), port: 5000 },
};

const BACK: MediaPath = {
  source: OUT.target,
  arrival: OUT.departure,
  departure: OUT.arrival,
  target: OUT.source,
};

const V6: MediaPath = {
  source: { address: ip("2001:db8:1::2"), port: 4000 },
  arrival: { address: ip("2001:db8:1::1"), port: 7070 },
  departure: { address: ip("2001:db8:2::1"), port: 7072 },
  target: { address: ip("2001:db8:2::9"), port: 5000 },
};

const CALL: PathBatch = { table: "t", family: 4, paths: [OUT, BACK] };

Deno.test("handOverLine() fills all four maps in one line, the first one last", () => {
  deepStrictEqual(handOverLine(CALL).split("; "), [
    "add element ip t sa { 10.0.0.2 . 7072 . 198.51.100.9 . 5000 : 203.0.113.1, " +
    "198.51.100.9 . 7070 . 10.0.0.2 . 4000 : 10.0.0.1 }",
    "add element ip t sp { 10.0.0.2 . 4000 . 198.51.100.9 . 5000 : 7072, " +
    "198.51.100.9 . 5000 . 10.0.0.2 . 4000 : 7070 }",
    "add element ip t dp { 10.0.0.2 . 4000 . 7070 : 5000, 198.51.100.9 . 5000 . 7072 : 4000 }",
    "add element ip t da { 10.0.0.2 . 4000 . 10.0.0.1 . 7070 : 198.51.100.9, " +
    "198.51.100.9 . 5000 . 203.0.113.1 . 7072 : 10.0.0.2 }",
  ]);
});

Deno.test("handOverLine() writes IPv6 into the other table", () => {
  deepStrictEqual(handOverLine({ table: "t", family: 6, paths: [V6] }).split("; "), [
    "add element ip6 t sa { 2001:db8:1::2 . 7072 . 2001:db8:2::9 . 5000 : 2001:db8:2::1 }",
    "add element ip6 t sp { 2001:db8:1::2 . 4000 . 2001:db8:2::9 . 5000 : 7072 }",
    "add element ip6 t dp { 2001:db8:1::2 . 4000 . 7070 : 5000 }",
    "add element ip6 t da { 2001:db8:1::2 . 4000 . 2001:db8:1::1 . 7070 : 2001:db8:2::9 }",
  ]);
});

Deno.test("unhookLine() takes the door away and leaves the counters", () => {
  strictEqual(
    unhookLine(CALL),
    "delete element ip t da { 10.0.0.2 . 4000 . 10.0.0.1 . 7070, " +
      "198.51.100.9 . 5000 . 203.0.113.1 . 7072 }",
  );
});

Deno.test("forgetLine() takes away the rest", () => {
  deepStrictEqual(forgetLine({ ...CALL, paths: [OUT] }).split("; "), [
    "delete element ip t dp { 10.0.0.2 . 4000 . 7070 }",
    "delete element ip t sp { 10.0.0.2 . 4000 . 198.51.100.9 . 5000 }",
    "delete element ip t sa { 10.0.0.2 . 7072 . 198.51.100.9 . 5000 }",
  ]);
});

Deno.test("countersLine() lists one map", () => {
  strictEqual(countersLine("dp", { table: "t", family: 4 }), "list map ip t dp");
  strictEqual(countersLine("sp", { table: "t", family: 6 }), "list map ip6 t sp");
});

Deno.test("quietLine() names phones of either family", () => {
  strictEqual(
    quietLine("t", [OUT.source.address, ip("10.0.0.3")]),
    "add element ip t quiet { 10.0.0.2, 10.0.0.3 }",
  );
  strictEqual(quietLine("t", [V6.source.address]), "add element ip6 t quiet { 2001:db8:1::2 }");
});

const collisions: readonly (readonly [PathMap, MediaPath, "same" | "different"])[] = [
  ["da", { ...OUT, target: BACK.target }, "same"],
  ["da", { ...OUT, arrival: { ...OUT.arrival, port: 7078 } }, "different"],
  ["dp", { ...OUT, arrival: { ...OUT.departure, port: 7070 } }, "same"],
  ["dp", { ...OUT, source: BACK.source }, "different"],
  ["sp", { ...OUT, arrival: { ...OUT.arrival, port: 7078 } }, "same"],
  ["sp", { ...OUT, target: BACK.target }, "different"],
  ["sa", { ...OUT, source: { ...OUT.source, port: 4002 } }, "same"],
  ["sa", { ...OUT, departure: { ...OUT.departure, port: 7078 } }, "different"],
];

for (const [map, other, wanted] of collisions) {
  Deno.test(`pathKey() of ${map} is the ${wanted} for ${JSON.stringify(other)}`, () => {
    strictEqual(pathKey(map, OUT) === pathKey(map, other), wanted === "same");
  });
}

for (const port of [-1, 65_536, 7070.5, NaN, Infinity]) {
  Deno.test(`handOverLine() never writes ${port} as a port`, () => {
    const path = { ...OUT, target: { ...OUT.target, port } };
    throws(() => handOverLine({ ...CALL, paths: [path] }), RangeError);
  });
}
