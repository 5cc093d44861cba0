/**
 * The daemon under test.
 *
 * Writes a siproxd.conf, starts the daemon, waits until it answers and reads its log. The command
 * is SIPROXD_BIN (default: the compiled binary); it is split at blanks, so that a run from source
 * works too. Called by every suite.
 *
 * @module
 */
import { poll, runCommand, sleep } from "./command.ts";
import { hostOf } from "./ip_text.ts";
import { type ManagedProcess, startProcess } from "./process.ts";
import { makeDirectory } from "./work_directory.ts";

/** Lines of a siproxd.conf; a list of values repeats the key. */
export type Directives = Readonly<Record<string, string | number | readonly string[]>>;

/** How to start the daemon. */
export interface ProxyOptions {
  readonly name: string;
  readonly namespace?: string;
  readonly directives: Directives;
  /** Literal text to use in place of `directives`. */
  readonly text?: string;
  /** Where to send the OPTIONS that shows that it serves. */
  readonly probe: ProbeOptions;
  readonly args?: readonly string[];
  /** Further variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** An OPTIONS with Max-Forwards 0, which every proxy answers itself (RFC 3261 §16.3). */
export interface ProbeOptions {
  readonly namespace?: string;
  readonly address: string;
  readonly port: number;
}

/** Longest start that counts as a start; a compiled binary needs a fraction of a second. */
const START_TIMEOUT_MS = 20_000;
/** From source, Deno itself would ask the Internet side for updates of Deno. */
const QUIET_DENO = { DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" } as const;
let probes = 0;

/** The command and its first arguments, from SIPROXD_BIN. */
export function proxyCommand(): readonly string[] {
  const root = new URL("../../../", import.meta.url).pathname;
  const value = Deno.env.get("SIPROXD_BIN") ?? `${root}dist/siproxd-x86_64`;
  return value.split(" ").filter((part) => part !== "");
}

/** Writes directives as a siproxd.conf. */
export function configurationText(directives: Directives): string {
  const lines: string[] = [];
  for (const [key, value] of Object.entries(directives)) {
    for (const one of Array.isArray(value) ? value : [value]) lines.push(`${key} = ${one}`);
  }
  return lines.join("\n") + "\n";
}

/** A daemon that can be ended in every way and started again with the same file. */
export class Proxy {
  readonly configPath: string;
  #options: ProxyOptions;
  #process: ManagedProcess;

  constructor(options: ProxyOptions, configPath: string) {
    this.#options = options;
    this.configPath = configPath;
    this.#process = this.#spawn();
  }

  /** The running (or last) process. */
  get process(): ManagedProcess {
    return this.#process;
  }

  /** Waits until an OPTIONS is answered. */
  async waitReady(): Promise<void> {
    await poll(async () => {
      if (!this.#process.running) {
        throw new Error(`Cannot start the daemon: it ended, ${await this.#process.log()}`);
      }
      return await probe(this.#options.probe) ? true : undefined;
    }, { what: "an answer of the daemon to OPTIONS", timeoutMs: START_TIMEOUT_MS });
  }

  /** Starts again after an end. */
  async restart(): Promise<void> {
    this.#process = this.#spawn();
    await this.waitReady();
  }

  /** Ends it with a signal; returns the exit code. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    return await this.#process.stop(signal);
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  /** What it logged since its last start. */
  log(): Promise<string> {
    return this.#process.log();
  }

  #spawn(): ManagedProcess {
    const [command = "", ...args] = proxyCommand();
    return startProcess({
      name: `proxy-${this.#options.name}`,
      command,
      args: [...args, "-c", this.configPath, ...(this.#options.args ?? [])],
      env: { ...QUIET_DENO, ...this.#options.env },
      ...(this.#options.namespace === undefined ? {} : { namespace: this.#options.namespace }),
    });
  }
}

/** Writes the configuration file of a daemon and returns its path. */
export async function writeConfiguration(options: ProxyOptions): Promise<string> {
  const directory = await makeDirectory(`proxy-${options.name}`);
  const path = `${directory}/siproxd.conf`;
  await Deno.writeTextFile(path, options.text ?? configurationText(options.directives));
  return path;
}

/** Starts the daemon and returns when it answers. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const proxy = new Proxy(options, await writeConfiguration(options));
  try {
    await proxy.waitReady();
  } catch (error) {
    // One that never answered must not keep the ports of the next.
    await proxy.kill();
    throw error;
  }
  return proxy;
}

/** Sends one OPTIONS with Max-Forwards 0; true when a final answer came back. */
export async function probe(options: ProbeOptions): Promise<boolean> {
  const n = ++probes;
  const host = hostOf(options.address);
  const message = [
    `OPTIONS sip:${host}:${options.port} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKprobe${Deno.pid}x${n};rport`,
    "Max-Forwards: 0",
    "From: <sip:probe@127.0.0.1>;tag=1",
    `To: <sip:${host}>`,
    `Call-ID: probe-${Deno.pid}-${n}@127.0.0.1`,
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
    "",
    "",
  ].join("\\r\\n");
  const target = `UDP${host.startsWith("[") ? 6 : 4}:${host}:${options.port}`;
  const script = `printf '${message}' | socat -t 0.3 -T 0.3 - ${target}`;
  const prefix = options.namespace === undefined ? [] : ["ip", "netns", "exec", options.namespace];
  const [command = "sh", ...args] = [...prefix, "sh", "-c", script];
  const output = await runCommand(command, args);
  if (output.stdout.startsWith("SIP/2.0 ")) return true;
  await sleep(50);
  return false;
}
