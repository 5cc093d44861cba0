import { deepStrictEqual } from "node:assert/strict";
import { peer } from "../../../tests/support/address.ts";
import { ALICE, tableWith } from "../../../tests/support/registrations.ts";
import { keptPeers } from "./kept_peers.ts";

const PHONE = peer("10.0.0.10:40001");
const REGISTRAR = peer("192.0.2.10:5070");
const OTHER = peer("10.0.0.10:40002");

Deno.test("keptPeers() keeps a TCP phone's own connection and its registrar's", () => {
  const bindings = tableWith({ ...ALICE, transport: "tcp", source: PHONE });
  const isKept = keptPeers(bindings);
  deepStrictEqual([PHONE, REGISTRAR, OTHER].map(isKept), [true, true, false]);
});

Deno.test("keptPeers() keeps nothing for a phone on UDP but its registrar", () => {
  const isKept = keptPeers(tableWith({ ...ALICE, source: PHONE }));
  deepStrictEqual([PHONE, REGISTRAR].map(isKept), [false, true]);
});

Deno.test("keptPeers() lets go what belonged to an expired registration", () => {
  const bindings = tableWith({ ...ALICE, transport: "tcp", source: PHONE });
  bindings.expire(ALICE.expiresAtMs + 1);
  deepStrictEqual([PHONE, REGISTRAR].map(keptPeers(bindings)), [false, false]);
});
