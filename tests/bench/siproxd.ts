/**
 * The product under test: which program it is, its configuration for the lab, its start, and calls set up
 * through it by SIP. It measures nothing. The measure files start it through here.
 *
 * @module
 */
import { startDaemon, untilAnswered } from "./daemon.ts";
import { inNamespace } from "./lab.ts";
import { awaitAnswer, runSipLoad } from "./load.ts";
import { runQuietly } from "./shell.ts";
import { nextRun } from "./subject.ts";
import type { MediaSubject, Place } from "./subject.ts";

/** Calls and registrations are set up gently: setting up is not what is measured. */
const SETUP_CALLS_PER_SECOND = 100;
const SETUP_REGISTRATIONS_PER_SECOND = 500;
/** The generator sends nothing twice; where a busy machine lost something, all is sent again, more slowly. */
const SETUP_SLOWDOWNS = [1, 2, 5] as const;

/**
 * The command that starts siproxd: `SIPROXD_BIN`, else the compiled binary, else the source; undefined
 * where none of them is there.
 */
export function siproxdCommand(configFile: string): readonly string[] | undefined {
  const root = new URL("../../", import.meta.url).pathname;
  const binary = Deno.env.get("SIPROXD_BIN") ?? `${root}dist/siproxd-x86_64`;
  if (exists(binary)) return [binary, "-c", configFile];
  if (!exists(`${root}mod.ts`)) return undefined;
  const flags = ["-A", "--unstable-net", "--unstable-worker-options"];
  return [Deno.execPath(), "run", ...flags, `${root}mod.ts`, "-c", configFile];
}

/** Writes the lab's siproxd.conf, persistence included, and returns its path. */
export async function writeSiproxdConfig(
  folder: string,
  lines: readonly string[] = [],
): Promise<string> {
  const configFile = `${folder}/siproxd.conf`;
  await Deno.writeTextFile(
    configFile,
    `if_inbound = lan0
if_outbound = wan0
sip_listen_port = 5060
daemonize = 0
silence_log = 1
registration_file = ${folder}/registrations
autosave_registrations = 300
rtp_proxy_enable = 1
rtp_port_low = 20000
rtp_port_high = 39999
rtp_timeout = 300
default_expires = 600
${lines.map((line) => `${line}\n`).join("")}`,
  );
  return configFile;
}

/** Tells whether this siproxd takes a line of siproxd.conf. */
export async function knowsDirective(place: Place, line: string): Promise<boolean> {
  const folder = `${place.generators.folder}/checked`;
  await Deno.mkdir(folder, { recursive: true });
  const configFile = await writeSiproxdConfig(folder, [line]);
  const command = siproxdCommand(configFile);
  if (command === undefined) return false;
  const words = [...command.slice(0, -2), "check", configFile];
  const { code } = await runQuietly(inNamespace(place.lab.rtr, words));
  return code === 0;
}

/** How one siproxd of a lab differs from another. */
export interface SiproxdVariant {
  readonly name: string;
  /** Further lines of its siproxd.conf. */
  readonly lines: readonly string[];
}

/** Starts siproxd in the lab and waits for its first answer; undefined where there is no program. */
export async function startSiproxd(
  place: Place,
  variant: SiproxdVariant = { name: "siproxd", lines: [] },
): Promise<MediaSubject | undefined> {
  const { lab, generators } = place;
  const { name, lines } = variant;
  const folder = name === "siproxd" ? generators.folder : `${generators.folder}/${name}`;
  await Deno.mkdir(folder, { recursive: true });
  await removeRegistrations(folder);
  const command = siproxdCommand(await writeSiproxdConfig(folder, lines));
  if (command === undefined) return undefined;
  const logFile = `${folder}/siproxd.log`;
  const daemon = startDaemon({ namespace: lab.rtr, command, logFile });
  const subject = { name, lab, generators, daemon, ...mediaCalls(place) };
  await untilAnswered(daemon, awaitAnswer(place));
  return subject;
}

/** Removes the registrations of an earlier start, so that every start is a fresh one. */
export async function removeRegistrations(folder: string): Promise<void> {
  await Deno.remove(`${folder}/registrations`).catch(() => undefined);
}

function mediaCalls(place: Place): Pick<MediaSubject, "openCalls" | "closeCalls"> {
  let open = { phones: 0, count: 0, run: 0 };
  const closeCalls = async () => {
    await runSipLoad(place, { mode: "hangup", ratePerSecond: SETUP_CALLS_PER_SECOND, ...open });
  };
  return {
    closeCalls,
    async openCalls(count) {
      await register(place, count);
      let came: readonly string[] = [];
      for (const slowdown of SETUP_SLOWDOWNS) {
        open = { phones: count, count, run: nextRun() };
        const ratePerSecond = SETUP_CALLS_PER_SECOND / slowdown;
        came = (await runSipLoad(place, { mode: "setup", ratePerSecond, ...open })).lines;
        if (came.length === count) return came;
        await closeCalls();
      }
      throw new Error(`Cannot set up ${count} calls through siproxd: ${came.length} came up`);
    },
  };
}

async function register(place: Place, count: number): Promise<void> {
  let unanswered = count;
  for (const slowdown of SETUP_SLOWDOWNS) {
    const ratePerSecond = SETUP_REGISTRATIONS_PER_SECOND / slowdown;
    const load = { mode: "register" as const, phones: count, count, ratePerSecond };
    const { figures } = await runSipLoad(place, { ...load, run: nextRun() });
    unanswered = figures.get("unanswered") ?? count;
    if (unanswered === 0) return;
  }
  throw new Error(`Cannot register ${count} phones: ${unanswered} unanswered`);
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
