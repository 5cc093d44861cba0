/**
 * IPv6 on either side, on both, and IPv4 and IPv6 in one call.
 *
 * The bench is one daemon whose sides have both families, between two providers and phones of either
 * family; who is who is said there.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { poll } from "../support/command.ts";
import { converse } from "../support/conversation.ts";
import { ADDRESSES6 } from "../support/dual_stack.ts";
import { startEcho } from "../support/echo.ts";
import { hostOf } from "../support/ip_text.ts";
import {
  BOTH_PROVIDERS,
  closeIpv6Bench,
  type Ipv6Bench,
  openIpv6Bench,
  phoneOf,
  PHONES,
  planOf,
} from "../support/ipv6_bench.ts";
import { ADDRESSES } from "../support/namespace.ts";
import { statusOf } from "../support/nft.ts";
import { routerDirectives } from "../support/phone_bench.ts";
import { assertRelayed } from "../support/rtp_on_wire.ts";
import { type Directives, probe, type Proxy, startProxy } from "../support/proxy.ts";
import { runSipp } from "../support/sipp.ts";

const CASE_TIMEOUT_MS = 40_000;
/** Longest wait for a registration on a busy machine; it ends early. */
const REGISTER_TIMEOUT_MS = 15_000;
/** Fewer packets than this are no conversation. */
const LEAST_PACKETS = 100;

function callCase(name: string, caller: string, callee: string): Case<Ipv6Bench> {
  return {
    name,
    timeoutMs: CASE_TIMEOUT_MS,
    run: (bench) =>
      converse({
        caller: phoneOf(bench, caller),
        callee: phoneOf(bench, callee),
        hangsUp: caller < callee ? "caller" : "callee",
      }),
  };
}

async function registerAll(bench: Ipv6Bench): Promise<void> {
  for (const phone of bench.phones.values()) await phone.waitRegistered(REGISTER_TIMEOUT_MS);
  const report = JSON.stringify(await statusOf(bench.proxy, bench.topology.rtr));
  for (const [user, { place, family }] of Object.entries(PHONES)) {
    if (place === "wan2") continue;
    const address = hostOf((family === 6 ? ADDRESSES6 : ADDRESSES)[place]);
    const domain = hostOf(planOf(user).provider === 6 ? ADDRESSES6.wan : ADDRESSES.wan);
    assert.ok(report.includes(`"addressOfRecord":"${user}@${domain}"`), `${user} in ${report}`);
    assert.ok(report.includes(`"target":"${address}:`), `${address} in ${report}`);
  }
  const outbound = `"outbound":["${ADDRESSES.rtrWan}","${ADDRESSES6.rtrWan}"]`;
  assert.ok(report.includes(outbound), `${outbound} in ${report}`);
}

async function judgeMedia(bench: Ipv6Bench): Promise<void> {
  const lan = await bench.lanCapture.rtpFlows();
  const wan = await bench.wanCapture.rtpFlows();
  for (const own of [ADDRESSES.rtrLan, ADDRESSES6.rtrLan]) assertRelayed(lan, own);
  for (const own of [ADDRESSES.rtrWan, ADDRESSES6.rtrWan]) assertRelayed(wan, own);
  const router = [ADDRESSES, ADDRESSES6].flatMap(({ rtrLan, rtrWan }) => [rtrLan, rtrWan]);
  const hosts = router.map((address) => `${hostOf(address)}:`);
  const past = [...lan, ...wan].filter(({ from, to }) =>
    !hosts.some((host) => from.startsWith(host) || to.startsWith(host))
  );
  assert.deepEqual(past, []);
}

/** What a peer acts on: topmost Via, Contact and addresses of the session description. */
const ACTED_ON = ["sip.Via", "sip.contact.host", "sdp.connection_info", "sdp.owner"] as const;

/** Who is spoken to by one family is told no address of the other one. */
async function judgeFamilies(bench: Ipv6Bench): Promise<void> {
  const to4 = `sip && ip.src == ${ADDRESSES.rtrWan}`;
  const to6 = `sip && ipv6.src == ${ADDRESSES6.rtrWan}`;
  const packets4 = await bench.wanCapture.packets(to4, ACTED_ON);
  const packets6 = await bench.wanCapture.packets(to6, ACTED_ON);
  assert.ok(packets4.length > 10 && packets6.length > 10, `${packets4.length} ${packets6.length}`);
  const told = (packets: typeof packets4): string =>
    packets.flatMap((packet) =>
      ACTED_ON.flatMap((field) =>
        field === "sip.Via" ? (packet[field] ?? []).slice(0, 1) : packet[field] ?? []
      )
    ).join("\n");
  assert.match(told(packets4), /203\.0\.113\.1/);
  assert.match(told(packets6), /2001:db8:113::1/);
  assert.doesNotMatch(told(packets4), /2001:db8|fd00:|IP6/i);
  assert.doesNotMatch(told(packets6), /203\.0\.113\.|10\.0\.0\.|IP4|fd00:/);
}

async function judgeBanner(bench: Ipv6Bench): Promise<void> {
  const log = await bench.proxy.log();
  for (
    const text of [
      `Listening on ${hostOf(ADDRESSES6.rtrWan)}:5060/udp (wan)`,
      `Listening on ${hostOf(ADDRESSES6.rtrLan)}:5060/tcp (lan)`,
      `outbound proxy ${ADDRESSES.rtrLan} or ${hostOf(ADDRESSES6.rtrLan)}, port 5060`,
      "Firewall, ip6tables: ip6tables -I INPUT",
    ]
  ) assert.ok(log.includes(text), `${text} in ${log}`);
  assert.doesNotMatch(log, /Uncaught|TypeError|ReferenceError|RangeError/);
}

/** A SIPp user by IPv6 at the IPv4 provider moves its audio, holds with `::` and resumes. */
async function moveMedia(bench: Ipv6Bench): Promise<void> {
  const [a, b] = [40_000, 40_010];
  const namespace = bench.topology.lan2;
  const echo = await startEcho(namespace, { address: ADDRESSES6.lan2, ports: [a, b] });
  const dave = phoneOf(bench, "dave");
  const calls = await dave.callsCounted("audio");
  const options = {
    namespace,
    address: ADDRESSES6.lan2,
    port: 5070,
    target: `${hostOf(ADDRESSES6.rtrLan)}:5060`,
    user: "judy",
    keys: { domain: ADDRESSES.wan, callee: "dave", media_a: `${a}`, media_b: `${b}` },
    timeoutSeconds: 30,
  };
  try {
    await runSipp({ ...options, scenario: "register" });
    await runSipp({ ...options, scenario: "uac_reinvite" });
    const echoed = [await echo.received(a), await echo.received(b)];
    const { received } = await dave.rtpCounts("audio", calls + 1);
    const [first = 0, second = 0] = echoed;
    assert.ok(first > LEAST_PACKETS / 2 && second > LEAST_PACKETS, `${echoed} packets by IPv6`);
    const text = `dave got ${received} of ${first + second} packets back`;
    assert.ok(received > (first + second) * 0.8, text);
  } finally {
    await echo.stop();
  }
}

/** A second daemon beside the first one. */
interface SecondDaemon {
  readonly name: string;
  readonly directives: Directives;
  /** By which it is reached from inside. */
  readonly family: 4 | 6;
}

const SECOND_PORT = 5074;

async function withSecond(
  bench: Ipv6Bench,
  job: { readonly second: SecondDaemon; readonly judge: (proxy: Proxy) => Promise<void> },
): Promise<void> {
  const { second, judge } = job;
  const common = await routerDirectives(second.name);
  const address = (second.family === 6 ? ADDRESSES6 : ADDRESSES).rtrLan;
  const proxy = await startProxy({
    name: second.name,
    namespace: bench.topology.rtr,
    directives: {
      ...common,
      ...second.directives,
      sip_listen_port: SECOND_PORT,
      rtp_proxy_enable: 0,
    },
    probe: { namespace: bench.topology.lan1, address, port: SECOND_PORT },
  });
  try {
    await judge(proxy);
  } finally {
    await proxy.stop();
  }
}

/** It answers OPTIONS where it should, and nowhere else. */
function choiceCase(name: string, second: SecondDaemon): Case<Ipv6Bench> {
  const { rtrLan: address } = second.family === 6 ? ADDRESSES : ADDRESSES6;
  return {
    name,
    timeoutMs: CASE_TIMEOUT_MS,
    run: (bench) =>
      withSecond(bench, {
        second,
        judge: async () => {
          const other = { namespace: bench.topology.lan1, address, port: SECOND_PORT };
          assert.equal(await probe(other), false, `${address} answers`);
        },
      }),
  };
}

/** A phone registers at a name that has both families; the registration tells which server took it. */
function serverCase(
  name: string,
  second: SecondDaemon & { readonly server: string },
): Case<Ipv6Bench> {
  return {
    name,
    timeoutMs: CASE_TIMEOUT_MS,
    run: (bench: Ipv6Bench) =>
      withSecond(bench, {
        second,
        judge: async (proxy) => {
          const { topology } = bench;
          await runSipp({
            scenario: "register",
            namespace: topology.lan1,
            address: ADDRESSES.lan1,
            port: 5080,
            target: `${ADDRESSES.rtrLan}:${SECOND_PORT}`,
            user: "grace",
            keys: { domain: BOTH_PROVIDERS, callee: "grace", media_a: "9", media_b: "9" },
            timeoutSeconds: 30,
          });
          const registrar = `"registrar":"${hostOf(second.server)}:5060"`;
          await poll(async () => {
            const report = JSON.stringify(await statusOf(proxy, topology.rtr));
            return report.includes(registrar) ? true : undefined;
          }, { what: registrar, timeoutMs: 10_000 });
        },
      }),
  };
}

/** The registrations are read again, so the phones are called before they register anew. */
async function restart(bench: Ipv6Bench): Promise<void> {
  assert.equal(await bench.proxy.stop(), 0);
  await bench.proxy.restart();
  const caller = phoneOf(bench, "carol");
  await converse({ caller, callee: phoneOf(bench, "alice"), hangsUp: "caller" });
}

const CASES: readonly Case<Ipv6Bench>[] = [
  { name: "phones of both families register", timeoutMs: CASE_TIMEOUT_MS * 2, run: registerAll },
  callCase("IPv4 phone, IPv6 provider: outgoing call, audio both ways", "alice", "carol"),
  callCase("IPv4 phone, IPv6 provider: incoming call, audio both ways", "carol", "alice"),
  callCase("IPv6 phone, IPv4 provider: outgoing call, audio both ways", "bob", "dave"),
  callCase("IPv6 phone, IPv4 provider: incoming call, audio both ways", "dave", "bob"),
  callCase("IPv6 on both sides, phone over TCP: outgoing call, audio both ways", "erin", "carol"),
  callCase("IPv6 on both sides, phone over TCP: incoming call, audio both ways", "carol", "erin"),
  callCase("IPv4 on both sides: outgoing call, audio both ways", "frank", "dave"),
  callCase("IPv6 phone calls IPv4 phone through the IPv4 provider", "bob", "frank"),
  {
    name: "re-INVITE by IPv6 with a new media port, hold with ::, resume",
    timeoutMs: CASE_TIMEOUT_MS,
    run: moveMedia,
  },
  { name: "every side's media by its own family", timeoutMs: CASE_TIMEOUT_MS, run: judgeMedia },
  { name: "nobody is told the other family", timeoutMs: CASE_TIMEOUT_MS, run: judgeFamilies },
  { name: "log and start lines tell both families", timeoutMs: CASE_TIMEOUT_MS, run: judgeBanner },
  choiceCase("ipv6 = off serves IPv4 alone", {
    name: "ipv6-off",
    directives: { ipv6: "off" },
    family: 4,
  }),
  choiceCase("IPv6 addresses in place of names serve IPv6 alone", {
    name: "ipv6-alone",
    directives: { if_inbound: ADDRESSES6.rtrLan, if_outbound: ADDRESSES6.rtrWan },
    family: 6,
  }),
  serverCase("a server with both families is taken by IPv4", {
    name: "ipv6-fallback",
    directives: {},
    family: 4,
    server: ADDRESSES.wan,
  }),
  serverCase("a server with both families is taken by IPv6 with ipv6 = prefer", {
    name: "ipv6-prefer",
    directives: { ipv6: "prefer" },
    family: 4,
    server: ADDRESSES6.wan,
  }),
  serverCase("a server with both families is taken by the one that the Internet side has", {
    name: "ipv6-outside",
    directives: { if_outbound: ADDRESSES6.rtrWan },
    family: 4,
    server: ADDRESSES6.wan,
  }),
  {
    name: "an IPv6 registration survives a restart",
    timeoutMs: CASE_TIMEOUT_MS * 2,
    run: restart,
  },
];

/** IPv6, and IPv4 and IPv6 in one call. */
export const IPV6_SUITE: Suite = defineSuite({
  name: "ipv6",
  setUp: openIpv6Bench,
  tearDown: closeIpv6Bench,
  cases: CASES,
});
