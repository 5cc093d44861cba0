/**
 * The real-time class (sched(7)) for daemon, bare relay and meter: measured is what an attack does to a machine of siproxd's
 * own, not what other programs of this one do meanwhile.
 */

import { runQuietly } from "../../bench/shell.ts";

const DAEMON_PRIORITY = 1;
/**
 * Meter and bare relay stand before the daemon: the one must not be late itself, the other is to show what the machine
 * takes from everybody, and a daemon that keeps all CPUs busy is no excuse for itself.
 */
export const METER_PRIORITY = 2 as const;

/** Wraps a program so that it starts in the real-time class, where that is allowed; gives the path of the wrapper. */
export async function inRealTime(program: string, priority: number): Promise<string> {
  const path = `${program}-punctual`;
  const prefix = `chrt --rr ${priority}`;
  const run = `"${program}" "$@"`;
  const script = `#!/bin/sh\n${prefix} true 2>/dev/null && exec ${prefix} ${run}\nexec ${run}\n`;
  await Deno.writeTextFile(path, script, { mode: 0o755 });
  return path;
}

/** Puts all threads of the daemon into the real-time class; where that is forbidden it is said. */
export async function prefer(pid: number): Promise<void> {
  const words = ["chrt", "--rr", "--all-tasks", "--pid", `${DAEMON_PRIORITY}`, `${pid}`];
  const { code, stderr } = await runQuietly(words);
  if (code !== 0) console.log(`     measured beside all that runs here: ${stderr.trim()}`);
}
