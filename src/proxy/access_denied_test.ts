import { deepStrictEqual } from "node:assert/strict";
import { CoreWorld } from "../../tests/support/core_world.ts";
import { configOf } from "../../tests/support/loopback_daemon.ts";

const HEADERS = "Via: SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK1\r\n" +
  "From: <sip:a@10.0.0.10>;tag=1\r\nTo: <sip:b@192.0.2.10>\r\nCall-ID: x\r\n" +
  "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";

const cases: readonly (readonly [string, string])[] = [
  ["request", `OPTIONS sip:b@192.0.2.10 SIP/2.0\r\n${HEADERS}`],
  ["response", `SIP/2.0 200 OK\r\n${HEADERS}`],
];

for (const [what, text] of cases) {
  Deno.test(`runPipeline() drops a non-authorized ${what} with siproxd's words and no answer`, () => {
    const world = new CoreWorld({ config: configOf(["hosts_deny_sip = 10.0.0.10/32"]) });
    const actions = world.receive(text, { side: "lan", source: "10.0.0.10:5062" });
    deepStrictEqual(actions, [
      { kind: "count", counter: "sip_dropped", reason: "access-denied" },
      {
        kind: "log",
        event: {
          level: "warning",
          component: "access",
          event: "sip.denied",
          text: `non-authorized ${what} received from 10.0.0.10`,
        },
      },
    ]);
  });
}
