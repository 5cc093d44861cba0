import { err, ok, type Result } from "../../base/result.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { isNotPermitted } from "../../nft/answer_reader.ts";
import { NftChild, type NftProcess } from "./nft_child.ts";

/** Waits before an nft that ended is started again; the last one is repeated. */
const BACK_OFF_MS: readonly number[] = [1000, 5000, 30_000];

/** Wait before an end of nft counts: a service manager or a terminal ends it together with the daemon. */
const GRACE_MS = 200;

/** What a keeper works with. */
export interface NftKeeperOptions {
  readonly spawn: () => Result<NftProcess>;
  /** Makes the table in a fresh nft. */
  readonly fill: (child: NftChild) => Promise<Result<string>>;
  /** A table was made anew, after an nft that ended. */
  readonly onAgain: () => void;
  /** The table is gone, with the nft that had it. */
  readonly onLost?: () => void;
  readonly onLog: (event: LogEvent) => void;
  readonly backOffMs?: readonly number[];
  readonly graceMs?: number;
}

/** Keeps one nft running with a table in it; starts it again when it ends. */
export class NftKeeper {
  readonly #options: NftKeeperOptions;
  #child: NftChild | undefined;
  #starting: NftChild | undefined;
  #failures = 0;
  #timer: number | undefined;
  #state: "open" | "closed" = "open";

  constructor(options: NftKeeperOptions) {
    this.#options = options;
  }

  /** The nft that has its table; undefined while there is none. */
  get child(): NftChild | undefined {
    return this.#child;
  }

  /** Starts nft for the first time; one that cannot make its table is ended and not tried again. */
  async open(): Promise<Result<undefined>> {
    this.#state = "open";
    return await this.#start();
  }

  /** Ends nft and its table. */
  async close(): Promise<void> {
    this.#state = "closed";
    clearTimeout(this.#timer);
    const child = this.#child ?? this.#starting;
    this.#child = undefined;
    await child?.close();
  }

  async #start(): Promise<Result<undefined>> {
    const process = this.#options.spawn();
    if (!process.ok) return process;
    const child = new NftChild(process.value, { onEnd: (words) => this.#lose(child, words) });
    this.#starting = child;
    const filled = await this.#options.fill(child);
    this.#starting = undefined;
    if (this.#state === "closed") {
      await child.close();
      return err("closed");
    }
    if (!filled.ok) {
      await child.close();
      return filled;
    }
    this.#child = child;
    return ok(undefined);
  }

  #lose(child: NftChild, lastWords: string): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    this.#options.onLost?.();
    this.#failures = 0;
    const words = lastWords === "" ? "" : ` (${lastWords})`;
    const reason = `nft ended${words}: its table is gone`;
    this.#timer = setTimeout(() => this.#tryAgain(reason), this.#options.graceMs ?? GRACE_MS);
  }

  #tryAgain(reason: string): void {
    if (this.#state === "closed") return;
    const backOffMs = this.#options.backOffMs ?? BACK_OFF_MS;
    const delayMs = backOffMs[Math.min(this.#failures, backOffMs.length - 1)] ?? 0;
    this.#failures++;
    this.#say("warning", "firewall.lost", `${reason}; again in ${delayMs} ms`);
    this.#timer = setTimeout(() => void this.#restart(), delayMs);
  }

  async #restart(): Promise<void> {
    const started = await this.#start();
    if (started.ok) {
      this.#say("info", "firewall.again", "nft runs again, its table is back");
      this.#options.onAgain();
      return;
    }
    if (!isNotPermitted(started.error)) return this.#tryAgain(started.error);
    const text = "Cannot start nft again: the right to change the firewall was given away with " +
      "the user switch; restart siproxd";
    if (this.#state !== "closed") this.#say("warning", "firewall.off", text);
  }

  #say(level: LogEvent["level"], event: string, text: string): void {
    this.#options.onLog({ level, component: "firewall", event, text });
  }
}
