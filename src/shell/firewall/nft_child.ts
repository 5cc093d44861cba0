import { err, ok, type Result } from "../../base/result.ts";
import { NftAnswerReader, sentinelLine } from "../../nft/answer_reader.ts";

/** Longest wait for one answer: a batch takes some ten milliseconds, a loaded router ten times as long. */
const ANSWER_TIMEOUT_MS = 5000;

/** Lines that wait: their senders bundle what they want, so that more is a mistake of ours. */
const MAX_WAITING_LINES = 256;

/** Longest listing: 10,000 streams with four counters each. */
const MAX_LISTING_LENGTH_CHARS = 16 * 1024 * 1024;

/** Time for an orderly end; the whole daemon has less than a second for its own. */
const CLOSE_TIMEOUT_MS = 300;

/** Where nft lives; never looked for in PATH, which is the environment's to choose. */
const PLACES: readonly string[] = [
  "/usr/sbin/nft",
  "/sbin/nft",
  "/usr/bin/nft",
  "/usr/local/sbin/nft",
];

/** An nft that runs; Deno's child processes fit. */
export interface NftProcess {
  readonly stdin: WritableStream<Uint8Array<ArrayBuffer>>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly status: Promise<unknown>;
  readonly kill: (signal: Deno.Signal) => void;
}

/** What the owner of a child says to it. */
export interface NftChildOptions {
  /** It ended without being asked to; its table is gone with it. */
  readonly onEnd: (lastWords: string) => void;
  readonly answerTimeoutMs?: number;
}

/** One line on its way. */
interface Errand {
  readonly line: string;
  readonly expects: "silence" | "listing";
  readonly resolve: (result: Result<string>) => void;
}

const encoder = new TextEncoder();

/**
 * A running `nft -i`: takes one line after the other and tells what became of each.
 *
 * Only the supervisor has one. Only lines of src/nft may be sent: nft can read files and owns the whole firewall.
 */
export class NftChild {
  readonly #process: NftProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #options: NftChildOptions;
  readonly #reader = new NftAnswerReader();
  readonly #waiting: Errand[] = [];
  readonly #ended: Promise<void>;
  #current: Errand | undefined;
  #serial = 0;
  #listing = "";
  /** Set between the answer to a listing and the end of its text, which comes on another pipe. */
  #isAnswered = false;
  #timer: number | undefined;
  #state: "open" | "closing" | "ended" = "open";

  constructor(process: NftProcess, options: NftChildOptions) {
    this.#process = process;
    this.#options = options;
    this.#writer = process.stdin.getWriter();
    // A pipe that breaks is told by the end of the process.
    this.#writer.closed.catch(() => {});
    const errors = this.#follow(process.stderr, (text) => this.#hear(text));
    const listings = this.#follow(process.stdout, (text) => this.#collect(text));
    this.#ended = Promise.all([process.status, errors, listings]).then(() => this.#end());
  }

  /**
   * Sends one line.
   *
   * @param line of src/nft
   * @param expects whether it is answered by a listing
   * @returns the listing ("" for other lines), or what nft said against it
   */
  send(line: string, expects: Errand["expects"] = "silence"): Promise<Result<string>> {
    if (this.#state !== "open") return Promise.resolve(err("nft does not run"));
    if (this.#waiting.length >= MAX_WAITING_LINES) {
      return Promise.resolve(err(`${MAX_WAITING_LINES} lines wait for nft already`));
    }
    const { promise, resolve } = Promise.withResolvers<Result<string>>();
    this.#waiting.push({ line, expects, resolve });
    this.#next();
    return promise;
  }

  /** Ends nft, and with it its table; what it was told before is still done. */
  async close(): Promise<void> {
    if (this.#state === "open") this.#state = "closing";
    this.#writer.close().catch(() => {});
    const timer = setTimeout(() => this.#kill(), CLOSE_TIMEOUT_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Ends nft at once, as if it had ended by itself: its table goes too, and its owner is told. */
  abort(): void {
    this.#kill();
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const errand = this.#waiting.shift();
    if (errand === undefined) return;
    this.#current = errand;
    this.#listing = "";
    this.#isAnswered = false;
    const limitMs = this.#options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS;
    this.#timer = setTimeout(() => this.#kill(), limitMs);
    const text = `${errand.line}\n${sentinelLine(++this.#serial)}\n`;
    this.#writer.write(encoder.encode(text)).catch(() => {});
  }

  #hear(text: string): void {
    for (const { serial, problems } of this.#reader.feed(text)) {
      if (this.#current === undefined || serial !== this.#serial) continue;
      if (problems.length > 0) this.#give(err(problems.join("; ")));
      else if (this.#current.expects === "silence") this.#give(ok(""));
      else {
        this.#isAnswered = true;
        this.#giveListing();
      }
    }
  }

  #collect(text: string): void {
    if (this.#listing.length + text.length > MAX_LISTING_LENGTH_CHARS) return this.#kill();
    this.#listing += text;
    this.#giveListing();
  }

  #giveListing(): void {
    if (this.#isAnswered && this.#listing.endsWith("}\n")) this.#give(ok(this.#listing));
  }

  #give(result: Result<string>): void {
    clearTimeout(this.#timer);
    const errand = this.#current;
    this.#current = undefined;
    errand?.resolve(result);
    if (this.#state !== "ended") this.#next();
  }

  #kill(): void {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended: `#end` is on its way.
    }
  }

  async #follow(
    stream: ReadableStream<Uint8Array>,
    take: (text: string) => void,
  ): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const bytes of stream) take(decoder.decode(bytes, { stream: true }));
    } catch {
      // A pipe that breaks is told by the end of the process.
    }
  }

  #end(): void {
    const isExpected = this.#state === "closing";
    this.#state = "ended";
    const lastWords = this.#reader.lastWords;
    this.#give(err(`nft ended: ${lastWords === "" ? "without a word" : lastWords}`));
    for (const { resolve } of this.#waiting.splice(0)) resolve(err("nft ended"));
    if (!isExpected) this.#options.onEnd(lastWords);
  }
}

/**
 * Starts nft.
 *
 * @returns the process, or one line why there is none
 */
export function spawnNft(): Result<NftProcess> {
  for (const place of PLACES) {
    const { state } = Deno.permissions.querySync({ name: "run", command: place });
    if (state !== "granted") return err(`No permission to run ${place}`);
    try {
      return ok(
        new Deno.Command(place, {
          args: ["-i"],
          clearEnv: true,
          // nft keeps a history of its lines in HOME; here there is no folder to keep it in.
          env: { HOME: "/dev/null" },
          stdin: "piped",
          stdout: "piped",
          stderr: "piped",
        }).spawn(),
      );
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      return err(`Cannot run ${place}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return err(NO_NFT);
}

/** The machine has no nft. */
export const NO_NFT = "Cannot find nft: it is not installed";
