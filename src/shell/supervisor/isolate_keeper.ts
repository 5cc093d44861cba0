import type { LogEvent } from "../../log/log_event.ts";
import type { WorkerPermissions } from "../machine/permissions.ts";
import type { StartReason } from "../protocol.ts";
import { type Isolate, type Spawn, spawnWorker } from "./spawn_worker.ts";

/** Period of the watchdog's question, unless a test is in a hurry. */
export const PING_INTERVAL_MS = 1000;

/** Unanswered questions after which an isolate counts as hung; counted, not timed, so that a supervisor that was
 * itself suspended or busy does not kill a healthy isolate. */
const MAX_SILENT_PINGS = 5;

/** The same before its first word: a slow router loads the code for seconds. */
const MAX_SILENT_START_PINGS = 30;

/** A life shorter than this counts as dying at once and is answered by waiting longer. */
const STABLE_LIFE_MS = 10_000;

/** First and longest wait before a replacement of an isolate that keeps dying: service comes back, a loop does not burn. */
const FIRST_BACK_OFF_MS = 100;
const MAX_BACK_OFF_MS = 10_000;

/** Hung isolates that are left behind: Deno cannot stop one that spins, each holds a core, so the process must end. */
const MAX_ABANDONED = 2;

/** How one kind of isolate is run. */
export interface IsolateKind<ToIsolate, FromIsolate> {
  readonly name: "signalling" | "media";
  /** What it is called where there are several of its kind. */
  readonly label?: string;
  readonly moduleUrl: string;
  readonly permissions: WorkerPermissions;
  readonly ping: ToIsolate;
  readonly isPong: (message: FromIsolate) => boolean;
  readonly pingIntervalMs: number;
  /** How it is started, when it is no Worker. */
  readonly spawn?: Spawn<ToIsolate, FromIsolate>;
  /** Monotonic clock, when it is not the isolate's own. */
  readonly nowMs?: () => number;
}

/** What the keeper's owner wants to hear. */
export interface IsolateEvents<FromIsolate> {
  /** A new isolate exists: send it what it needs to begin. */
  readonly onStart: (reason: StartReason) => void;
  /** It died or hangs; its successor is not there yet. */
  readonly onLost?: () => void;
  readonly onMessage: (message: FromIsolate) => void;
  readonly onLog: (event: LogEvent) => void;
  /** The process must end: isolates hang again and again. */
  readonly onGiveUp: (reason: string) => void;
}

/** Starts one isolate, watches it, and puts a new one in its place when it dies or hangs. */
export class IsolateKeeper<ToIsolate, FromIsolate> {
  readonly #kind: IsolateKind<ToIsolate, FromIsolate>;
  readonly #events: IsolateEvents<FromIsolate>;
  #isolate: Isolate<ToIsolate> | undefined;
  #startedAtMs = 0;
  #backOffMs = FIRST_BACK_OFF_MS;
  #silentPings = 0;
  #hasSpoken = false;
  #abandoned = 0;
  #watchdog: number | undefined;
  #restart: number | undefined;

  constructor(kind: IsolateKind<ToIsolate, FromIsolate>, events: IsolateEvents<FromIsolate>) {
    this.#kind = kind;
    this.#events = events;
  }

  /** Whether an isolate exists at this moment. */
  get isRunning(): boolean {
    return this.#isolate !== undefined;
  }

  /** Whether it was told to start, even if its isolate is being replaced at this moment. */
  get isStarted(): boolean {
    return this.#watchdog !== undefined;
  }

  /** Starts the first isolate and the watchdog. */
  start(): void {
    this.#spawn("first");
    this.#watchdog = setInterval(() => this.#watch(), this.#kind.pingIntervalMs);
  }

  /** Sends a message; while there is no isolate it is dropped, since its successor gets the whole state anyway. */
  post(message: ToIsolate, transfer: Transferable[] = []): void {
    this.#isolate?.post(message, transfer);
  }

  /** Ends the isolate and the watch for good. */
  stop(): void {
    clearInterval(this.#watchdog);
    clearTimeout(this.#restart);
    this.#discard();
  }

  #spawn(reason: StartReason): void {
    this.#restart = undefined;
    this.#silentPings = 0;
    this.#hasSpoken = false;
    this.#startedAtMs = this.#nowMs();
    const spawn: Spawn<ToIsolate, FromIsolate> = this.#kind.spawn ?? spawnWorker;
    const isolate = spawn(this.#kind, {
      onMessage: (message) => this.#receive(message),
      onError: (text) => {
        if (isolate === this.#isolate) this.#lose("after-crash", text);
      },
    });
    this.#isolate = isolate;
    this.#events.onStart(reason);
  }

  #nowMs(): number {
    return this.#kind.nowMs?.() ?? performance.now();
  }

  #receive(message: FromIsolate): void {
    this.#silentPings = 0;
    this.#hasSpoken = true;
    if (!this.#kind.isPong(message)) this.#events.onMessage(message);
  }

  #watch(): void {
    if (this.#isolate === undefined) return;
    const maxSilentPings = this.#hasSpoken ? MAX_SILENT_PINGS : MAX_SILENT_START_PINGS;
    if (++this.#silentPings > maxSilentPings) {
      this.#abandoned++;
      this.#lose("after-hang", `no answer to ${maxSilentPings} questions`);
      return;
    }
    this.post(this.#kind.ping);
  }

  #lose(reason: StartReason, detail: string): void {
    this.#discard();
    this.#events.onLost?.();
    const { name, label = `${name} isolate` } = this.#kind;
    if (this.#abandoned > MAX_ABANDONED) {
      this.#events.onGiveUp(`Cannot go on: ${this.#abandoned} ${name} isolates hang`);
      return;
    }
    const lifeMs = this.#nowMs() - this.#startedAtMs;
    this.#backOffMs = lifeMs >= STABLE_LIFE_MS
      ? FIRST_BACK_OFF_MS
      : Math.min(this.#backOffMs * 2, MAX_BACK_OFF_MS);
    const delayMs = lifeMs >= STABLE_LIFE_MS ? 0 : this.#backOffMs;
    const what = reason === "after-hang" ? "hangs" : "died";
    const text = `The ${label} ${what}: ${detail}; replacing it in ${delayMs} ms`;
    const fields = { isolate: name, delayMs: Math.round(delayMs) };
    this.#events.onLog({ level: "error", component: "shell", event: "isolate.lost", text, fields });
    // A hung one stays in the way of all that follow it.
    const next = this.#abandoned > 0 ? "after-hang" : reason;
    this.#restart = setTimeout(() => this.#spawn(next), delayMs);
  }

  #discard(): void {
    const isolate = this.#isolate;
    this.#isolate = undefined;
    isolate?.terminate();
  }
}
