/**
 * `deno task bench [-- rtp|sip|plugins|start|memory] [--quick]`: siproxd beside plain routing, rtpengine
 * (userspace mode) and Kamailio (stateless), the latter from Debian, in network namespaces that the run
 * makes and removes. The subjects take turns round by round, figures are medians (losses and unanswered
 * requests: the worst round), and the acceptance figures stand beside them as "within" or "over". It
 * asserts nothing about time and exits with 0 unless something did not work at all; it needs root, ip,
 * nft, gcc, rtpengine, kamailio, and nobody calls it but the task.
 *
 * How it measures: a load generator in C (compiled into a temporary folder at the start) plays the phones
 * in the LAN namespace and the registrar and far phone in the WAN namespace from one process with one
 * clock. Added delay is from the sender's stamp to the kernel's receive stamp. CPU is the user and system
 * time of all threads of the process under test over the measured part of the load, divided by the packets
 * it relayed or the transactions it carried. For RTP the generator's own time is added ("in all"), because
 * the kernel forwards in the sender's time; so what the kernel relays has its price too. A round in which
 * other work on the machine starved the generator itself is repeated (at most twice, said on stderr); an
 * RTP round in which it still was is left out. Absolute figures swing with the machine and its neighbours:
 * compare within one table only.
 *
 * @module
 */
import { makePresentBinary } from "../support/present_binary.ts";
import { createLab, destroyLab, RUN_PREFIX, sweepDeadRuns } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { compileGenerators } from "./load.ts";
import { measureMemory } from "./measure_memory.ts";
import { measurePlugins } from "./measure_plugins.ts";
import { measureRtp } from "./measure_rtp.ts";
import { measureSip } from "./measure_sip.ts";
import { measureStart } from "./measure_start.ts";
import { FULL_PLAN, QUICK_PLAN } from "./plan.ts";
import type { Bench, Measure } from "./plan.ts";
import { formatTable } from "./report.ts";
import type { Row } from "./report.ts";
import { runQuietly } from "./shell.ts";

const PARTS: Readonly<Record<string, Measure>> = {
  start: measureStart,
  memory: measureMemory,
  rtp: measureRtp,
  sip: measureSip,
  plugins: measurePlugins,
};
const NEEDED_PROGRAMS = ["ip", "nft", "gcc", "rtpengine", "kamailio"] as const;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

async function main(args: readonly string[]): Promise<number> {
  const names = args.filter((word) => !word.startsWith("--"));
  const unknown = args.find((word) => !(word in PARTS) && word !== "--quick" && word !== "--");
  if (unknown !== undefined) {
    console.error(`Cannot run "${unknown}": use ${Object.keys(PARTS).join(", ")}, --quick`);
    return EXIT_USAGE;
  }
  const missing = await missingPrograms();
  if (missing.length > 0) {
    console.error(`Cannot run the bench: install ${missing.join(", ")}`);
    return EXIT_FAILED;
  }
  const broken = await makePresentBinary();
  if (broken !== undefined) {
    console.error(broken);
    return EXIT_FAILED;
  }
  await sweepDeadRuns(temporaryFolder());
  const plan = args.includes("--quick") ? QUICK_PLAN : FULL_PLAN;
  return await runInLabs(names.length > 0 ? names : Object.keys(PARTS), plan);
}

async function runInLabs(names: readonly string[], plan: Bench["plan"]): Promise<number> {
  const folder = await Deno.makeTempDir({ dir: temporaryFolder(), prefix: `${RUN_PREFIX}-` });
  const labs: Lab[] = [];
  const cleanUp = async () => {
    for (const lab of labs) await destroyLab(lab);
    await Deno.remove(folder, { recursive: true });
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => void cleanUp().finally(() => Deno.exit(EXIT_FAILED)));
  }
  try {
    const generators = await compileGenerators(folder);
    const place = async (subject: string) => {
      const lab = await createLab(subject);
      labs.push(lab);
      return { lab, generators };
    };
    const bench = {
      plan,
      ours: await place("a"),
      anchor: await place("b"),
      offloaded: await place("c"),
      direct: await place("d"),
      problems: [],
    };
    return await runParts(bench, names);
  } finally {
    await cleanUp();
  }
}

async function runParts(bench: Bench, names: readonly string[]): Promise<number> {
  const rows: Row[] = [];
  const tables: string[] = [];
  for (const name of names) {
    const findings = await PARTS[name]?.(bench);
    if (findings?.kind === "rows") rows.push(...findings.rows);
    if (findings?.kind === "table") tables.push(findings.text);
  }
  if (rows.length > 0) tables.unshift(formatTable(rows));
  console.log(tables.join("\n\n"));
  for (const problem of new Set(bench.problems)) console.log(`did not work: ${problem}`);
  return bench.problems.length > 0 ? EXIT_FAILED : 0;
}

function temporaryFolder(): string {
  return Deno.env.get("TMPDIR") ?? "/tmp";
}

async function missingPrograms(): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const program of NEEDED_PROGRAMS) {
    const { code } = await runQuietly(["sh", "-c", 'command -v "$0"', program]);
    if (code !== 0) missing.push(program);
  }
  return missing;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
