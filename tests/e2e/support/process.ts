/**
 * Long-running programs of a test: the proxy, the peers, the captures.
 *
 * Starts a program, if wanted inside a network namespace, with its output in a file; finds it again
 * by the pid it was started with. It never looks for processes by name. Called by the wrappers of
 * the single programs (baresip.ts, kamailio.ts, …).
 *
 * @module
 */
import { poll, sleep } from "./command.ts";
import { onCleanup } from "./cleanup.ts";
import { workDirectory } from "./work_directory.ts";

/** How to start a program. */
export interface StartOptions {
  /** Names the log file. */
  readonly name: string;
  /** Network namespace to run in; absent: the caller's own. */
  readonly namespace?: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory of the program. */
  readonly cwd?: string;
}

/** Time that a program gets between SIGTERM and SIGKILL: longer than any orderly shutdown here. */
const STOP_TIMEOUT_MS = 5000;
let started = 0;

/** A program that this test started and that this test ends. */
export class ManagedProcess {
  readonly name: string;
  readonly logPath: string;
  /** Resolves with the exit code, 128 + n after signal n. */
  readonly exited: Promise<number>;
  #child: Deno.ChildProcess;
  #running = true;
  #undo: () => Promise<void>;

  constructor(options: StartOptions) {
    this.name = options.name;
    this.logPath = `${workDirectory()}/${++started}-${options.name}.log`;
    // The shell only redirects and then becomes the program: the pid stays the program's own.
    const redirect = ["sh", "-c", `exec "$@" >"$0" 2>&1 </dev/null`, this.logPath];
    const line = [
      ...(options.namespace === undefined ? [] : ["ip", "netns", "exec", options.namespace]),
      ...redirect,
      options.command,
      ...options.args,
    ];
    const [command = "sh", ...args] = line;
    this.#child = new Deno.Command(command, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    }).spawn();
    this.exited = this.#child.status.then((status) => {
      this.#running = false;
      return status.code;
    });
    this.#undo = onCleanup(() => this.#end());
  }

  /** The process id of the program itself. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Whether the program has not ended yet. */
  get running(): boolean {
    return this.#running;
  }

  /** Everything that the program printed up to now. */
  async log(): Promise<string> {
    try {
      return await Deno.readTextFile(this.logPath);
    } catch {
      return "";
    }
  }

  /** Waits until a line of the log matches. */
  waitForLog(pattern: RegExp, timeoutMs: number): Promise<string> {
    return poll(async () => {
      const text = await this.log();
      const found = pattern.exec(text);
      if (found !== null) return found[0];
      if (!this.#running) {
        throw new Error(`Cannot wait for ${pattern}: ${this.name} has ended, ${text.slice(-800)}`);
      }
      return undefined;
    }, { what: `${pattern} in the log of ${this.name}`, timeoutMs });
  }

  /** Sends a signal; a program that has ended already is left alone. */
  signal(signal: Deno.Signal): void {
    if (!this.#running) return;
    try {
      this.#child.kill(signal);
    } catch {
      // It ended between the test and the signal; `exited` tells.
    }
  }

  /** Ends the program politely (with `signal`), then firmly; returns its exit code. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    this.signal(signal);
    const late = sleep(STOP_TIMEOUT_MS).then(() => undefined);
    const code = await Promise.race([this.exited, late]);
    if (code === undefined) this.signal("SIGKILL");
    await this.#undo();
    return await this.exited;
  }

  /** Ends the program as a crash or a power cut would. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.exited;
    await this.#undo();
  }

  async #end(): Promise<void> {
    this.signal("SIGKILL");
    await this.exited;
  }
}

/** Starts a program and returns at once. */
export function startProcess(options: StartOptions): ManagedProcess {
  return new ManagedProcess(options);
}
