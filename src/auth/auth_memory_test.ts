import { deepStrictEqual } from "node:assert/strict";
import { parseIpAddress } from "../base/ip_address.ts";
import { type AuthChange, AuthMemory } from "./auth_memory.ts";

Deno.test("AuthMemory.apply() tells each table its part, expire() clears them", () => {
  const source = parseIpAddress("10.0.0.10");
  if (source === undefined) throw new Error("fix the test");
  const memory = new AuthMemory();
  const changes: readonly AuthChange[] = [
    { kind: "used", nonce: "n", use: { count: 1, request: "a" } },
    { kind: "admitted", exchange: "e", cseqNumber: 1 },
    { kind: "failed", source },
    ...["a", "b"].map((request) => ({ kind: "challenged", phone: "p", request } as const)),
    { kind: "challenged", phone: "q", request: "a" },
    { kind: "answered", phone: "q" },
    { kind: "challenged", phone: "q", request: "b" },
  ];
  for (const change of changes) memory.apply(change, 0);
  const look = () => [
    memory.nonces.judge("n", { count: 1, request: "b", nowMs: 0 }),
    memory.admissions.covers("e", { cseqNumber: 2, nowMs: 0 }),
    memory.failures.failures(source, 0),
    memory.challenges.form("p", 0),
    memory.challenges.form("q", 0),
  ];
  deepStrictEqual(look(), ["replay", true, 1, "plain", "modern"]);
  memory.expire(100_000_000);
  deepStrictEqual(look(), ["new", false, 0, "modern", "modern"]);
});
