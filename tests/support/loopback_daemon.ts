import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/config.ts";
import type { LogEvent } from "../../src/log/log_event.ts";
import type { Crash } from "../../src/shell/files/crash_report.ts";
import { type IsolateModules, OWN_MODULES } from "../../src/shell/supervisor/isolate_kinds.ts";
import type { NetworkSources } from "../../src/shell/supervisor/network_watch.ts";
import { Supervisor } from "../../src/shell/supervisor/supervisor.ts";

/** Media ports of a test's daemon. */
const MEDIA_PORTS = 20;

/** Where the daemon of a test is. */
export interface LoopbackDaemon {
  readonly supervisor: Supervisor;
  /** Its siproxd.conf. */
  readonly lines: readonly string[];
  readonly lan: { readonly hostname: string; readonly port: number };
  readonly wan: { readonly hostname: string; readonly port: number };
  readonly logs: readonly LogEvent[];
  readonly crashes: readonly Crash[];
  /** Why the process had to end. */
  readonly ends: readonly string[];
}

/** How it differs from the plain one. */
export interface LoopbackOptions {
  readonly modules?: Partial<IsolateModules>;
  readonly network?: NetworkSources;
  /** Further lines of siproxd.conf. */
  readonly lines?: readonly string[];
  /** How many media ports; 20 by default. */
  readonly mediaPorts?: number;
  /** Of a machine that is not this one. */
  readonly cores?: number;
}

/** Reads a configuration that must be right. */
export function configOf(lines: readonly string[]): Config {
  const { loaded, issues } = loadConfig({ text: lines.join("\n"), fileName: "test" });
  if (loaded === undefined) throw new Error(JSON.stringify(issues));
  return loaded.config;
}

/** Starts a daemon between 127.11.0.1 (LAN) and 127.21.0.1 (WAN), on ports that are free now. */
export async function startLoopbackDaemon(options: LoopbackOptions = {}): Promise<LoopbackDaemon> {
  const [lan, wan] = ["127.11.0.1", "127.21.0.1"];
  const port = findFreePorts([lan, wan, "127.0.0.1"], 1) ?? 0;
  const { mediaPorts = MEDIA_PORTS } = options;
  const mediaPort = findFreePorts([lan, wan], mediaPorts) ?? 0;
  const logs: LogEvent[] = [];
  const crashes: Crash[] = [];
  const ends: string[] = [];
  const lines = [
    `if_inbound = ${lan}`,
    `if_outbound = ${wan}`,
    `sip_listen_port = ${port}`,
    `rtp_port_low = ${mediaPort}`,
    `rtp_port_high = ${mediaPort + mediaPorts - 1}`,
    ...(options.lines ?? []),
  ];
  const supervisor = new Supervisor({
    config: configOf(lines),
    bindings: [],
    onLog: (event) => logs.push(event),
    onCrash: (crash) => crashes.push(crash),
    onGiveUp: (reason) => ends.push(reason),
    modules: { ...OWN_MODULES, ...options.modules },
    ...(options.network !== undefined && { network: options.network }),
    ...(options.cores !== undefined && { cores: options.cores }),
  });
  const started = await supervisor.start();
  if (!started.ok) {
    await supervisor.stop();
    const said = logs.map(({ text, event }) => text ?? event);
    throw new Error([started.error, ...said].join("; "));
  }
  return {
    supervisor,
    lines,
    lan: { hostname: lan, port },
    wan: { hostname: wan, port },
    logs,
    crashes,
    ends,
  };
}
