import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import type { Places, Setting } from "../torture/settings.ts";
import { SETTINGS } from "../torture/settings.ts";
import { readTable } from "../torture/table.ts";
import { TortureStage } from "../torture/play_daemon.ts";
import { type LoopbackDaemon, startLoopbackDaemon } from "../support/loopback_daemon.ts";

const { rows } = readTable();

/**
 * What differs where everybody is on loopback: the RFC's Route of mpart01 names 127.0.0.1, where phones may send us here;
 * a name has its port by SRV here, which puts UDP first.
 */
const ONLY_ON_A_NETWORK: ReadonlySet<string> = new Set([
  "mpart01 udp-lan",
  "mpart01 tcp-lan",
  "wsinv tcp-lan",
]);

/** Calls are never ended: each takes its ports for good. */
const MEDIA_PORTS = 160;

interface Bench {
  readonly daemon: LoopbackDaemon;
  readonly stage: TortureStage;
}

async function openBench(): Promise<Bench> {
  const [phone, far] = ["127.11.0.2", "127.21.0.2"];
  const phonePort = findFreePorts([phone], 1) ?? 0;
  const farPort = findFreePorts([far], 1) ?? 0;
  const daemon = await startLoopbackDaemon({
    lines: [`outbound_proxy_host = ${far}`, `outbound_proxy_port = ${farPort}`],
    modules: { signalling: import.meta.resolve("../support/named_signalling_worker.ts") },
    mediaPorts: MEDIA_PORTS,
  });
  const places: Places = {
    lan: `${daemon.lan.hostname}:${daemon.lan.port}`,
    wan: `${daemon.wan.hostname}:${daemon.wan.port}`,
    phone: `${phone}:${phonePort}`,
    far: `${far}:${farPort}`,
  };
  return { daemon, stage: new TortureStage(places) };
}

async function droppedBy(daemon: LoopbackDaemon): Promise<ReadonlyMap<string, number>> {
  const { signalling } = await daemon.supervisor.statistics();
  return signalling?.counters ?? new Map();
}

/** What the counters of dropped messages gained. */
async function lost(
  daemon: LoopbackDaemon,
  before: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  const after = await droppedBy(daemon);
  return [...after].flatMap(([name, count]) => {
    const reason = /^sip_dropped\{(.*)\}$/.exec(name)?.[1];
    return reason !== undefined && count > (before.get(name) ?? 0) ? [`drop ${reason}`] : [];
  });
}

async function playAll(bench: Bench, setting: Setting): Promise<void> {
  const { daemon, stage } = bench;
  for (const { name, outcomes } of rows) {
    const expected = outcomes.get(setting.name) ?? [];
    const leaving = expected.filter((line) => /^(?:answer|forward) /.test(line)).length;
    const drops = expected.filter((line) => line.startsWith("drop "));
    const before = drops.length > 0 ? await droppedBy(daemon) : new Map<string, number>();
    const isPlain = !ONLY_ON_A_NETWORK.has(`${name} ${setting.name}`);
    const outcome = await stage.play(name, { setting, leaving: isPlain ? leaving : 0 });
    const told = drops.length > 0 ? await lost(daemon, before) : [];
    if (isPlain) {
      const seen = expected.filter((line) => !line.startsWith("drop "));
      deepStrictEqual({ outcome, told }, { outcome: seen, told: drops }, `${name} ${setting.name}`);
    }
    strictEqual(await stage.isAlive(), true, `no REGISTER passes after ${name} ${setting.name}`);
  }
}

for (const setting of SETTINGS) {
  Deno.test(`the daemon bears the tortures of RFC 4475 and RFC 5118 by ${setting.name} (R11)`, async () => {
    const bench = await openBench();
    try {
      await bench.stage.register();
      await playAll(bench, setting);
      const { signalling } = await bench.daemon.supervisor.statistics();
      strictEqual(signalling?.counters.get("sip_bug") ?? 0, 0);
      deepStrictEqual(bench.daemon.crashes, []);
    } finally {
      bench.stage.close();
      await bench.daemon.supervisor.stop();
    }
  });
}
