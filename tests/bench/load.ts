/**
 * Compiles the C load generators into the run's temporary folder and runs them against one subject. It
 * knows their arguments and figures, not what they are used to show. The measure files call it.
 *
 * @module
 */
import { LAN_HOST, PROXY_LAN, REGISTRAR } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { parseFigures, runCommand } from "./shell.ts";

/** Figures of one run of a generator by name. */
export type Figures = ReadonlyMap<string, number>;

/** The compiled generators. */
export interface Generators {
  readonly folder: string;
  readonly rtp: string;
  readonly sip: string;
  readonly start: string;
}

/** One SIP load. */
export interface SipLoad {
  readonly mode: "register" | "calls" | "setup" | "hangup";
  readonly phones: number;
  readonly count: number;
  readonly ratePerSecond: number;
  readonly warm?: number;
  readonly run: number;
  readonly pids?: readonly number[];
}

/** One RTP load over calls that are already set up. */
export interface RtpLoad {
  readonly calls: readonly string[];
  readonly seconds: number;
  /** Speech in a packet: 20 ms are 50 packets/s. */
  readonly packetMs?: number;
  readonly pids: readonly number[];
}

/** Compiles the generators with gcc; throws with gcc's words when that fails. */
export async function compileGenerators(folder: string): Promise<Generators> {
  const source = new URL("./load/", import.meta.url).pathname;
  const programs = {
    rtp: ["rtp_load.c"],
    sip: ["sip_load.c", "sip_text.c"],
    start: ["start_probe.c"],
  };
  for (const [name, files] of Object.entries(programs)) {
    const paths = [...files, "common.c"].map((file) => source + file);
    await runCommand(["gcc", "-O2", "-Wall", "-o", `${folder}/${name}`, ...paths]);
  }
  return { folder, rtp: `${folder}/rtp`, sip: `${folder}/sip`, start: `${folder}/start` };
}

/** Runs one SIP load; `lines` are the media addresses of the calls of a set-up. */
export async function runSipLoad(
  where: { readonly generators: Generators; readonly lab: Lab },
  load: SipLoad,
): Promise<{ readonly figures: Figures; readonly lines: readonly string[] }> {
  const { stdout, stderr } = await runCommand([
    where.generators.sip,
    `lan=${where.lab.lan}`,
    `wan=${where.lab.wan}`,
    `proxy=${PROXY_LAN}`,
    `registrar=${REGISTRAR}`,
    `mode=${load.mode}`,
    `phones=${load.phones}`,
    `count=${load.count}`,
    `rate=${load.ratePerSecond}`,
    `warm=${load.warm ?? 0}`,
    `run=${load.run}`,
    `pids=${(load.pids ?? []).join(",")}`,
  ]);
  if (stderr !== "") console.error(`  ${load.mode}: ${stderr.trim()}`);
  const lines = stdout.split("\n");
  return {
    figures: parseFigures(lines.filter((line) => !line.startsWith("call ")).join("\n")),
    lines: lines.filter((line) => line.startsWith("call ")).map((line) => line.slice(5)),
  };
}

/** Runs one RTP load: both parties of every call send at an even pace. */
export async function runRtpLoad(
  where: { readonly generators: Generators; readonly lab: Lab },
  load: RtpLoad,
): Promise<Figures> {
  const file = `${where.generators.folder}/calls`;
  await Deno.writeTextFile(file, load.calls.join("\n") + "\n");
  const { stdout } = await runCommand([
    where.generators.rtp,
    `lan=${where.lab.lan}`,
    `wan=${where.lab.wan}`,
    `calls=${file}`,
    `seconds=${load.seconds}`,
    `packet_ms=${load.packetMs ?? 20}`,
    `pids=${load.pids.join(",")}`,
  ]);
  return parseFigures(stdout);
}

/** Waits until the SIP daemon in the lab's router answers an OPTIONS; throws when it never does. */
export async function awaitAnswer(
  where: { readonly generators: Generators; readonly lab: Lab },
): Promise<void> {
  const { generators, lab } = where;
  await runCommand([
    generators.start,
    `lan=${lab.lan}`,
    `phone=${LAN_HOST}`,
    `proxy=${PROXY_LAN}`,
    "timeout=20",
  ]);
}

/** Starts the command in the lab's router and returns the milliseconds to its first answered OPTIONS. */
export async function measureStart(
  where: { readonly generators: Generators; readonly lab: Lab },
  command: readonly string[],
): Promise<number> {
  const { generators, lab } = where;
  const { stdout } = await runCommand([
    generators.start,
    `lan=${lab.lan}`,
    `rtr=${lab.rtr}`,
    `phone=${LAN_HOST}`,
    `proxy=${PROXY_LAN}`,
    `log=${generators.folder}/start.log`,
    "--",
    ...command,
  ]);
  return parseFigures(stdout).get("start_ms") ?? Number.NaN;
}
