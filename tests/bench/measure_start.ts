import { kamailioCommand } from "./anchors.ts";
import { withManySockets } from "./lab.ts";
import { measureStart as measureOneStart } from "./load.ts";
import { SIPROXD_ABSENT } from "./plan.ts";
import type { Bench } from "./plan.ts";
import { median } from "./report.ts";
import type { Findings, Row } from "./report.ts";
import { removeRegistrations, siproxdCommand, writeSiproxdConfig } from "./siproxd.ts";
import type { Place } from "./subject.ts";

/** From fork to the first answered OPTIONS, both daemons in turn. */
export async function measureStart(bench: Bench): Promise<Findings> {
  const config = await writeSiproxdConfig(bench.ours.generators.folder);
  const ours = siproxdCommand(config);
  if (ours === undefined) bench.problems.push(SIPROXD_ABSENT);
  const anchor = await kamailioCommand(bench.anchor.generators.folder);
  const times = { ours: new Array<number>(), anchor: new Array<number>() };
  for (let round = 1; round <= bench.plan.starts; round++) {
    console.error(`start: round ${round} of ${bench.plan.starts}`);
    await removeRegistrations(bench.ours.generators.folder);
    if (ours !== undefined) {
      times.ours.push(await startOnce(bench, { place: bench.ours, command: ours }));
    }
    times.anchor.push(await startOnce(bench, { place: bench.anchor, command: anchor }));
  }
  const row: Row = {
    part: "start",
    measure: `to the first answered OPTIONS, ms (median of ${bench.plan.starts})`,
    ours: median(times.ours),
    anchor: median(times.anchor),
    anchorName: "kamailio",
    target: { of: "ours", limit: 300 },
    digits: 0,
  };
  return { kind: "rows", rows: [row] };
}

async function startOnce(
  bench: Bench,
  start: { readonly place: Place; readonly command: readonly string[] },
): Promise<number> {
  try {
    return await measureOneStart(start.place, withManySockets(start.command));
  } catch (error) {
    bench.problems.push(`start of ${start.command[0]}: ${error}`);
    return Number.NaN;
  }
}
