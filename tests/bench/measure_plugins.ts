import { stopDaemon } from "./daemon.ts";
import {
  alternate,
  CALL_PHONES,
  CALL_RATE,
  loadRows,
  WARM_SECONDS,
  warmUp,
} from "./measure_sip.ts";
import { tryStart } from "./plan.ts";
import type { Bench } from "./plan.ts";
import type { Findings, Target } from "./report.ts";
import { startSiproxd } from "./siproxd.ts";

/** What five plugins may add to the CPU of a call: a tenth. */
const PLUGIN_TARGET: Target = { of: "ratio", limit: 1.1 };

/** Five plugins that look at every message of a call, two of them changing it; none logs, for a log line costs more than a plugin. */
const PLUGIN_LINES: readonly string[] = [
  "load_plugin = plugin_fix_DTAG.la",
  "plugin_fix_DTAG_networks = 217.0.0.0/13",
  "load_plugin = plugin_shortdial.la",
  "plugin_shortdial_akey = *00",
  "plugin_shortdial_entry = 17474743246",
  "load_plugin = plugin_stripheader.la",
  "plugin_stripheader_remove = User-Agent",
  "load_plugin = plugin_codecfilter.la",
  "plugin_codecfilter_blacklist = G729",
  "load_plugin = plugin_fix_bogus_via.la",
  "plugin_fix_bogus_via_networks = 192.168.0.0/16",
];

/** A tenth is less than what neighbours of the machine add to one round or another: medians of many rounds. */
const ROUNDS_PER_ROUND = 4;

/** Sends calls through siproxd with five plugins and without any in turn, and compares their CPU. */
export async function measurePlugins(bench: Bench): Promise<Findings> {
  const ours = await tryStart(
    bench,
    () => startSiproxd(bench.ours, { name: "with-plugins", lines: PLUGIN_LINES }),
  );
  const anchor = await tryStart(
    bench,
    () => startSiproxd(bench.anchor, { name: "without", lines: [] }),
  );
  const pair = { ours, anchor };
  await warmUp(bench, pair);
  const plan = { ...bench.plan, rounds: bench.plan.rounds * ROUNDS_PER_ROUND };
  const runs = await alternate({ ...bench, plan }, {
    pair,
    load: {
      mode: "calls",
      phones: CALL_PHONES,
      ratePerSecond: CALL_RATE,
      count: CALL_RATE * bench.plan.steadySeconds,
      warm: CALL_RATE * WARM_SECONDS,
    },
  });
  for (const one of [ours, anchor]) if (one !== undefined) await stopDaemon(one.daemon);
  const base = { part: `calls with five plugins, ${CALL_RATE}/s`, anchorName: "no plugins" };
  const rows = loadRows(runs, { base, unit: "call", target: PLUGIN_TARGET });
  return { kind: "rows", rows };
}
