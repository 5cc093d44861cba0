import { type DaemonProcess, startProcess } from "../support/daemon_process.ts";
import { findProcessPlace, type ProcessPlace } from "../support/process_place.ts";
import { type LinesIn, writeConfig } from "./directive_bench.ts";

/** A daemon of one test, while it runs. */
export interface OwnDaemon {
  readonly daemon: DaemonProcess;
  readonly place: ProcessPlace;
}

/**
 * Runs a daemon for what is obeyed at the start alone.
 *
 * @param lines its configuration, besides what puts it in its place
 * @param look what is done while it runs
 * @returns what the look gave
 */
export async function withDaemon<Seen>(
  lines: LinesIn,
  look: (own: OwnDaemon) => Promise<Seen> | Seen,
): Promise<Seen> {
  const place = findProcessPlace();
  const daemon = startProcess(["-c", writeConfig(place, lines(place.folder))]);
  try {
    await daemon.said(" started");
    return await look({ daemon, place });
  } finally {
    endQuietly(daemon);
    await daemon.ended;
    place.remove();
  }
}

/** Waits until something is so, and says whether it came to be. */
export async function becomes(
  isSo: () => boolean | Promise<boolean>,
  patienceMs: number,
): Promise<boolean> {
  const endMs = performance.now() + patienceMs;
  while (!await isSo()) {
    if (performance.now() > endMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

/** Whether there is such a file. */
export function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function endQuietly(daemon: DaemonProcess): void {
  try {
    daemon.child.kill("SIGTERM");
  } catch {
    // It has ended by itself.
  }
}
