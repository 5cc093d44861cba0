/**
 * The daemon as a process: log, isolates, registration file, pid file, user, signals, exit code.
 * It parses no command line and no SIP. The command `siproxd` without a sub-command calls it.
 *
 * @module
 */
import { DEBUG_CLASS_BITS } from "../../base/debug_class.ts";
import type { Config } from "../../config/config.ts";
import { describeText } from "../../config/describe.ts";
import { keepStartOnly } from "../../config/keep_start_only.ts";
import type { LoadedConfig } from "../../config/load.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { beginDaemon } from "./begin_daemon.ts";
import { CrashWatch } from "../files/crash_watch.ts";
import { hearBugs } from "../hear_bugs.ts";
import { placeInJail } from "../files/jail_path.ts";
import { keepRegistrations, type RegistrationKeeping } from "../files/keep_registrations.ts";
import { LogSinks } from "../logging/log_sinks.ts";
import { holdPidFiles, type PidFiles } from "../files/pid_files.ts";
import { Reloader, type Reread } from "./reloader.ts";
import { handleSignals } from "../machine/signals.ts";
import { Operations } from "./operations.ts";
import { PARENT_TERMINAL } from "../machine/start_channel.ts";
import { memoryLines, statisticsLines } from "../operator/statistics_lines.ts";
import { Supervisor } from "./supervisor.ts";
import { isRoot } from "../machine/user_switch.ts";

/** Period in which the log says how much it left out. */
const LOG_FLUSH_INTERVAL_MS = 5000;

/** What the daemon is started with. */
export interface DaemonRequest {
  readonly loaded: LoadedConfig;
  /** Undefined when there was no file. */
  readonly configFile: string | undefined;
  /** Reads the file and the settings of the command line again, for a reload. */
  readonly reread: () => Reread;
  readonly version: string;
  /** `detached`: a first process waits for our word and shows what the start says. */
  readonly attachment: "attached" | "detached";
}

/** Says something in the daemon's own name. */
export type Say = (level: LogEvent["level"], event: string, text: string) => void;

/**
 * Runs the daemon until a signal ends it.
 *
 * @param request configuration and where it came from
 * @returns the exit code: 0 after an orderly end, 1 when it could not start or go on
 */
export async function runDaemon(request: DaemonRequest): Promise<number> {
  const sinks = openSinks(request);
  const say: Say = (level, event, text) =>
    sinks.write({ level, component: "siproxd", event, text });
  const problems = await sinks.open();
  say("info", "daemon.starting", `${startText(request)} starting up`);
  problems.forEach(sinks.write);
  const exitCode = await runPlaced(request, { sinks, say });
  await sinks.close();
  return exitCode;
}

interface Voice {
  readonly sinks: LogSinks;
  readonly say: Say;
}

/** Finds the daemon's places in the file system, and runs it when they are free. */
async function runPlaced(request: DaemonRequest, voice: Voice): Promise<number> {
  const { say } = voice;
  const placed = placeInJail(request.loaded.config, isRoot() ? "root" : "other");
  if (!placed.ok) {
    say("error", "daemon.failed", `${placed.error}; aborting`);
    return 1;
  }
  const { config, note, outerPidFile } = placed.value;
  if (note !== undefined) say("warning", "daemon.jail", note);
  const pidFiles = holdPidFiles([outerPidFile, config.daemon.pidFile], say);
  if (pidFiles === undefined) return 1;
  return await serve(request, { ...voice, config, pidFiles });
}

interface Place extends Voice {
  /** With the file names of the machine. */
  readonly config: Config;
  readonly pidFiles: PidFiles;
}

/** What a running daemon is made of. */
interface Parts {
  readonly registrations: RegistrationKeeping;
  readonly crashes: CrashWatch;
  readonly supervisor: Supervisor;
  readonly operations: Operations;
  readonly reloader: Reloader;
}

async function serve(request: DaemonRequest, place: Place): Promise<number> {
  const { sinks, say, pidFiles } = place;
  const ended = Promise.withResolvers<number>();
  const parts = await connectParts(request, { ...place, end: ended.resolve });
  const { registrations, supervisor, operations } = parts;
  const life = { isUp: false };
  const stopListening = listen(parts, { say, life, end: ended.resolve });
  const failure = await beginDaemon(request, { ...place, ...parts });
  if (failure !== undefined) say("error", "daemon.failed", failure);
  life.isUp = failure === undefined;
  const flushing = setInterval(sinks.flush, LOG_FLUSH_INTERVAL_MS);
  const exitCode = life.isUp ? await ended.promise : 1;
  clearInterval(flushing);
  await Promise.all([supervisor.stop(), operations.close()]);
  await registrations.close();
  pidFiles.remove();
  if (life.isUp) say("info", "daemon.ended", "properly terminating siproxd");
  stopListening();
  return exitCode;
}

async function connectParts(
  request: DaemonRequest,
  place: Place & { readonly end: (exitCode: number) => void },
): Promise<Parts> {
  const { config, sinks, say, end } = place;
  const registrations = await keepRegistrations(config, {
    hasConfigFile: request.configFile !== undefined,
    onLog: sinks.write,
  });
  const crashes = new CrashWatch({
    folder: registrations.folder,
    recent: () => sinks.recent(),
    configuration: (): string => describeText(reloader.loaded),
    onLog: sinks.write,
  });
  const operations = new Operations({
    config,
    version: request.version,
    source: () => supervisor,
    onLog: sinks.write,
  });
  const write = (event: LogEvent) => {
    operations.note(event);
    sinks.write(event);
  };
  const supervisor: Supervisor = new Supervisor({
    config,
    bindings: registrations.restored,
    onLog: (event) => {
      write(event);
      // A bug that was caught is one all the same.
      if (event.event !== "sip.bug") return;
      crashes.note({ where: "signalling", stack: event.text ?? event.event });
    },
    onJournal: (batch) => {
      operations.follow(batch);
      registrations.follow(batch);
    },
    onStream: (event) => operations.firewall.hear(event),
    onNetwork: (own) => void operations.moveTo(own),
    onCrash: crashes.note,
    onGiveUp: (reason) => {
      say("error", "daemon.giving-up", reason);
      end(1);
    },
  });
  const reloader = new Reloader({
    loaded: request.loaded,
    reread: request.reread,
    obey: async (read) => {
      const changed = keepStartOnly(read, config);
      const obeyed = await supervisor.reload(changed);
      if (!obeyed.ok) return obeyed;
      await sinks.follow(changed.log);
      await operations.firewall.follow(changed);
      registrations.retime(changed.registrar);
      return obeyed;
    },
    onLog: write,
  });
  return { registrations, crashes, supervisor, operations, reloader };
}

/** Hears signals, and bugs of the supervisor itself; gives the function that ends it. */
function listen(
  { crashes, supervisor, operations, reloader }: Parts,
  to: {
    readonly say: Say;
    /** A start that is not over takes no reload. */
    readonly life: { readonly isUp: boolean };
    readonly end: (exitCode: number) => void;
  },
): () => void {
  const { say, life, end } = to;
  const stopHearing = hearBugs(globalThis, (stack) => {
    crashes.note({ where: "supervisor", stack });
    say("error", "daemon.bug", `Cannot go on: ${stack.split("\n", 1)[0]}`);
    end(1);
    return "keep";
  });
  const stopSignals = handleSignals({
    onStop: () => end(0),
    onReload: () => {
      if (life.isUp) void reloader.request();
    },
    onStatistics: () => {
      supervisor.tellPluginStatistics();
      void tellStatistics(operations, say);
    },
    onMemory: () => void tellMemory(supervisor, say),
  });
  return () => {
    stopSignals();
    stopHearing();
  };
}

function openSinks(request: DaemonRequest): LogSinks {
  const { log } = request.loaded.config;
  const names = Object.entries(DEBUG_CLASS_BITS).filter(([, bit]) => (log.debugLevel & bit) !== 0)
    .map(([name]) => name);
  return new LogSinks({
    config: log,
    ...(request.attachment === "detached" && { terminal: PARENT_TERMINAL }),
    greeting: () => [
      startText(request),
      `debug pattern 0x${log.debugLevel.toString(16)} ${names.join(",")}`.trimEnd(),
    ],
  });
}

function startText({ version }: DaemonRequest): string {
  return `siproxd-${version} deno-${Deno.version.deno} ${Deno.build.target}`;
}

async function tellStatistics(operations: Operations, say: Say): Promise<void> {
  for (const text of statisticsLines(await operations.statistics())) {
    say("info", "daemon.statistics", text);
  }
}

async function tellMemory(supervisor: Supervisor, say: Say): Promise<void> {
  for (const text of memoryLines(Deno.memoryUsage(), await supervisor.statistics())) {
    say("info", "daemon.memory", text);
  }
}
