import type { Config } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { RegistrationKeeping } from "../files/keep_registrations.ts";
import type { LogSinks } from "../logging/log_sinks.ts";
import type { Operations } from "./operations.ts";
import { missingPermissions } from "../machine/missing_permissions.ts";
import { revokeStartPermissions } from "../machine/permissions.ts";
import { findSipHelper, sipHelperText } from "../machine/sip_helper.ts";
import { startBanner } from "./start_banner.ts";
import { tellReady } from "../machine/start_channel.ts";
import type { Supervisor } from "./supervisor.ts";
import { switchUser } from "../machine/user_switch.ts";

/** What a start is about. */
export interface StartRequest {
  /** Undefined when there was no file. */
  readonly configFile: string | undefined;
  readonly version: string;
  readonly attachment: "attached" | "detached";
}

/** What is started. */
export interface Beginning {
  readonly config: Config;
  readonly supervisor: Supervisor;
  readonly operations: Operations;
  readonly registrations: RegistrationKeeping;
  readonly sinks: LogSinks;
  readonly say: (level: LogEvent["level"], event: string, text: string) => void;
}

/**
 * Starts the service, gives away what only the start needed, and leaves the terminal.
 *
 * @param request how the daemon was started
 * @param beginning its parts
 * @returns the reason when it must not go on
 */
export async function beginDaemon(
  request: StartRequest,
  beginning: Beginning,
): Promise<string | undefined> {
  const { config, supervisor, operations, registrations, say } = beginning;
  for (const text of missingPermissions()) say("info", "daemon.permission", text);
  const [started, helper] = await Promise.all([
    supervisor.start(),
    findSipHelper(),
    operations.firewall.open(),
  ]);
  if (!started.ok) return `${started.error}; aborting`;
  await operations.begin(started.value.view.own);
  if (helper !== undefined) say("warning", "daemon.sip-helper", sipHelperText(helper));
  const { user } = config.daemon;
  const refusal = user === undefined ? undefined : await switchUser(user);
  if (refusal !== undefined) return refusal;
  revokeStartPermissions(operations.firewall.runsPrograms ? "keep" : "give");
  say("info", "daemon.bound", `bound to port ${config.sip.listenPort}`);
  const banner = startBanner({
    config,
    network: started.value,
    configFile: request.configFile,
    persistence: registrations.description,
  });
  for (const line of banner) say("info", "daemon.banner", line);
  await operations.openPorts();
  say("info", "daemon.started", `siproxd-${request.version} started`);
  if (request.attachment === "detached") leaveTerminal(beginning);
  return undefined;
}

function leaveTerminal({ sinks, say }: Beginning): void {
  tellReady();
  sinks.detach();
  say("info", "daemon.detached", `daemonized, pid=${Deno.pid}`);
}
