import assert from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import type { RouteTarget } from "./host_query.ts";
import { preferTarget } from "./prefer_target.ts";

const A: RouteTarget = { peer: peer("192.0.2.1:5060"), transport: "udp" };
const B: RouteTarget = { peer: peer("192.0.2.2:5060"), transport: "udp" };
const C: RouteTarget = { peer: peer("192.0.2.2:5070"), transport: "tcp" };

Deno.test("preferTarget() puts the registrar of a phone first", () => {
  const preferred = preferTarget([A, B, C], { peer: peer("192.0.2.2:5070"), state: "alive" });
  assert.deepEqual(preferred, [C, A, B]);
});

Deno.test("preferTarget() keeps the order without a preference, for one at rest and for one that is gone", () => {
  assert.deepEqual(preferTarget([A, B, C], { peer: undefined, state: "alive" }), [A, B, C]);
  assert.deepEqual(preferTarget([A, B, C], { peer: C.peer, state: "resting" }), [A, B, C]);
  assert.deepEqual(
    preferTarget([A, B, C], { peer: peer("192.0.2.9:5060"), state: "alive" }),
    [A, B, C],
  );
  assert.deepEqual(preferTarget([A, B, C], { peer: A.peer, state: "alive" }), [A, B, C]);
});
