/**
 * The daemon as a process: log, isolates, registration file, pid file, user, signals, exit code.
 * It parses no command line and no SIP. The command `siproxd` without a sub-command calls it.
 *
 * @module
 */
import type { LoadedConfig, Override } from "../config/load.ts";
import type { LogEvent } from "../log/log_event.ts";
import type { LogFront } from "../log/log_front.ts";
import { keepRegistrations, type RegistrationKeeping } from "./keep_registrations.ts";
import { openLog } from "./log_sinks.ts";
import { revokeStartPermissions } from "./permissions.ts";
import { removePidFile, writePidFile } from "./pid_file.ts";
import { handleSignals } from "./signals.ts";
import { startBanner } from "./start_banner.ts";
import { memoryLines, statisticsLines } from "./statistics_lines.ts";
import { Supervisor } from "./supervisor.ts";
import { switchUser } from "./user_switch.ts";

/** Period in which the log says how much it left out. */
const LOG_FLUSH_INTERVAL_MS = 5000;

/** What the daemon is started with. */
export interface DaemonRequest {
  readonly loaded: LoadedConfig;
  /** Undefined when there was no file. */
  readonly configFile: string | undefined;
  /** Settings of the command line, for a later reload. */
  readonly overrides: readonly Override[];
  readonly version: string;
}

/**
 * Runs the daemon until a signal ends it.
 *
 * @param request configuration and where it came from
 * @returns the exit code: 0 after an orderly end, 1 when it could not start or go on
 */
export async function runDaemon(request: DaemonRequest): Promise<number> {
  const { config } = request.loaded;
  const front = openLog({ config: config.log });
  const say = sayer(front);
  say(
    "info",
    "daemon.starting",
    `siproxd-${request.version} deno-${Deno.version.deno} ${Deno.build.target} starting up`,
  );
  const ended = Promise.withResolvers<number>();
  const registrations = await keepRegistrations(config, {
    hasConfigFile: request.configFile !== undefined,
    onLog: front.write,
  });
  const supervisor = new Supervisor({
    config,
    bindings: registrations.restored,
    onLog: front.write,
    onJournal: (batch) => registrations.follow(batch),
    onGiveUp: (reason) => {
      say("error", "daemon.giving-up", reason);
      ended.resolve(1);
    },
  });
  const stopSignals = handleSignals({
    onStop: () => ended.resolve(0),
    onReload: () =>
      say("info", "daemon.reload", "SIGHUP: reload is not available, nothing changed"),
    onStatistics: () => void tellStatistics(supervisor, front),
    onMemory: () => void tellMemory(supervisor, front),
  });
  const pidFile = config.daemon.pidFile;
  const failure = await begin({ request, supervisor, registrations, front });
  if (failure !== undefined) say("error", "daemon.failed", failure);
  const flushing = setInterval(() => front.flush(), LOG_FLUSH_INTERVAL_MS);
  const exitCode = failure === undefined ? await ended.promise : 1;
  clearInterval(flushing);
  await supervisor.stop();
  await registrations.close();
  if (pidFile !== undefined && failure === undefined) tell(say, removePidFile(pidFile));
  if (failure === undefined) say("info", "daemon.ended", "properly terminating siproxd");
  stopSignals();
  front.flush();
  return exitCode;
}

interface Beginning {
  readonly request: DaemonRequest;
  readonly supervisor: Supervisor;
  readonly registrations: RegistrationKeeping;
  readonly front: LogFront;
}

/** Starts the service, then gives away what only the start needed; ends with the reason when it must not go on. */
async function begin(beginning: Beginning): Promise<string | undefined> {
  const { request, supervisor, registrations, front } = beginning;
  const { config } = request.loaded;
  const say = sayer(front);
  const started = await supervisor.start();
  if (!started.ok) return `${started.error}; aborting`;
  const { pidFile, user, daemonize } = config.daemon;
  if (daemonize) say("warning", "daemon.foreground", "daemonize = 1: staying in the foreground");
  if (pidFile !== undefined) tell(say, writePidFile(pidFile));
  const refusal = user === undefined ? undefined : await switchUser(user);
  if (refusal !== undefined) return refusal;
  revokeStartPermissions();
  say("info", "daemon.bound", `bound to port ${config.sip.listenPort}`);
  const banner = startBanner({
    config,
    network: started.value,
    configFile: request.configFile,
    persistence: registrations.description,
  });
  for (const line of banner) say("info", "daemon.banner", line);
  say("info", "daemon.started", `siproxd-${request.version} started`);
  return undefined;
}

type Say = (level: LogEvent["level"], event: string, text: string) => void;

function sayer(front: LogFront): Say {
  return (level, event, text) => front.write({ level, component: "siproxd", event, text });
}

function tell(say: Say, problem: string | undefined): void {
  if (problem !== undefined) say("warning", "daemon.pid-file", problem);
}

async function tellStatistics(supervisor: Supervisor, front: LogFront): Promise<void> {
  for (const text of statisticsLines(await supervisor.statistics())) {
    sayer(front)("info", "daemon.statistics", text);
  }
}

async function tellMemory(supervisor: Supervisor, front: LogFront): Promise<void> {
  for (const text of memoryLines(Deno.memoryUsage(), await supervisor.statistics())) {
    sayer(front)("info", "daemon.memory", text);
  }
}
