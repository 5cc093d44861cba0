import { deepEqual, equal, ok } from "node:assert/strict";
import { runCheck } from "../../src/cli/commands/check.ts";
import { loadConfig } from "../../src/config/load.ts";
import { isExample } from "../../src/build/deb/payload.ts";
import { firewallRules, type ScenarioFile, scenarioFiles } from "./scenario_files.ts";

const SCENARIOS = scenarioFiles();

/** A media range in nft's or iptables' words. */
function rangesIn({ text }: ScenarioFile): readonly string[] {
  const comments = text.split("\n").filter((line) => line.startsWith("#")).join("\n");
  return [...comments.matchAll(/\b(\d{4,5})[-:](\d{4,5})\b/g)].map(([range]) =>
    range.replace(":", "-")
  );
}

Deno.test("fixtures/config has the scenarios of the guide and two chained daemons", () => {
  deepEqual(SCENARIOS.map(({ name }) => name), [
    "scenario_behind_router.conf",
    "scenario_chained.conf",
    "scenario_chained_outer.conf",
    "scenario_in_front_of_nat.conf",
    "scenario_pbx_trunk.conf",
    "scenario_standard.conf",
    "scenario_transparent.conf",
  ]);
  equal(SCENARIOS.every(({ name }) => isExample(name)), true);
});

for (const scenario of [...SCENARIOS, { name: "packaged.conf", text: "" }]) {
  const { name } = scenario;
  Deno.test(`siproxd check finds nothing in ${name}`, () => {
    const path = new URL(`../../fixtures/config/${name}`, import.meta.url).pathname;
    const lines: string[] = [];
    const io = { out: (text: string) => lines.push(text), err: (text: string) => lines.push(text) };
    const code = runCheck({ from: { configFile: path, overrides: [] }, output: "text" }, io);
    deepEqual([code, lines], [0, [`${path}: OK\n`]]);
  });
}

for (const scenario of SCENARIOS) {
  const { name, text } = scenario;
  Deno.test(`${name} opens the ports in nftables and iptables that it uses`, () => {
    const { loaded } = loadConfig({ text, fileName: name });
    const rtp = loaded?.config.rtp;
    const ranges = rangesIn(scenario);
    ok(ranges.length >= 2, "one line each for nft and iptables");
    deepEqual([...new Set(ranges)], [`${rtp?.portLow}-${(rtp?.portHigh ?? 0) + 1}`]);
    ok(/^# {3}iptables /m.test(text));
  });
}

Deno.test("firewallRules() finds a line of nft in each scenario", () => {
  deepEqual(firewallRules().filter(({ lines }) => lines.length === 0), []);
});
