/** The life of the firewall's table and of a firewall command, without any phone. */

import assert from "node:assert/strict";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { createTopology, type Topology } from "../support/namespace.ts";
import { childrenOf, knocksHeard, ruleset, waitForRules } from "../support/nft.ts";
import { startRouterProxy } from "../support/phone_bench.ts";
import { type ManagedProcess, startProcess } from "../support/process.ts";
import { type Proxy, proxyCommand } from "../support/proxy.ts";

interface FirewallBench {
  readonly topology: Topology;
  readonly proxy: Proxy;
}

const TABLE = /table inet siproxd_\d+ /;

async function setUp(): Promise<FirewallBench> {
  const topology = await createTopology("proxy");
  const directives = { rtp_dscp: 46, firewall_module: "nftables" };
  return { topology, proxy: await startRouterProxy(topology, { name: "firewall", directives }) };
}

async function tearDown({ topology, proxy }: FirewallBench): Promise<void> {
  await proxy.stop();
  await topology.remove();
}

/** Starts the daemon's command with something in front of it; the phones' side must still be served. */
async function startBehind(
  { topology, proxy }: FirewallBench,
  wrapper: readonly string[],
): Promise<ManagedProcess> {
  await proxy.stop();
  const [command = "", ...args] = [...wrapper, ...proxyCommand(), "-c", proxy.configPath];
  const process = startProcess({ name: "wrapped-proxy", namespace: topology.rtr, command, args });
  await process.waitForLog(/siproxd \S+ started/, 20_000);
  return process;
}

/** What the daemon says about its firewall. */
async function firewallLines(process: ManagedProcess): Promise<readonly string[]> {
  return (await process.log()).split("\n").filter((line) => line.includes(":firewall "));
}

const CASES: readonly Case<FirewallBench>[] = [
  {
    name: "the table is there, owned by the daemon",
    timeoutMs: 10_000,
    run: async ({ topology, proxy }) => {
      const rules = await ruleset(topology.rtr);
      assert.match(rules, new RegExp(`table inet siproxd_${proxy.process.pid} \\{ # progname nft`));
      assert.match(rules, /flags owner/);
      assert.match(rules, /elements = \{ 203\.0\.113\.1 \}/);
    },
  },
  {
    name: "an nft that dies is started again, with its table",
    timeoutMs: 20_000,
    run: async ({ topology, proxy }) => {
      const [nft = 0] = await childrenOf(proxy.process.pid);
      Deno.kill(nft, "SIGKILL");
      await proxy.process.waitForLog(/firewall nft runs again, its table is back/, 10_000);
      assert.match(await ruleset(topology.rtr), /udp dport 7070-7089 drop/);
    },
  },
  {
    name: "SIGKILL of the daemon leaves no table",
    timeoutMs: 20_000,
    run: async ({ topology, proxy }) => {
      await proxy.kill();
      await waitForRules(topology.rtr, { pattern: TABLE, until: "gone", timeoutMs: 2000 });
    },
  },
  {
    name: "SIGTERM leaves no table, and takes less than a second",
    timeoutMs: 30_000,
    run: async ({ topology, proxy }) => {
      await proxy.restart();
      assert.match(await ruleset(topology.rtr), TABLE);
      const startedMs = performance.now();
      assert.equal(await proxy.stop(), 0);
      const tookMs = performance.now() - startedMs;
      assert.ok(tookMs < 1000, `${tookMs} ms`);
      assert.doesNotMatch(await ruleset(topology.rtr), TABLE);
    },
  },
  {
    name: "without the right to change the firewall one warning tells how to get it",
    timeoutMs: 30_000,
    run: async (bench) => {
      const drop = ["--reuid", "65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"];
      const process = await startBehind(bench, ["setpriv", ...drop]);
      const lines = await firewallLines(process);
      assert.equal(await process.stop(), 0);
      assert.equal(lines.length, 1, lines.join("\n"));
      assert.match(lines[0] ?? "", /WARNING.*CAP_NET_ADMIN.*nft 'table inet siproxd \{ chain out /);
    },
  },
  {
    name: "with CAP_NET_ADMIN alone an ordinary user has table and marks",
    timeoutMs: 30_000,
    run: async (bench) => {
      const caps = ["--inh-caps=+net_admin", "--ambient-caps=+net_admin"];
      const user = ["--reuid", "65534", "--clear-groups", ...caps, "--no-new-privs"];
      const process = await startBehind(bench, ["setpriv", ...user]);
      const rules = await ruleset(bench.topology.rtr);
      const lines = await firewallLines(process);
      assert.equal(await process.stop(), 0);
      assert.match(rules, TABLE);
      assert.deepEqual(lines, []);
      assert.doesNotMatch(await ruleset(bench.topology.rtr), TABLE);
    },
  },
  {
    name: "without nft one warning tells what to type",
    timeoutMs: 30_000,
    run: async (bench) => {
      const hide = 'mount -t tmpfs none /usr/sbin && exec "$@"';
      const process = await startBehind(bench, ["unshare", "-m", "sh", "-c", hide, "sh"]);
      const lines = await firewallLines(process);
      assert.equal(await process.stop(), 0);
      assert.equal(lines.length, 1, lines.join("\n"));
      assert.match(
        lines[0] ?? "",
        /WARNING.*install nftables.*iptables -t mangle -A OUTPUT -p udp/,
      );
    },
  },
  {
    name: "without the module knocks do reach the media ports",
    timeoutMs: 30_000,
    run: async ({ topology, proxy: guarded }) => {
      await guarded.stop();
      const proxy = await startRouterProxy(topology, { name: "no-firewall" });
      const count = await knocksHeard(proxy, { from: topology.wan2, router: topology.rtr });
      await proxy.stop();
      assert.equal(count, 20);
    },
  },
];

/** The table's life. */
export const FIREWALL_SUITE: Suite = defineSuite({
  name: "firewall",
  setUp,
  tearDown,
  cases: CASES,
});
