/**
 * The product under test: which program it is, its configuration for the lab, its start, and calls set up
 * through it by SIP. It measures nothing. The measure files start it through here.
 *
 * @module
 */
import { startDaemon, stopDaemon } from "./daemon.ts";
import { awaitAnswer, runSipLoad } from "./load.ts";
import { nextRun } from "./subject.ts";
import type { MediaSubject, Place } from "./subject.ts";

/** Calls and registrations are set up gently: setting up is not what is measured. */
const SETUP_CALLS_PER_SECOND = 100;
const SETUP_REGISTRATIONS_PER_SECOND = 500;

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
  try {
    await awaitAnswer(place);
  } catch (error) {
    await stopDaemon(daemon);
    throw error;
  }
  return subject;
}

/** Removes the registrations of an earlier start, so that every start is a fresh one. */
export async function removeRegistrations(folder: string): Promise<void> {
  await Deno.remove(`${folder}/registrations`).catch(() => undefined);
}

function mediaCalls(place: Place): Pick<MediaSubject, "openCalls" | "closeCalls"> {
  let open = { phones: 0, run: 0 };
  return {
    async openCalls(count) {
      await register(place, count);
      open = { phones: count, run: nextRun() };
      const load = {
        mode: "setup" as const,
        count,
        ratePerSecond: SETUP_CALLS_PER_SECOND,
        ...open,
      };
      const { lines } = await runSipLoad(place, load);
      if (lines.length !== count) {
        throw new Error(`Cannot set up ${count} calls through siproxd: ${lines.length} came up`);
      }
      return lines;
    },
    async closeCalls() {
      const load = {
        mode: "hangup" as const,
        count: open.phones,
        ratePerSecond: SETUP_CALLS_PER_SECOND,
      };
      await runSipLoad(place, { ...load, ...open });
    },
  };
}

async function register(place: Place, count: number): Promise<void> {
  const load = { mode: "register" as const, count, ratePerSecond: SETUP_REGISTRATIONS_PER_SECOND };
  const { figures } = await runSipLoad(place, { ...load, phones: count, run: nextRun() });
  const unanswered = figures.get("unanswered") ?? count;
  if (unanswered > 0) throw new Error(`Cannot register ${count} phones: ${unanswered} unanswered`);
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
