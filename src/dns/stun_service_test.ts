import { deepStrictEqual } from "node:assert/strict";
import { address } from "../../tests/support/core_world.ts";
import { HostTable } from "./host_table.ts";
import type { HostQuery } from "./host_query.ts";
import { nextLocateStep } from "./locate.ts";

const query: HostQuery = {
  host: "stun.example.org",
  port: undefined,
  transport: "udp",
  method: "locate",
  service: "stun",
};

Deno.test("nextLocateStep() asks for the SRV records of the service", () => {
  deepStrictEqual(nextLocateStep(query, { answers: new Map(), families: [4], random: () => 0 }), {
    kind: "ask",
    questions: [
      { type: "SRV", name: "_stun._udp.stun.example.org" },
      { type: "A", name: "stun.example.org" },
    ],
  });
});

Deno.test("HostTable keeps a STUN service apart from SIP, and gives its usual port", () => {
  const table = new HostTable();
  const located = { kind: "addresses", addresses: [address("198.51.100.9")] } as const;
  table.store(query, { located, nowMs: 0 });
  deepStrictEqual(table.lookUp({ ...query, service: "sip" }, 1), { kind: "unknown" });
  deepStrictEqual(table.lookUp(query, 1), {
    kind: "targets",
    targets: [{ peer: { address: "198.51.100.9", port: 3478 }, transport: "udp" }],
  });
});
