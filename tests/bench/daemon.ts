/**
 * Starts, watches and stops one process under test. It measures only what /proc tells about it: process
 * ids and resident memory (CPU time is read by the load generator, at the edges of its own load). The
 * subjects call it.
 *
 * @module
 */
import { inNamespace } from "./lab.ts";
import { pause } from "./shell.ts";

/** How long a daemon may take to end after SIGTERM before it is killed. */
const STOP_TIMEOUT_MS = 5_000;

/** A running process under test. */
export interface Daemon {
  readonly pid: number;
  readonly child: Deno.ChildProcess;
  readonly logFile: string;
}

/** What to start. */
export interface DaemonOptions {
  readonly namespace: string;
  readonly command: readonly string[];
  readonly logFile: string;
}

/** Starts the command in its namespace, its output in the log file. */
export function startDaemon(options: DaemonOptions): Daemon {
  const { namespace, command, logFile } = options;
  // The shell only points the output at the log file and is then replaced: the process id stays.
  const words = ["sh", "-c", 'exec "$@" >>"$0" 2>&1', logFile, ...inNamespace(namespace, command)];
  const [program, ...args] = words;
  const child = new Deno.Command(program ?? "sh", {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return { pid: child.pid, child, logFile };
}

/** Ends the daemon: SIGTERM, then SIGKILL for it and for whatever it started. */
export async function stopDaemon(daemon: Daemon): Promise<void> {
  const tree = processTree(daemon.pid);
  kill(daemon.pid, "SIGTERM");
  const ended = await Promise.race([daemon.child.status, pause(STOP_TIMEOUT_MS)]);
  if (ended === undefined) { for (const pid of tree) kill(pid, "SIGKILL"); }
  await daemon.child.status;
}

/** The process and all its descendants. */
export function processTree(pid: number): readonly number[] {
  const found = [pid];
  for (const parent of found) found.push(...childrenOf(parent));
  return found;
}

/** Resident memory of the process and its descendants, in MB (10^6 bytes). */
export function residentMegabytes(pid: number): number {
  let kilobytes = 0;
  for (const one of processTree(pid)) {
    const line = /^VmRSS:\s+(\d+) kB/m.exec(readText(`/proc/${one}/status`));
    kilobytes += Number(line?.[1] ?? 0);
  }
  return kilobytes * 1024 / 1e6;
}

/**
 * Waits until a started daemon has answered; throws with the end of its log when it ends before or never
 * answers, having stopped it.
 */
export async function untilAnswered(daemon: Daemon, answer: Promise<unknown>): Promise<void> {
  const answered = answer.then(() => "answered");
  const ended = daemon.child.status.then(({ code }) => `ended with exit code ${code}`);
  const outcome = await Promise.race([answered, ended]).catch(String);
  if (outcome === "answered") return;
  await stopDaemon(daemon);
  throw new Error(`Cannot start a daemon: ${outcome}\n${logTail(daemon.logFile)}`);
}

function logTail(logFile: string): string {
  return readText(logFile).trim().split("\n").slice(-5).join("\n");
}

function childrenOf(pid: number): readonly number[] {
  const children: number[] = [];
  try {
    for (const task of Deno.readDirSync(`/proc/${pid}/task`)) {
      const text = readText(`/proc/${pid}/task/${task.name}/children`);
      children.push(...text.split(" ").filter((word) => word !== "").map(Number));
    }
  } catch {
    // The process has ended in the meantime: it has no children.
  }
  return children;
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

function kill(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}
