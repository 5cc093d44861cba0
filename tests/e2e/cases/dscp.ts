/**
 * Marks on the wire, and doors for live streams only.
 *
 * The daemon starts as root in the router and becomes another user; alice is a phone on the LAN, carol
 * one on the Internet.
 *
 * @module
 */
import assert from "node:assert/strict";
import { assertHeardEachOther, countsBefore } from "../support/audio.ts";
import { type Phone, startPhone } from "../support/baresip.ts";
import { type Capture, startCapture } from "../support/capture.ts";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { poll, runCommand, sleep } from "../support/command.ts";
import { startKamailio } from "../support/kamailio.ts";
import { ADDRESSES, createTopology, ROUTER_WAN, type Topology } from "../support/namespace.ts";
import {
  childrenOf,
  knocksHeard,
  openPorts,
  ruleset,
  statusOf,
  waitForRules,
} from "../support/nft.ts";
import { startRouterProxy } from "../support/phone_bench.ts";
import type { ManagedProcess } from "../support/process.ts";
import type { Directives, Proxy } from "../support/proxy.ts";
import { makeDirectory } from "../support/work_directory.ts";

interface DscpBench {
  readonly topology: Topology;
  readonly provider: ManagedProcess;
  readonly proxy: Proxy;
  readonly alice: Phone;
  readonly carol: Phone;
  readonly farCapture: Capture;
  readonly nearCapture: Capture;
  readonly sipCapture: Capture;
}

const TABLE = /table inet siproxd_\d+ /;
const TALK_SECONDS = 3;

/** Six bits of each packet that matches; a packet of the daemon without the mark shows up as another value. */
async function marks(capture: Capture, filter: string): Promise<readonly string[]> {
  const packets = await capture.packets(filter, ["ip.dsfield.dscp"]);
  assert.ok(packets.length > 0, `no packet matches ${filter}`);
  return [...new Set(packets.flatMap((packet) => packet["ip.dsfield.dscp"] ?? []))];
}

async function setUp(): Promise<DscpBench> {
  const topology = await createTopology("proxy");
  const provider = await startKamailio({ namespace: topology.wan, address: ADDRESSES.wan });
  const record = (name: string, where: string, interfaceName: string) =>
    startCapture({ name: `dscp-${name}`, namespace: where, interfaceName });
  const farCapture = await record("far", topology.wan2, "eth0");
  const nearCapture = await record("near", topology.lan1, "eth0");
  const sipCapture = await record("sip", topology.rtr, ROUTER_WAN);
  const proxy = await startRouterProxy(topology, { name: "dscp", directives: await directives() });
  const [alice, carol] = await Promise.all([
    startPhone(phone(topology, "alice")),
    startPhone(phone(topology, "carol")),
  ]);
  for (const one of [alice, carol]) await one.waitRegistered(15_000);
  return { topology, provider, proxy, alice, carol, farCapture, nearCapture, sipCapture };
}

/** Everything on, and a user that may change no firewall. */
async function directives(): Promise<Directives> {
  const folder = await makeDirectory("dscp-user");
  await Deno.chmod(folder, 0o777);
  return {
    user: "nobody",
    rtp_dscp: 46,
    sip_dscp: 24,
    firewall_module: "nftables",
    registration_file: `${folder}/registrations`,
  };
}

function phone(topology: Topology, user: "alice" | "carol"): Parameters<typeof startPhone>[0] {
  const inside = user === "alice";
  return {
    user,
    namespace: inside ? topology.lan1 : topology.wan2,
    address: inside ? ADDRESSES.lan1 : ADDRESSES.wan2,
    sipPort: 5060,
    controlPort: 4444,
    rtpPortLow: 30_000,
    domain: ADDRESSES.wan,
    ...(inside ? { outbound: `${ADDRESSES.rtrLan}:5060` } : {}),
    answer: "auto",
    media: "audio",
  };
}

async function tearDown(bench: DscpBench): Promise<void> {
  for (const one of [bench.alice, bench.carol]) await one.stop();
  await bench.proxy.stop();
  await bench.provider.stop();
  for (const one of [bench.farCapture, bench.nearCapture, bench.sipCapture]) await one.stop();
  await bench.topology.remove();
}

/** Alice calls carol; something is looked at while they talk. */
async function call(bench: DscpBench, meanwhile: () => Promise<void>): Promise<void> {
  const { alice, carol } = bench;
  const before = await countsBefore([alice, carol]);
  carol.forgetEvents();
  await alice.dial(carol.uri);
  await Promise.all([alice.waitFor("CALL_ESTABLISHED"), carol.waitFor("CALL_ESTABLISHED")]);
  await sleep(TALK_SECONDS * 1000);
  await meanwhile();
  await alice.command("hangup");
  await carol.waitFor("CALL_CLOSED");
  await assertHeardEachOther(before, { seconds: TALK_SECONDS });
}

const CASES: readonly Case<DscpBench>[] = [
  {
    name: "without a call no packet from outside reaches a media port",
    timeoutMs: 20_000,
    run: async ({ topology, proxy }) => {
      assert.equal(await knocksHeard(proxy, { from: topology.wan2, router: topology.rtr }), 0);
      assert.deepEqual(openPorts(await ruleset(topology.rtr)), []);
    },
  },
  {
    name: "in a call its two ports are open, audio passes both ways, all others are closed",
    timeoutMs: 30_000,
    run: async (bench) => {
      const { topology, proxy } = bench;
      await call(bench, async () => {
        const [rtp = 0, rtcp, ...more] = openPorts(await ruleset(topology.rtr));
        assert.deepEqual([rtp % 2, rtcp, more], [0, rtp + 1, []]);
        assert.equal(await knocksHeard(proxy, { from: topology.wan2, router: topology.rtr }), 0);
      });
    },
  },
  {
    name: "after the call its ports are closed again",
    timeoutMs: 20_000,
    run: async ({ topology, proxy }) => {
      await waitForRules(topology.rtr, {
        pattern: /203\.0\.113\.1 \. \d+/,
        until: "gone",
        timeoutMs: 3000,
      });
      assert.equal(await knocksHeard(proxy, { from: topology.wan2, router: topology.rtr }), 0);
    },
  },
  {
    name: "status tells both phones' packets of the call",
    timeoutMs: 30_000,
    run: async (bench) => {
      await call(bench, async () => {
        const text = JSON.stringify(await statusOf(bench.proxy, bench.topology.rtr));
        const counts = [...text.matchAll(/"source":"([\d.:]+)","flow":"active","packets":(\d+)/g)];
        assert.deepEqual(
          counts.map(([, source]) => source?.split(":")[0]),
          [ADDRESSES.lan1, ADDRESSES.wan2],
        );
        for (const [, , packets] of counts) assert.ok(Number(packets) > 100, `${packets} packets`);
        assert.match(text, /"direction":"outgoing","phase":"confirmed","phone":"alice@203/);
      });
    },
  },
  {
    name: "somebody else's flush of the ruleset leaves the table, an outsider cannot open a port",
    timeoutMs: 20_000,
    run: async ({ topology }) => {
      const nft = (...args: readonly string[]) =>
        runCommand("ip", ["netns", "exec", topology.rtr, "nft", ...args]);
      assert.equal((await nft("flush", "ruleset")).code, 0);
      const rules = await ruleset(topology.rtr);
      const table = /siproxd_\d+/.exec(rules)?.[0] ?? "";
      assert.match(rules, /udp dport 7070-7089 drop/);
      const added = await nft(`add element inet ${table} live4 { 203.0.113.1 . 7070 }`);
      assert.match(added.stderr, /Operation not permitted/);
    },
  },
  {
    name:
      "RTP has its mark at the far phone and at the near one, SIP at the provider and the phone",
    timeoutMs: 30_000,
    run: async (bench) => {
      for (const one of [bench.farCapture, bench.nearCapture, bench.sipCapture]) await one.stop();
      const media = (host: string) =>
        `ip.src == ${host} && udp.srcport >= 7070 && udp.srcport <= 7089`;
      const sip = (host: string) => `ip.src == ${host} && udp.srcport == 5060`;
      assert.deepEqual(await marks(bench.farCapture, media(ADDRESSES.rtrWan)), ["46"]);
      assert.deepEqual(await marks(bench.nearCapture, media(ADDRESSES.rtrLan)), ["46"]);
      assert.deepEqual(await marks(bench.nearCapture, sip(ADDRESSES.rtrLan)), ["24"]);
      assert.deepEqual(await marks(bench.sipCapture, sip(ADDRESSES.rtrWan)), ["24"]);
    },
  },
  {
    name: "a reload changes the marks",
    timeoutMs: 20_000,
    run: async ({ topology, proxy }) => {
      const text = await Deno.readTextFile(proxy.configPath);
      await Deno.writeTextFile(proxy.configPath, text.replace("rtp_dscp = 46", "rtp_dscp = 34"));
      proxy.process.signal("SIGHUP");
      const wanted = { until: "there", timeoutMs: 5000 } as const;
      await waitForRules(topology.rtr, { pattern: /7070-7089 ip dscp set af41/, ...wanted });
    },
  },
  {
    name: "an nft that dies is not started again by a user who may not, and calls go on",
    timeoutMs: 40_000,
    run: async (bench) => {
      const [nft = 0, ...more] = await childrenOf(bench.proxy.process.pid);
      assert.deepEqual(more, []);
      Deno.kill(nft, "SIGKILL");
      await bench.proxy.process.waitForLog(/firewall Cannot start nft again: /, 10_000);
      assert.doesNotMatch(await ruleset(bench.topology.rtr), TABLE);
      await call(bench, () => Promise.resolve());
    },
  },
  {
    name: "the daemon ends with 0",
    timeoutMs: 10_000,
    run: async ({ proxy }) => assert.equal(await proxy.stop(), 0),
  },
  {
    name: "a firewall command runs for both sides of a call: start, change, stop",
    timeoutMs: 40_000,
    run: async (bench) => {
      const said = await useCommand(bench.proxy);
      await bench.proxy.restart();
      await call(bench, () => Promise.resolve());
      const lines = await poll(async () => {
        const text = await Deno.readTextFile(said);
        return endedCall(text.trim().split("\n"));
      }, { what: "the end of the stream", timeoutMs: 5000 });
      assert.equal(await bench.proxy.stop(), 0);
      const [wan, lan] = [`incoming ${ADDRESSES.rtrWan}`, `outgoing ${ADDRESSES.rtrLan}`];
      assert.deepEqual(lines.toSorted(), [
        `change ${wan} N ${ADDRESSES.wan2} N`,
        `change ${lan} N ${ADDRESSES.lan1} N`,
        `start ${wan} N - N`,
        `start ${lan} N - N`,
        `stop ${wan} N ${ADDRESSES.wan2} N`,
        `stop ${lan} N ${ADDRESSES.lan1} N`,
      ]);
    },
  },
];

/** What was said of the stream that found its peers, once it is over; ports and its number are left out. */
function endedCall(lines: readonly string[]): readonly string[] | undefined {
  const streamOf = (line: string) => line.split(" ").at(-1);
  const peered = lines.find((line) => line.startsWith("change incoming"));
  if (peered === undefined) return undefined;
  const own = lines.filter((line) => streamOf(line) === streamOf(peered));
  if (!own.some((line) => line.startsWith("stop outgoing"))) return undefined;
  return own.map((line) => line.replace(/ \d+$/, "").replace(/ \d+(?= |$)/g, " N"));
}

/** Puts a program in the place of the nftables module; gives the file in which it writes its arguments. */
async function useCommand(proxy: Proxy): Promise<string> {
  const folder = await makeDirectory("firewall-command");
  await Deno.chmod(folder, 0o777);
  const program = `${folder}/door`;
  await Deno.writeTextFile(program, `#!/bin/sh\necho "$*" >>"${folder}/said"\n`);
  await Deno.chmod(program, 0o755);
  const text = await Deno.readTextFile(proxy.configPath);
  const module = `firewall_module = command\nfirewall_command = ${program}`;
  await Deno.writeTextFile(
    proxy.configPath,
    text.replace("firewall_module = nftables", module).replace(/_dscp = \d+/g, "_dscp = 0"),
  );
  return `${folder}/said`;
}

/** Marks and doors. */
export const DSCP_SUITE: Suite = defineSuite({ name: "dscp", setUp, tearDown, cases: CASES });
