import { deepStrictEqual, match } from "node:assert/strict";
import { sipText } from "../../cli/demo/sip_text.ts";
import type { HostQuery } from "../../dns/host_query.ts";
import { HostTable } from "../../dns/host_table.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { Counters } from "../../metrics/counters.ts";
import type { ProxyInput } from "../../proxy/input.ts";
import { createProxyState } from "../../proxy/proxy.ts";
import { settle } from "../../../tests/support/fake_stream.ts";
import { configOf } from "../../../tests/support/loopback_daemon.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import { Journal } from "./journal.ts";
import { LiveEnv } from "./live_env.ts";
import { SipLoop } from "./sip_loop.ts";

const LAN = ip("10.0.0.1");
const LISTEN_POINT = {
  side: "lan",
  transport: "udp",
  local: { address: LAN, port: 5060 },
} as const;

/** A loop over the real core; names are answered when the test says so. */
function openLoop(keyedHash: (text: string) => string = () => "0".repeat(32)) {
  const hosts = new HostTable();
  const counters = new Counters();
  const logs: LogEvent[] = [];
  const journal = new Journal({
    debugLevel: 0,
    componentLevels: [],
    post: (batch) => logs.push(...batch.logs),
  });
  const sent: string[] = [];
  const asked: { readonly query: HostQuery; readonly end: () => void }[] = [];
  const own = {
    lan: LAN,
    wan: ip("203.0.113.7"),
    advertised: ip("203.0.113.7"),
    lanNetworks: [],
    gateway: undefined,
  };
  const env = new LiveEnv(own, {
    hosts,
    freePairs: () => [],
    isUnreachable: () => false,
    isMediaExhausted: () => false,
    listenPoints: () => [LISTEN_POINT],
    connectionTo: () => undefined,
    streamReach: () => "unknown",
    keyedHash,
    randomHex: (digits) => "0".repeat(digits),
  });
  const loop = new SipLoop({
    env,
    targets: {
      hosts,
      state: createProxyState(configOf(["use_srv = 0"])),
      counters,
      journal,
      media: { freePairs: () => [], apply: () => {} },
      send: (data, hop) => {
        const [startLine = ""] = new TextDecoder().decode(data).split("\r\n", 1);
        sent.push(`${startLine} to ${hop.peer.address}:${hop.peer.port}`);
      },
    },
    now: () => 1_000_000,
    resolveHost: (query) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      asked.push({ query, end: resolve });
      return promise;
    },
    wantPairs: () => Promise.resolve(),
    probeStream: () => Promise.resolve(),
  });
  return { loop, hosts, counters, journal, logs, sent, asked };
}

function register(domain: string, user = "alice"): ProxyInput {
  const text = sipText(`REGISTER sip:${domain} SIP/2.0`, {
    headers: [
      ["Via", "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1"],
      ["Max-Forwards", "70"],
      ["From", `<sip:${user}@${domain}>;tag=1`],
      ["To", `<sip:${user}@${domain}>`],
      ["Call-ID", `c-${user}-${domain}`],
      ["CSeq", "1 REGISTER"],
      ["Contact", `<sip:${user}@10.0.0.2:5060>`],
    ],
  });
  return {
    data: new TextEncoder().encode(text),
    source: { address: ip("10.0.0.2"), port: 5060 },
    listenPoint: LISTEN_POINT,
    connectionId: undefined,
  };
}

Deno.test("SipLoop.receive() lets a message wait for its name and no other one", async () => {
  const { loop, hosts, sent, asked } = openLoop();
  loop.receive(register("slow.example.org"));
  loop.receive(register("192.0.2.9"));
  deepStrictEqual(sent, ["REGISTER sip:192.0.2.9 SIP/2.0 to 192.0.2.9:5060"]);
  deepStrictEqual(asked.map(({ query }) => query.host), ["slow.example.org"]);
  const [look] = asked;
  if (look === undefined) throw new Error("nothing asked");
  const located = { kind: "addresses", addresses: [ip("192.0.2.5")] } as const;
  hosts.store(look.query, { located, nowMs: 1_000_000 });
  look.end();
  await settle();
  deepStrictEqual(sent[1], "REGISTER sip:slow.example.org SIP/2.0 to 192.0.2.5:5060");
});

Deno.test("SipLoop.receive() answers 504 when a name is never answered", async () => {
  const { loop, sent, asked } = openLoop();
  loop.receive(register("never.example.org"));
  for (let round = 0; round < 5; round++) {
    for (const look of asked.splice(0)) look.end();
    await settle();
  }
  deepStrictEqual(sent.length, 1);
  match(sent[0] ?? "", /^SIP\/2\.0 504 .* to 10\.0\.0\.2:5060$/);
});

Deno.test("SipLoop.receive() does not take a retransmission of a waiting message twice", async () => {
  const { loop, hosts, sent, asked, counters } = openLoop();
  loop.receive(register("slow.example.org"));
  loop.receive(register("slow.example.org"));
  deepStrictEqual(loop.waitingMessages, 1);
  const [look] = asked;
  if (look === undefined) throw new Error("nothing asked");
  const located = { kind: "addresses", addresses: [ip("192.0.2.5")] } as const;
  hosts.store(look.query, { located, nowMs: 1_000_000 });
  look.end();
  await settle();
  deepStrictEqual([sent.length, loop.waitingMessages], [1, 0]);
  deepStrictEqual(counters.snapshot().get("sip_dropped{waiting-retransmission}"), 1);
});

Deno.test("SipLoop.receive() survives a bug of the core, counts it and tells the bytes", () => {
  let broken = true;
  const { loop, counters, journal, logs, sent } = openLoop(() => {
    if (broken) throw new Error("injected");
    return "0".repeat(32);
  });
  loop.receive(register("192.0.2.9"));
  broken = false;
  loop.receive(register("192.0.2.9", "bob"));
  journal.flush();
  deepStrictEqual(counters.snapshot().get("sip_bug"), 1);
  deepStrictEqual(sent, ["REGISTER sip:192.0.2.9 SIP/2.0 to 192.0.2.9:5060"]);
  const bug = logs.find(({ event }) => event === "sip.bug");
  match(bug?.text ?? "", /^Cannot process message: Error: injected .*; bytes 5245474953544552/);
  deepStrictEqual((bug?.text?.split("bytes ")[1] ?? "").length, 512);
});

Deno.test("SipLoop.tick() and mediaExpired() find nothing to do in an empty state", () => {
  const { loop, sent, counters } = openLoop();
  loop.tick();
  loop.mediaExpired(1);
  deepStrictEqual([sent, counters.snapshot().size], [[], 0]);
});
