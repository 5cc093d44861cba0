import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { HostTable } from "../../dns/host_table.ts";
import type { OwnAddresses } from "../../proxy/env.ts";
import { LiveEnv } from "./live_env.ts";

const OWN: OwnAddresses = {
  lan: undefined,
  wan: undefined,
  advertised: undefined,
  lanNetworks: [],
  gateway: undefined,
};

const QUERY = {
  host: "sip.example.org",
  port: 5060,
  transport: undefined,
  method: "locate",
} as const;

function openEnv(media: "ready" | "exhausted" = "ready") {
  return new LiveEnv(OWN, {
    hosts: new HostTable(),
    freePairs: () => [],
    isUnreachable: () => false,
    isMediaExhausted: () => media === "exhausted",
    listenPoints: () => [],
    connectionTo: () => undefined,
    streamReach: () => "unknown",
    keyedHash: (text) => text,
    randomHex: () => "0",
  });
}

Deno.test("LiveEnv.lookUp() takes unknown for failed in the last run only", () => {
  const env = openEnv();
  deepStrictEqual(env.lookUp(QUERY), { kind: "unknown" });
  env.patience = "final";
  deepStrictEqual(env.lookUp(QUERY), { kind: "failed", reason: "no answer in time" });
  deepStrictEqual(env.lookUp({ ...QUERY, host: "192.0.2.1" }).kind, "targets");
});

Deno.test("LiveEnv.mediaExhausted is true in the last run, or when the media isolate says so", () => {
  const env = openEnv();
  strictEqual(env.mediaExhausted, false);
  env.patience = "final";
  strictEqual(env.mediaExhausted, true);
  strictEqual(openEnv("exhausted").mediaExhausted, true);
});
