import { err, ok, type Result } from "../../base/result.ts";
import type { Side, SocketAddress } from "../../base/socket_address.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { FirewallModule, FirewallStream } from "./firewall_module.ts";

/** Programs at a time: a burst of calls must not become a burst of processes on a small router. */
const MAX_RUNNING = 4;

/** Events that wait: more than 4 a second for minutes; further ones are left out and told. */
const MAX_WAITING = 1024;

/** A program that changes a firewall is done at once; one that hangs would hold its stream's later events. */
const RUN_TIMEOUT_MS = 5000;

/** Longest wait at the end of the daemon, which has less than a second in all. */
const CLOSE_TIMEOUT_MS = 500;

/** All that the program finds in its environment. */
const ENVIRONMENT = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" } as const;

/** What the program is told about a peer that is not known yet. */
const UNKNOWN_PEER: readonly string[] = ["-", "0"];

/** Words for the sides: where media of that leg comes from. */
const DIRECTIONS = { wan: "incoming", lan: "outgoing" } as const;

/** Runs a program to its end; gives its exit code, or the reason why it has none. */
export type RunProgram = (
  program: string,
  args: readonly string[],
) => Promise<Result<number>>;

/** What the module works with. */
export interface CommandFirewallOptions {
  readonly command: string;
  readonly onLog: (event: LogEvent) => void;
  readonly run?: RunProgram;
}

interface Job {
  readonly streamId: number;
  readonly args: readonly string[];
}

/** Runs a program of the operator's for every event of a stream, for each of its sides. */
export class CommandFirewall implements FirewallModule {
  readonly #options: CommandFirewallOptions;
  readonly #run: RunProgram;
  #waiting: Job[] = [];
  /** Streams whose program runs: the events of one stream keep their order. */
  readonly #running = new Map<number, Promise<void>>();

  constructor(options: CommandFirewallOptions) {
    this.#options = options;
    this.#run = options.run ?? runProgram;
  }

  /** Looks whether the program may be run. */
  open(): Promise<Result<undefined>> {
    const { command } = this.#options;
    const { state } = Deno.permissions.querySync({ name: "run", command });
    return Promise.resolve(
      state === "granted" ? ok(undefined) : err(`No permission to run ${command}`),
    );
  }

  /** Tells the program of both sides of a new stream. */
  streamStart(stream: FirewallStream): void {
    this.#tell("start", stream, ["wan", "lan"]);
  }

  /** Tells the program of a side whose peer is known. */
  streamChange(stream: FirewallStream, side: Side): void {
    this.#tell("change", stream, [side]);
  }

  /** Tells the program of both sides of a stream that is over. */
  streamStop(stream: FirewallStream): void {
    this.#tell("stop", stream, ["wan", "lan"]);
  }

  /** Waits a moment for what is still to be told: ports must not stay open, and the daemon must end. */
  async close(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      resolve();
    }, CLOSE_TIMEOUT_MS);
    while (this.#running.size > 0 && !isLate) {
      await Promise.race([late, ...this.#running.values()]);
    }
    clearTimeout(timer);
    const left = this.#waiting.splice(0).length;
    if (left > 0) this.#complain(["stop"], `no time for ${left} events`);
  }

  #tell(event: string, stream: FirewallStream, sides: readonly Side[]): void {
    for (const side of sides) {
      const { own, peer } = stream[side];
      const args = [event, DIRECTIONS[side], ...words(own), ...words(peer), `${stream.streamId}`];
      if (this.#waiting.length < MAX_WAITING) {
        this.#waiting.push({ streamId: stream.streamId, args });
      } else this.#complain(args, `${MAX_WAITING} events wait already`);
    }
    this.#next();
  }

  #next(): void {
    while (this.#running.size < MAX_RUNNING) {
      const at = this.#waiting.findIndex(({ streamId }) => !this.#running.has(streamId));
      const [job] = at < 0 ? [] : this.#waiting.splice(at, 1);
      if (job === undefined) return;
      this.#running.set(job.streamId, this.#carryOut(job));
    }
  }

  async #carryOut({ streamId, args }: Job): Promise<void> {
    const ended = await this.#run(this.#options.command, args);
    if (!ended.ok) this.#complain(args, ended.error);
    else if (ended.value !== 0) this.#complain(args, `exit code ${ended.value}`);
    this.#running.delete(streamId);
    this.#next();
  }

  #complain(args: readonly string[], reason: string): void {
    const text = `Cannot run "${this.#options.command} ${args.join(" ")}": ${reason}`;
    this.#options.onLog({
      level: "warning",
      component: "firewall",
      event: "firewall.failed",
      text,
    });
  }
}

function words(address: SocketAddress | undefined): readonly string[] {
  return address === undefined ? UNKNOWN_PEER : [address.address, `${address.port}`];
}

async function runProgram(program: string, args: readonly string[]): Promise<Result<number>> {
  const signal = AbortSignal.timeout(RUN_TIMEOUT_MS);
  try {
    const { code } = await new Deno.Command(program, {
      args: [...args],
      clearEnv: true,
      env: ENVIRONMENT,
      stdin: "null",
      stdout: "null",
      stderr: "null",
      signal,
    }).output();
    return signal.aborted ? err(`not done after ${RUN_TIMEOUT_MS} ms`) : ok(code);
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}
