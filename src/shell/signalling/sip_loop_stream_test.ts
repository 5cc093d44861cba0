import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import { ip, peer } from "../../../tests/support/address.ts";
import { settle } from "../../../tests/support/fake_stream.ts";
import { configOf } from "../../../tests/support/loopback_daemon.ts";
import type { SocketAddress } from "../../base/socket_address.ts";
import { encodeLatin1 } from "../../base/text.ts";
import { HostTable } from "../../dns/host_table.ts";
import { Counters } from "../../metrics/counters.ts";
import type { StreamReach } from "../../proxy/env.ts";
import type { Hop } from "../../proxy/hop.ts";
import { createProxyState } from "../../proxy/proxy.ts";
import { Journal } from "./journal.ts";
import { LiveEnv } from "./live_env.ts";
import { SipLoop } from "./sip_loop.ts";

const LAN = ip("10.0.0.1");
const WAN = ip("203.0.113.7");
const PHONE = peer("10.0.0.10:40001");

/** A loop over the real core, and what it sent as `start line via transport`. */
function openLoop(reach: () => StreamReach = () => "refused") {
  const sent: string[] = [];
  const lost: { readonly data: Uint8Array; readonly hop: Hop }[] = [];
  const probed: { readonly peer: SocketAddress; readonly end: () => void }[] = [];
  const hosts = new HostTable();
  const own = { lan: LAN, wan: WAN, advertised: WAN, lanNetworks: [], gateway: undefined };
  const env = new LiveEnv(own, {
    hosts,
    freePairs: () => [],
    isUnreachable: () => false,
    isMediaExhausted: () => false,
    listenPoints: () => [
      { side: "lan", transport: "udp", local: { address: LAN, port: 5060 } },
      { side: "wan", transport: "udp", local: { address: WAN, port: 5060 } },
    ],
    connectionTo: ({ port }) => port === PHONE.port ? 1 : undefined,
    streamReach: reach,
    keyedHash: (text) => String(text.length).padStart(32, "0"),
    randomHex: (digits) => "0".repeat(digits),
  });
  const loop = new SipLoop({
    env,
    targets: {
      hosts,
      state: createProxyState(configOf(["use_srv = 0"])),
      counters: new Counters(),
      journal: new Journal({ debugLevel: 0, componentLevels: [], post: () => {} }),
      media: { freePairs: () => [], apply: () => {} },
      send: (data, hop) => {
        lost.push({ data, hop });
        sent.push(`${new TextDecoder().decode(data).split("\r\n", 1)[0]} by ${hop.transport}`);
      },
    },
    now: () => Date.now(),
    resolveHost: () => Promise.resolve(),
    wantPairs: () => Promise.resolve(),
    probeStream: (peer) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      probed.push({ peer, end: resolve });
      return promise;
    },
  });
  const register = (transport: "udp" | "tcp", uri: string, body = "") => {
    const text = [
      `REGISTER ${uri} SIP/2.0`,
      `Via: SIP/2.0/${transport.toUpperCase()} 10.0.0.10:40001;branch=z9hG4bKreg`,
      "Max-Forwards: 70",
      "From: <sip:alice@192.0.2.10>;tag=a",
      "To: <sip:alice@192.0.2.10>",
      `Call-ID: ${uri}`,
      "CSeq: 1 REGISTER",
      `Content-Length: ${body.length}`,
      `\r\n${body}`,
    ].join("\r\n");
    const local = { address: LAN, port: 5060 };
    loop.receive({
      data: encodeLatin1(text),
      source: PHONE,
      listenPoint: { side: "lan", transport, local },
      connectionId: transport === "tcp" ? 1 : undefined,
    });
  };
  return { loop, sent, lost, probed, register };
}

Deno.test("SipLoop repeats for a sender on TCP what left by UDP, with a timer of its own", () => {
  using time = new FakeTime();
  const { loop, sent, register } = openLoop();
  register("tcp", "sip:192.0.2.10;transport=udp");
  const counts: number[] = [];
  for (const stepMs of [499, 1, 999, 1, 2_000]) {
    time.tick(stepMs);
    counts.push(sent.length);
  }
  deepStrictEqual(counts, [1, 2, 2, 3, 4]);
  strictEqual(new Set(sent).size, 1);
  loop.close();
});

Deno.test("SipLoop.close() ends its timer, and without a bridge there is none", () => {
  using time = new FakeTime();
  const bridged = openLoop();
  bridged.register("tcp", "sip:192.0.2.10;transport=udp");
  bridged.loop.close();
  const plain = openLoop();
  plain.register("udp", "sip:192.0.2.10");
  time.tick(60_000);
  deepStrictEqual([bridged.sent.length, plain.sent.length], [1, 1]);
});

Deno.test("SipLoop.undelivered() answers the sender on his connection", () => {
  const { loop, sent, lost, register } = openLoop();
  register("tcp", "sip:192.0.2.10");
  const [request] = lost;
  if (request === undefined) throw new Error("nothing sent");
  loop.undelivered({ ...request, reason: "timeout" });
  deepStrictEqual(sent, [
    "REGISTER sip:192.0.2.10 SIP/2.0 by tcp",
    "SIP/2.0 504 Server Time-out by tcp",
  ]);
  strictEqual(lost[1]?.hop.connectionId, 1);
  loop.close();
});

Deno.test("SipLoop.receive() lets a large request wait for the dial and no other one", async () => {
  let reach: StreamReach = "unknown";
  const { loop, sent, probed, register } = openLoop(() => reach);
  register("udp", "sip:192.0.2.10", "x".repeat(1_200));
  register("udp", "sip:192.0.2.11");
  deepStrictEqual(sent, ["REGISTER sip:192.0.2.11 SIP/2.0 by udp"]);
  strictEqual(probed[0]?.peer.address, "192.0.2.10");
  reach = "open";
  probed[0]?.end();
  await settle();
  strictEqual(sent[1], "REGISTER sip:192.0.2.10 SIP/2.0 by tcp");
  loop.close();
});

Deno.test("SipLoop.receive() sends a large request by UDP when nobody can tell", async () => {
  const { loop, sent, probed, register } = openLoop(() => "unknown");
  register("udp", "sip:192.0.2.10", "x".repeat(1_200));
  for (let round = 0; round < 5; round++) {
    for (const probe of probed.splice(0)) probe.end();
    await settle();
  }
  strictEqual(sent.length, 1);
  match(sent[0] ?? "", /by udp$/);
  loop.close();
});
