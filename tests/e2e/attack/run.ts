/**
 * The attacks: the compiled daemon on the open side of a router, with calls up.
 *
 * Runs all attacks, or those whose name contains the argument; prints one line a figure, with `--table`
 * the table of README.md, and closes with `N passed, N failed`. Called by the task `e2e:attack`.
 *
 * @module
 */
import { sweepDeadRuns } from "../../bench/lab.ts";
import { cleanUp, cleanUpOnSignals } from "../support/cleanup.ts";
import { runCommand, sleep } from "../support/command.ts";
import { missingRequirements } from "../support/requirements.ts";
import { type AttackLab, buildAttackLab } from "./attack_lab.ts";
import { FigureReport } from "./figures.ts";
import { holdConnections } from "./half_open.ts";
import { attackMediaPort, sprayMediaPorts } from "./media_flood.ts";
import { moveProvider } from "./provider_moves.ts";
import { floodRegistrar } from "./register_flood.ts";
import { reflect, scanOpenProxy, scanSilentProxy } from "./scans.ts";
import { attackSipPort } from "./sip_flood.ts";
import { talkWithoutEnd } from "./stream_flood.ts";
import { readmeTable } from "./table.ts";

/** All attacks together; one that takes longer hangs. */
const RUN_TIMEOUT_MS = 280_000;

interface Attack {
  readonly name: string;
  readonly run: (lab: AttackLab, report: FigureReport) => Promise<void>;
}

const ATTACKS: readonly Attack[] = [
  { name: "sip flood WAN", run: (lab, report) => attackSipPort(lab, { side: "wan", report }) },
  { name: "sip flood LAN", run: (lab, report) => attackSipPort(lab, { side: "lan", report }) },
  { name: "media flood", run: attackMediaPort },
  { name: "media spray", run: sprayMediaPorts },
  { name: "half-open TCP", run: holdConnections },
  {
    name: "stream flood of a stranger",
    run: (lab, report) => talkWithoutEnd(lab, { who: "stranger", report }),
  },
  {
    name: "stream flood of a provider",
    run: (lab, report) => talkWithoutEnd(lab, { who: "provider", report }),
  },
  { name: "register flood", run: floodRegistrar },
  { name: "scan, known peers", run: scanSilentProxy },
  { name: "scan, default", run: scanOpenProxy },
  { name: "reflection", run: reflect },
  { name: "provider moves", run: moveProvider },
];

async function runAttacks(filter: string, report: FigureReport): Promise<"done"> {
  const lab = await buildAttackLab();
  for (const attack of ATTACKS.filter(({ name }) => name.includes(filter))) {
    try {
      await attack.run(lab, report);
    } catch (error) {
      report.broken(attack.name, error);
      await lab.stop();
    }
  }
  return "done";
}

async function main(): Promise<number> {
  const missing = await missingRequirements();
  if (missing !== undefined) {
    console.error(missing);
    return 1;
  }
  if ((await runCommand("sh", ["-c", "command -v gcc"])).code !== 0) {
    console.error("Cannot run the attacks: install gcc libc6-dev");
    return 1;
  }
  const report = new FigureReport();
  cleanUpOnSignals();
  await sweepDeadRuns("/tmp");
  let end: "done" | "late" = "late";
  try {
    const late = sleep(RUN_TIMEOUT_MS).then((): "late" => "late");
    const filter = Deno.args.find((word) => !word.startsWith("--")) ?? "";
    end = await Promise.race([runAttacks(filter, report), late]);
  } finally {
    await cleanUp();
  }
  if (end === "late") console.log(`FAIL not done within ${RUN_TIMEOUT_MS} ms`);
  if (Deno.args.includes("--table")) {
    console.log(readmeTable(report.figures, new Date().toISOString().slice(0, 10)));
  }
  console.log(report.summary());
  return end === "done" && report.failed === 0 && report.passed > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
