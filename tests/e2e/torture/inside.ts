/**
 * Plays the tortures of RFC 4475 and RFC 5118 by one setting against a running daemon, inside of its namespace, and
 * writes what differs from fixtures/torture.table as one line of JSON. It starts no daemon. Called by run.ts.
 *
 * @module
 */
import { TortureStage } from "../../torture/play_daemon.ts";
import { type Setting, SETTINGS } from "../../torture/settings.ts";
import { readTable } from "../../torture/table.ts";
import { TORTURE_PLACES } from "./places.ts";

interface Report {
  readonly played: number;
  readonly wrong: readonly string[];
}

async function playAll(stage: TortureStage, setting: Setting): Promise<Report> {
  const wrong: string[] = [];
  const { rows } = readTable();
  for (const { name, outcomes } of rows) {
    const expected = (outcomes.get(setting.name) ?? []).filter((line) => !line.startsWith("drop "));
    const leaving = expected.filter((line) => /^(?:answer|forward) /.test(line)).length;
    const outcome = await stage.play(name, { setting, leaving });
    if (outcome.join("\n") !== expected.join("\n")) wrong.push(`${name}: ${outcome.join(" | ")}`);
    if (!await stage.isAlive()) wrong.push(`${name}: no REGISTER passes any more`);
  }
  return { played: rows.length, wrong };
}

async function main(name: string): Promise<void> {
  const setting = SETTINGS.find((one) => one.name === name);
  if (setting === undefined) throw new Error(`Cannot play "${name}": no such setting`);
  const stage = new TortureStage(TORTURE_PLACES);
  await stage.register();
  console.log(JSON.stringify(await playAll(stage, setting)));
  stage.close();
}

if (import.meta.main) {
  await main(Deno.args[0] ?? "");
  Deno.exit(0);
}
