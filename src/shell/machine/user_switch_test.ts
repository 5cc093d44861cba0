import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { findAccount } from "./user_switch.ts";

const PASSWD = [
  "root:x:0:0:root:/root:/bin/bash",
  "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin",
  "broken:x::12:nobody:/:/bin/sh",
  "siproxd:x:998:997::/var/lib/siproxd:/usr/sbin/nologin",
  "",
].join("\n");

const CASES = [
  { name: "siproxd", expected: { name: "siproxd", uid: 998, gid: 997 } },
  { name: "998", expected: { name: "siproxd", uid: 998, gid: 997 } },
  { name: "nobody", expected: { name: "nobody", uid: 65534, gid: 65534 } },
  { name: "nosuch", expected: undefined },
  { name: "broken", expected: undefined },
  { name: "", expected: undefined },
];

for (const { name, expected } of CASES) {
  Deno.test(`findAccount() looks "${name}" up`, () => {
    deepStrictEqual(findAccount(name, PASSWD), expected);
  });
}

Deno.test("findAccount() finds nobody in an empty file", () => {
  strictEqual(findAccount("nobody", ""), undefined);
});
