import type { Config } from "./config.ts";

/**
 * Keeps what is obeyed at the start alone as it was then, so that no half of a module, a file or a socket goes by
 * another configuration than the other half.
 *
 * @param changed what a reload read
 * @param start what the process was started with, its paths placed
 * @returns the configuration that is in force after the reload
 */
export function keepStartOnly(changed: Config, start: Config): Config {
  const { file, maxRegistrations } = start.registrar;
  return {
    ...changed,
    registrar: { ...changed.registrar, file, maxRegistrations },
    daemon: start.daemon,
    firewall: start.firewall,
    rtp: { ...changed.rtp, workers: start.rtp.workers },
    status: start.status,
    metrics: start.metrics,
  };
}
