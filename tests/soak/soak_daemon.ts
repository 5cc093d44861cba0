/** The daemon that the soak watches: the compiled binary on loopback addresses, without root. */

import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import { poll } from "../e2e/support/command.ts";
import { type ManagedProcess, startProcess } from "../e2e/support/process.ts";
import { configurationText, proxyCommand } from "../e2e/support/proxy.ts";
import { makeDirectory } from "../e2e/support/work_directory.ts";
import { readMetrics } from "../traffic/figures.ts";
import type { Place } from "../traffic/sip_port.ts";

/** Own addresses of the soak, so that other tests of the machine are not in the way. */
export const SOAK_HOSTS = {
  lan: "127.53.0.1",
  wan: "127.63.0.1",
  phones: "127.53.0.2",
  far: "127.63.0.2",
} as const;

/** Room for each call's ports, for those that rest after a call, and for a stock. */
const MEDIA_PORTS = 600;

/** Longest start on a busy machine. */
const START_TIMEOUT_MS = 30_000;

/** A running daemon. */
export interface SoakDaemon {
  readonly process: ManagedProcess;
  readonly lan: Place;
  readonly wan: Place;
  readonly metrics: Place;
}

/**
 * What runs: the binary as it is shipped, or the same program from source by a runtime that collects all garbage each time
 * it collects any, so that what is in use is what is needed.
 */
export type SoakProgram = "binary" | "collecting";

const COLLECTING: readonly string[] = [
  Deno.execPath(),
  ...["run", "--no-check", "--no-prompt", "--allow-all", "--unstable-net"],
  ...["--unstable-worker-options", "--v8-flags=--gc-global"],
  new URL("../../mod.ts", import.meta.url).pathname,
];

/** Starts it; it serves when this returns. */
export async function startSoakDaemon(program: SoakProgram): Promise<SoakDaemon> {
  const { lan, wan } = SOAK_HOSTS;
  const [port, metricsPort] = [freePort([lan, wan, "127.0.0.1"]), freePort(["127.0.0.1"])];
  const mediaPort = findFreePorts([lan, wan], MEDIA_PORTS) ?? 40_000;
  const folder = await makeDirectory("soak");
  const path = `${folder}/siproxd.conf`;
  await Deno.writeTextFile(
    path,
    configurationText({
      if_inbound: lan,
      if_outbound: wan,
      sip_listen_port: port,
      rtp_port_low: mediaPort,
      rtp_port_high: mediaPort + MEDIA_PORTS - 1,
      registration_file: `${folder}/registrations`,
      autosave_registrations: 60,
      metrics_listen: metricsPort,
      silence_log: 0,
      daemonize: 0,
    }),
  );
  const [command = "", ...args] = program === "binary" ? proxyCommand() : COLLECTING;
  const process = startProcess({
    name: "soak",
    command,
    args: [...args, "-c", path],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  });
  await process.waitForLog(/ siproxd-\S+ started/, START_TIMEOUT_MS);
  const metrics = { hostname: "127.0.0.1", port: metricsPort };
  // The stock of media ports is filled a moment after SIP is served.
  await poll(async () => {
    const ready = (await readMetrics(metrics)).get('siproxd_rtp_ports_ready{side="wan"}');
    return (ready ?? 0) > 0 ? true : undefined;
  }, { what: "media ports that are ready", timeoutMs: START_TIMEOUT_MS });
  return { process, lan: { hostname: lan, port }, wan: { hostname: wan, port }, metrics };
}

function freePort(hostnames: readonly string[]): number {
  const port = findFreePorts(hostnames, 1);
  if (port === undefined) throw new Error("Cannot start the soak: no port is free");
  return port;
}
