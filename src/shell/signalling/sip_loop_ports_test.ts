import { deepStrictEqual } from "node:assert/strict";
import {
  answerText,
  registerText,
  requestText,
  sdpText,
} from "../../../tests/support/phone_world.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import { settle } from "../../../tests/support/fake_stream.ts";
import { configOf } from "../../../tests/support/loopback_daemon.ts";
import type { Side } from "../../base/socket_address.ts";
import { HostTable } from "../../dns/host_table.ts";
import { Counters } from "../../metrics/counters.ts";
import { createProxyState } from "../../proxy/proxy.ts";
import type { PortPair, RelayCommand } from "../../rtp/relay_command.ts";
import { Journal } from "./journal.ts";
import { createKeyedHash } from "./keyed_hash.ts";
import { LiveEnv } from "./live_env.ts";
import { SipLoop } from "./sip_loop.ts";

const LAN = ip("10.0.0.1");
const WAN = ip("192.0.2.1");
const LISTEN_POINTS = {
  lan: { side: "lan", transport: "udp", local: { address: LAN, port: 5060 } },
  wan: { side: "wan", transport: "udp", local: { address: WAN, port: 5060 } },
} as const;

/** Alice calls a number at her provider. */
function inviteText(number: string): string {
  const uri = `sip:${number}@192.0.2.10`;
  const via = `SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK${number}`;
  const headers = ["Contact: <sip:alice@10.0.0.10:5062>"];
  const body = sdpText("10.0.0.10", 4000);
  return requestText({ uri, callId: `call-${number}`, via, headers, body });
}

function envOf(freePairs: (side: Side) => readonly PortPair[]): LiveEnv {
  const own = { lan: LAN, wan: WAN, advertised: WAN, lanNetworks: [], gateway: undefined };
  return new LiveEnv(own, {
    hosts: new HostTable(),
    freePairs,
    isUnreachable: () => false,
    isMediaExhausted: () => false,
    listenPoints: () => Object.values(LISTEN_POINTS),
    connectionTo: () => undefined,
    streamReach: () => "unknown",
    keyedHash: createKeyedHash("key"),
    randomHex: (digits) => "0".repeat(digits),
  });
}

/** A loop over the real core whose ports come when the test says so. */
function openLoop() {
  const stock: Record<Side, PortPair[]> = { lan: [], wan: [] };
  const woken: (() => void)[] = [];
  const sent: string[] = [];
  const env = envOf((side) => stock[side]);
  const apply = (commands: readonly RelayCommand[]): void => {
    for (const command of commands) {
      if (command.kind !== "open") continue;
      const taken = [command.lanPairId, command.wanPairId];
      stock.lan = stock.lan.filter(({ pairId }) => !taken.includes(pairId));
      stock.wan = stock.wan.filter(({ pairId }) => !taken.includes(pairId));
    }
  };
  const journal = new Journal({ debugLevel: 0, componentLevels: [], post: () => {} });
  const loop = new SipLoop({
    env,
    targets: {
      hosts: new HostTable(),
      state: createProxyState(configOf(["use_srv = 0"])),
      counters: new Counters(),
      journal,
      media: { freePairs: (side) => stock[side], apply },
      send: (data) => sent.push(new TextDecoder().decode(data)),
    },
    now: () => 1_000_000,
    resolveHost: () => Promise.resolve(),
    wantPairs: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      woken.push(resolve);
      return promise;
    },
    probeStream: () => Promise.resolve(),
  });
  /** A pair of each side arrives, and wakes whoever has waited for longest. */
  const supply = (pairId: number): void => {
    stock.lan.push({ pairId, side: "lan", address: LAN, rtpPort: 7070 });
    stock.wan.push({ pairId: pairId + 1, side: "wan", address: WAN, rtpPort: 7070 });
    woken.shift()?.();
  };
  const receive = (text: string, side: Side): void =>
    loop.receive({
      data: new TextEncoder().encode(text),
      source: side === "lan"
        ? { address: ip("10.0.0.10"), port: 5062 }
        : { address: ip("192.0.2.10"), port: 5070 },
      listenPoint: LISTEN_POINTS[side],
      connectionId: undefined,
    });
  const call = (number: string): void => receive(inviteText(number), "lan");
  receive(registerText("alice"), "lan");
  receive(answerText(sent[0] ?? "", "200 OK"), "wan");
  sent.length = 0;
  /** Numbers that INVITEs went out to, in order. */
  const called = (): readonly (string | undefined)[] =>
    sent.map((text) => /^INVITE sip:(\d)@/.exec(text)?.[1]);
  const close = (): void => {
    loop.close();
    journal.flush();
  };
  return { called, supply, call, woken, close };
}

Deno.test("SipLoop.receive() gives ports to the call that waited, not to one that came since", async () => {
  const { called, supply, call, woken, close } = openLoop();
  call("1");
  supply(1);
  call("2");
  await settle();
  deepStrictEqual([called(), woken.length], [["1"], 1]);
  supply(3);
  call("3");
  await settle();
  supply(5);
  await settle();
  deepStrictEqual([called(), woken.length], [["1", "2", "3"], 0]);
  close();
});
