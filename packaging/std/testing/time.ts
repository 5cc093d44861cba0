/**
 * A clock that tests move by hand.
 *
 * @module
 */

/** An error of fake time itself. */
export class TimeError extends Error {
  /** Makes the error. */
  constructor(message: string) {
    super(message);
    this.name = "TimeError";
  }
}

/** Options of {@linkcode FakeTime}. */
export interface FakeTimeOptions {
  /** How fast fake time runs by itself relative to real time; 0, the default: not at all. */
  advanceRate: number;
  /** Real milliseconds between two such steps; default 10. */
  advanceFrequency?: number;
}

/** Options of {@linkcode FakeTime.delay}. */
export interface DelayOptions {
  /** Ends the wait early with its reason. */
  signal?: AbortSignal;
}

type Callback = (...args: unknown[]) => void;

interface Timer {
  readonly id: number;
  readonly callback: Callback;
  readonly args: unknown[];
  readonly everyMs: number | undefined;
  readonly dueMs: number;
}

const REAL = {
  Date: globalThis.Date,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
};

/** Called as plain functions: the timers refuse another `this`. */
const {
  setTimeout: realSetTimeout,
  clearTimeout: realClearTimeout,
  setInterval: realSetInterval,
  clearInterval: realClearInterval,
} = REAL;

let current: FakeTime | undefined;
let nowMs = 0;
let nextId = 1;
let timers: Timer[] = [];

/** Timers stay sorted by due time; equal times keep the order in which they were set. */
function insert(timer: Timer): void {
  const at = timers.findIndex((other) => other.dueMs > timer.dueMs);
  timers.splice(at < 0 ? timers.length : at, 0, timer);
}

function addTimer(callback: Callback, delayMs: number, args: unknown[], repeats: boolean): number {
  if (!current) throw new TimeError("Cannot set timer: time is not faked");
  const waitMs = Math.max(repeats ? 1 : 0, Math.floor(Number(delayMs) || 0));
  const id = nextId++;
  insert({
    id,
    callback,
    args,
    everyMs: repeats ? waitMs : undefined,
    dueMs: nowMs + waitMs,
  });
  return id;
}

function fakeSetTimeout(callback: Callback, delayMs: number = 0, ...args: unknown[]): number {
  return addTimer(callback, delayMs, args, false);
}

function fakeSetInterval(callback: Callback, delayMs: number = 0, ...args: unknown[]): number {
  return addTimer(callback, delayMs, args, true);
}

function fakeClear(id?: unknown): void {
  if (!current) throw new TimeError("Cannot clear timer: time is not faked");
  timers = timers.filter((timer) => timer.id !== id);
}

const FAKE_DATE: DateConstructor = new Proxy(REAL.Date, {
  construct(target, args, newTarget): object {
    return Reflect.construct(target, args.length === 0 ? [nowMs] : args, newTarget);
  },
  apply(target): string {
    return new target(nowMs).toString();
  },
  get(target, key, receiver): unknown {
    return key === "now" ? () => nowMs : Reflect.get(target, key, receiver);
  },
});

function fakeGlobals(): void {
  Object.assign(globalThis, {
    Date: FAKE_DATE,
    setTimeout: fakeSetTimeout,
    clearTimeout: fakeClear,
    setInterval: fakeSetInterval,
    clearInterval: fakeClear,
  });
}

function realGlobals(): void {
  Object.assign(globalThis, REAL);
}

function startOf(start: number | string | Date | null | undefined): number {
  if (start === null || start === undefined) return REAL.Date.now();
  const startMs = typeof start === "number"
    ? Math.floor(start)
    : new REAL.Date(start instanceof REAL.Date ? start.valueOf() : start).valueOf();
  if (Number.isNaN(startMs)) {
    throw new TypeError(`Cannot construct FakeTime: invalid start ${String(start)}`);
  }
  return startMs;
}

/**
 * Replaces `Date` and the timers of this isolate until it is restored.
 *
 * @example A timer runs when the test says so
 * ```ts
 * import { FakeTime } from "@std/testing/time";
 * import { equal } from "node:assert/strict";
 * using time = new FakeTime();
 * let calls = 0;
 * setTimeout(() => calls++, 1000);
 * time.tick(999);
 * equal(calls, 0);
 * time.tick(1);
 * equal(calls, 1);
 * ```
 */
export class FakeTime {
  readonly #startMs: number;
  readonly #advancer: number | undefined;

  /** Fakes time from a start, by default this moment. */
  constructor(start?: number | string | Date | null, options?: FakeTimeOptions) {
    if (current) throw new TypeError("Cannot construct FakeTime: time is already faked");
    this.#startMs = startOf(start);
    nowMs = this.#startMs;
    nextId = 1;
    timers = [];
    fakeGlobals();
    current = this;
    const everyMs = Math.max(1, options?.advanceFrequency ?? 10);
    const rate = Math.max(0, options?.advanceRate ?? 0);
    this.#advancer = rate > 0
      ? realSetInterval(() => this.tick(rate * everyMs), everyMs)
      : undefined;
  }

  /** Restores real time. */
  static restore(): void {
    if (!current) throw new TimeError("Cannot restore time: it is already restored");
    current.restore();
  }

  /** Restores real time until a callback has returned and its promise is settled. */
  static async restoreFor<T, Params extends unknown[]>(
    callback: (...args: Params) => Promise<T> | T,
    ...args: Params
  ): Promise<T> {
    if (!current) throw new TimeError("Cannot restore time: it is not faked");
    realGlobals();
    try {
      return await callback(...args);
    } finally {
      fakeGlobals();
    }
  }

  /** Fake milliseconds since 1970. */
  get now(): number {
    return nowMs;
  }

  /** Moves time forward and runs every timer that falls due on the way. */
  set now(value: number) {
    if (value < nowMs) {
      throw new RangeError(`Cannot set time: ${value} is before ${nowMs}`);
    }
    for (let timer = timers[0]; timer && timer.dueMs <= value; timer = timers[0]) {
      timers.shift();
      nowMs = Math.max(nowMs, timer.dueMs);
      if (timer.everyMs !== undefined) insert({ ...timer, dueMs: timer.dueMs + timer.everyMs });
      timer.callback(...timer.args);
    }
    nowMs = value;
  }

  /** Fake milliseconds since 1970 at which this fake began. */
  get start(): number {
    return this.#startMs;
  }

  /** Resolves after real milliseconds. */
  delay(ms: number, options: DelayOptions = {}): Promise<void> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = (): void => {
        realClearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = realSetTimeout(() => {
        signal?.removeEventListener("abort", abort);
        resolve();
      }, ms);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** Lets everything run that waits for a settled promise. */
  async runMicrotasks(): Promise<void> {
    await this.delay(0);
  }

  /** Moves time forward. */
  tick(ms: number = 0): void {
    this.now += ms;
  }

  /** Lets promises run, then moves time forward. */
  async tickAsync(ms: number = 0): Promise<void> {
    await this.runMicrotasks();
    this.now += ms;
  }

  /** Moves time to the next timer; `false` if there is none. */
  next(): boolean {
    const timer = timers[0];
    if (timer) this.now = Math.max(nowMs, timer.dueMs);
    return timer !== undefined;
  }

  /** Lets promises run, then moves time to the next timer. */
  async nextAsync(): Promise<boolean> {
    await this.runMicrotasks();
    return this.next();
  }

  /** Runs timers until none is left. */
  runAll(): void {
    while (timers.length > 0) this.next();
  }

  /** Runs timers until none is left, and promises before each. */
  async runAllAsync(): Promise<void> {
    while (timers.length > 0) await this.nextAsync();
  }

  /** Restores real time. */
  restore(): void {
    if (current !== this) throw new TimeError("Cannot restore time: it is already restored");
    current = undefined;
    realGlobals();
    realClearInterval(this.#advancer);
  }

  /** Restores real time at the end of a `using` block. */
  [Symbol.dispose](): void {
    if (current === this) this.restore();
  }
}
