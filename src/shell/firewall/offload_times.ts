/** Time between a hand-over and the first look whether its packets leave the machine. */
const FIRST_CHECK_MS = 200;

/** Period of looks while the kernel relays anything, 0.4 ms each: a firewall may be changed during a call. */
const CHECK_INTERVAL_MS = 700;

/** Share of the time that reading counters may take: nft reads all of a map, and calls that end want theirs read. */
const MAX_COUNTING_SHARE = 1 / 20;

/** What the times depend on. */
export interface OffloadTimesOptions {
  readonly countIntervalMs: number;
  readonly firstCheckMs?: number;
  /** Something is due. */
  readonly wake: () => void;
}

/** When to look at the counters again: one timer, none while the kernel relays nothing. */
export class OffloadTimes {
  readonly #wake: () => void;
  readonly #firstCheckMs: number;
  #countIntervalMs: number;
  #checkAtMs = Infinity;
  #countAtMs = Infinity;
  #countAllowedAtMs = 0;
  #timer: number | undefined;
  #state: "going" | "stopped" = "going";

  constructor(options: OffloadTimesOptions) {
    this.#wake = options.wake;
    this.#firstCheckMs = options.firstCheckMs ?? FIRST_CHECK_MS;
    this.#countIntervalMs = options.countIntervalMs;
  }

  /** Takes another period. */
  retime(countIntervalMs: number): void {
    this.#countIntervalMs = countIntervalMs;
  }

  /** Something was handed over. */
  handed(): void {
    const nowMs = performance.now();
    this.#checkAtMs = Math.min(this.#checkAtMs, nowMs + this.#firstCheckMs);
    this.#countAtMs = Math.min(this.#countAtMs, nowMs + this.#countIntervalMs);
  }

  /** A look is being taken: plans the next one. */
  checked(): void {
    this.#checkAtMs = performance.now() + CHECK_INTERVAL_MS;
  }

  /** Something looks odd. */
  checkSoon(): void {
    this.#checkAtMs = Math.min(this.#checkAtMs, performance.now() + this.#firstCheckMs);
  }

  /** Somebody waits for the figures. */
  countNow(): void {
    this.#countAtMs = 0;
  }

  /** Paths wait for their last figures; many of them share one reading. */
  countSoon(): void {
    this.#countAtMs = Math.min(this.#countAtMs, this.#countAllowedAtMs);
  }

  /** A reading is over. */
  counted(tookMs: number): void {
    const nowMs = performance.now();
    this.#countAllowedAtMs = nowMs + tookMs / MAX_COUNTING_SHARE;
    this.#countAtMs = nowMs + this.#countIntervalMs;
  }

  /** The kernel has nothing. */
  rest(): void {
    this.#checkAtMs = Infinity;
    this.#countAtMs = Infinity;
    clearTimeout(this.#timer);
  }

  /** Tells whether to look whether media arrives. */
  isCheckDue(): boolean {
    return performance.now() >= this.#checkAtMs;
  }

  /** Tells whether to read counters. */
  isCountDue(): boolean {
    return performance.now() >= this.#countAtMs;
  }

  /** Sets the timer for what is due first. */
  arm(): void {
    clearTimeout(this.#timer);
    const atMs = Math.min(this.#checkAtMs, this.#countAtMs);
    if (atMs === Infinity || this.#state === "stopped") return;
    // Timers run early by up to a millisecond.
    const waitMs = Math.max(1, Math.ceil(atMs - performance.now()));
    this.#timer = setTimeout(this.#wake, waitMs);
  }

  /** Ends it. */
  stop(): void {
    this.#state = "stopped";
    clearTimeout(this.#timer);
  }
}
