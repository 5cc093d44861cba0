/**
 * Directives whose effect takes another machine to see: marks on the wire, questions to a name server.
 *
 * Each case compares two values; its name is a row of the table of `deno task test:directives`, whose other rows are
 * the tests of tests/directives.
 *
 * @module
 */
import assert from "node:assert/strict";
import { startCapture } from "../support/capture.ts";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { mustRun, sleep } from "../support/command.ts";
import { connect, converse, hangUp, TALK_SECONDS } from "../support/conversation.ts";
import { startNameServer } from "../support/name_server.ts";
import { ADDRESSES, inNamespace, ROUTER_LAN, setNameServer } from "../support/namespace.ts";
import { ruleset } from "../support/nft.ts";
import { MEDIA_TABLE, turnForwardingOn, waitForKernel } from "../support/offload.ts";
import {
  closePhoneBench,
  openPhoneBench,
  type PhoneBench,
  phoneOf,
  type PhonePlan,
} from "../support/phone_bench.ts";

const PHONES: readonly PhonePlan[] = [
  { user: "alice", place: "lan1", answer: "auto", slot: 0 },
  { user: "carol", place: "wan2", answer: "auto", slot: 0 },
];

const CASE_TIMEOUT_MS = 90_000;

/** An address of the LAN that the topology does not have by itself. */
const ROUTER_IPV6 = "fd00:5060::1";

/** Starts the daemon anew with lines over those of its file. */
async function restartWith({ proxy }: PhoneBench, line: string): Promise<void> {
  if (proxy === undefined) throw new Error("these cases are about the daemon");
  const [key = ""] = line.split(" ");
  const text = await Deno.readTextFile(proxy.configPath);
  const others = text.split("\n").filter((one) => one !== "" && !one.startsWith(`${key} `));
  await Deno.writeTextFile(proxy.configPath, [...others, line, ""].join("\n"));
  await proxy.stop();
  await proxy.restart();
}

/** Marks that the far phone and the near one see on the daemon's packets of a call. */
async function marksOfCall(bench: PhoneBench, ports: string): Promise<readonly string[]> {
  const { topology } = bench;
  const [near, far] = await Promise.all([
    startCapture({ name: "near", namespace: topology.lan1, interfaceName: "eth0" }),
    startCapture({ name: "far", namespace: topology.wan2, interfaceName: "eth0" }),
  ]);
  await converse({
    caller: phoneOf(bench, "alice"),
    callee: phoneOf(bench, "carol"),
    hangsUp: "caller",
  });
  await Promise.all([near.stop(), far.stop()]);
  const seen = async (capture: typeof near, host: string) => {
    const filter = `ip.src == ${host} && ${ports}`;
    const packets = await capture.packets(filter, ["ip.dsfield.dscp"]);
    assert.ok(packets.length > 0, `no packet matches ${filter}`);
    return [...new Set(packets.flatMap((packet) => packet["ip.dsfield.dscp"] ?? []))].join();
  };
  return [await seen(near, ADDRESSES.rtrLan), await seen(far, ADDRESSES.rtrWan)];
}

/** The far phone gets SIP from its provider, so its mark is looked for at the near one alone. */
async function sipMark(bench: PhoneBench): Promise<string> {
  const capture = await startCapture({
    name: "sip",
    namespace: bench.topology.lan1,
    interfaceName: "eth0",
  });
  await converse({
    caller: phoneOf(bench, "alice"),
    callee: phoneOf(bench, "carol"),
    hangsUp: "caller",
  });
  await capture.stop();
  const filter = `ip.src == ${ADDRESSES.rtrLan} && udp.srcport == 5060`;
  const packets = await capture.packets(filter, ["ip.dsfield.dscp"]);
  return [...new Set(packets.flatMap((packet) => packet["ip.dsfield.dscp"] ?? []))].join();
}

/** Sends alice's REGISTER for a domain to the daemon. */
async function registerAt({ topology }: PhoneBench, domain: string): Promise<void> {
  const message = [
    `REGISTER sip:${domain} SIP/2.0`,
    `Via: SIP/2.0/UDP ${ADDRESSES.lan1}:9;branch=z9hG4bK${domain};rport`,
    "Max-Forwards: 70",
    `From: <sip:alice@${domain}>;tag=1`,
    `To: <sip:alice@${domain}>`,
    `Call-ID: ${domain}`,
    "CSeq: 1 REGISTER",
    `Contact: <sip:alice@${ADDRESSES.lan1}:9>`,
    "Content-Length: 0",
    "",
    "",
  ].join("\\r\\n");
  const target = `UDP4:${ADDRESSES.rtrLan}:5060`;
  const script = `printf '${message}' | socat -t 0.3 -T 0.3 - ${target}`;
  await mustRun("ip", ["netns", "exec", topology.lan1, "sh", "-c", script]);
}

async function locating(bench: PhoneBench): Promise<void> {
  const { topology } = bench;
  await setNameServer(topology.rtr, ADDRESSES.wan);
  const names = { "located.example": ADDRESSES.wan, "plain.example": ADDRESSES.wan };
  const server = await startNameServer({ namespace: topology.wan, address: ADDRESSES.wan, names });
  try {
    await restartWith(bench, "use_srv = 1");
    await registerAt(bench, "located.example");
    await server.waitForLog(/query\[SRV\] _sip\._udp\.located\.example/, 10_000);
    await restartWith(bench, "use_srv = 0");
    await registerAt(bench, "plain.example");
    await server.waitForLog(/query\[A\] plain\.example/, 10_000);
    assert.doesNotMatch(await server.log(), /query\[(SRV|NAPTR)\] \S*plain\.example/);
  } finally {
    await server.stop();
  }
}

/** Whether SIP is served at the router's IPv6 address of the LAN. */
async function servesIpv6({ topology }: PhoneBench): Promise<boolean> {
  const list = await mustRun("ip", ["netns", "exec", topology.rtr, "ss", "-Hlun"]);
  return list.includes(`[${ROUTER_IPV6}]:5060`);
}

/** What of a call's media the kernel relays while both talk. */
async function inKernel(bench: PhoneBench, wanted: "streams" | "nothing"): Promise<boolean> {
  const { proxy, topology } = bench;
  if (proxy === undefined) throw new Error("these cases are about the daemon");
  const plan = { caller: phoneOf(bench, "alice"), callee: phoneOf(bench, "carol") };
  await connect(plan);
  if (wanted === "streams") await waitForKernel({ router: topology.rtr, proxy }, 1);
  else await sleep(TALK_SECONDS * 1000);
  const isThere = MEDIA_TABLE.test(await ruleset(topology.rtr));
  await hangUp({ ...plan, hangsUp: "caller" });
  return isThere;
}

const CASES: readonly Case<PhoneBench>[] = [
  {
    name: "directive use_srv: 1 → 0 => the name server is asked for the address alone",
    timeoutMs: CASE_TIMEOUT_MS,
    run: locating,
  },
  {
    name: "directive ipv6: fallback → off => SIP is no longer served at the IPv6 address",
    timeoutMs: CASE_TIMEOUT_MS,
    run: async (bench) => {
      await inNamespace(bench.topology.rtr, `addr add ${ROUTER_IPV6}/64 dev ${ROUTER_LAN} nodad`);
      await restartWith(bench, "ipv6 = fallback");
      const before = await servesIpv6(bench);
      await restartWith(bench, "ipv6 = off");
      assert.deepEqual([before, await servesIpv6(bench)], [true, false]);
    },
  },
  {
    name: "directive media_offload: off → nftables => the kernel relays a call's media",
    timeoutMs: CASE_TIMEOUT_MS,
    run: async (bench) => {
      await turnForwardingOn(bench.topology.rtr);
      await restartWith(bench, "media_offload = off");
      const before = await inKernel(bench, "nothing");
      await restartWith(bench, "media_offload = nftables");
      const after = await inKernel(bench, "streams");
      await restartWith(bench, "media_offload = off");
      assert.deepEqual([before, after], [false, true]);
    },
  },
  {
    name: "directive rtp_dscp: 0 → 46 => media have the mark at the near and at the far phone",
    timeoutMs: CASE_TIMEOUT_MS,
    run: async (bench) => {
      const ports = "udp.srcport >= 7070 && udp.srcport <= 7089";
      const before = await marksOfCall(bench, ports);
      await restartWith(bench, "rtp_dscp = 46");
      assert.deepEqual([before, await marksOfCall(bench, ports)], [["0", "0"], ["46", "46"]]);
    },
  },
  {
    name: "directive sip_dscp: 0 → 24 => SIP has the mark at the phone",
    timeoutMs: CASE_TIMEOUT_MS,
    run: async (bench) => {
      const before = await sipMark(bench);
      await restartWith(bench, "sip_dscp = 24");
      assert.deepEqual([before, await sipMark(bench)], ["0", "24"]);
    },
  },
];

/** Effects of directives on the wire. */
export const DIRECTIVE_SUITE: Suite = defineSuite<PhoneBench>({
  name: "directives",
  setUp: async () => {
    const bench = await openPhoneBench({
      name: "directives",
      path: "proxy",
      media: "audio",
      phones: PHONES,
    });
    for (const phone of bench.phones.values()) await phone.waitRegistered(15_000);
    return bench;
  },
  tearDown: closePhoneBench,
  cases: CASES,
});
