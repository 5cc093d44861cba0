import { assertNever } from "../../base/assert_never.ts";
import type { HostQuery } from "../../dns/host_query.ts";
import { LoopLag } from "../../metrics/loop_lag.ts";
import { redactCredentials } from "../../log/redact_credentials.ts";
import type { ProxyInput } from "../../proxy/input.ts";
import { type Action, MAX_RUNS, type Need, type Outcome } from "../../proxy/outcome.ts";
import type { SocketAddress } from "../../base/socket_address.ts";
import {
  askPluginStatistics,
  deliveryFailed,
  mediaExpired,
  repeatRequests,
  runPipeline,
  runTick,
  type Undelivered,
} from "../../proxy/proxy.ts";
import { type ActionTargets, applyActions } from "./apply_actions.ts";
import type { LiveEnv } from "./live_env.ts";
import type { WantedPairs } from "./media_link.ts";
import { WaitingRoom } from "./waiting_room.ts";

/** How often the core looks at its clocks: registrations live for minutes, BYE timers for 32 s. */
export const TICK_INTERVAL_MS = 500;

/** Bytes of the offending message in the log line of a bug: enough to see the header that did it. */
const MAX_DUMP_BYTES = 256;

/** Longest wait for a name or ports, whatever the supplier promises: a phone repeats for 32 s, a person waits for five. */
const MAX_SUPPLY_MS = 6_000;

/** Shortest pause between two looks at what must be repeated: what is due a little later goes along. */
const MIN_REPEAT_PAUSE_MS = 20;

/** A run that could not be ended for want of something. */
type Unfinished = Extract<Outcome, { kind: "need" }>;

/** What the loop works with. */
export interface SipLoopParts {
  readonly env: LiveEnv;
  readonly targets: ActionTargets;
  readonly now: () => number;
  /** Fills the host table; always ends, whatever the name server does. */
  readonly resolveHost: (query: HostQuery) => Promise<void>;
  /** Asks the media isolate for port pairs; always ends. */
  readonly wantPairs: (pairs: WantedPairs) => Promise<void>;
  /** Finds out whether a server takes streams; always ends. */
  readonly probeStream: (peer: SocketAddress) => Promise<void>;
}

/** Runs every message through the pure core, supplies what it needs and carries the outcome out. */
export class SipLoop {
  readonly #parts: SipLoopParts;
  readonly #waiting = new WaitingRoom();
  readonly #lag = new LoopLag(TICK_INTERVAL_MS);
  #repeatTimer: number | undefined;
  #repeatAtMs = Infinity;
  /** Messages that wait for ports. One that comes later must not take what they are woken for, however busy it gets. */
  #portQueue = 0;

  constructor(parts: SipLoopParts) {
    this.#parts = parts;
  }

  /** Messages that wait for a name or for ports. */
  get waitingMessages(): number {
    return this.#waiting.size;
  }

  /** Longest delay of the tick in the last minutes. */
  get lagMs(): number {
    return this.#lag.worstMs(performance.now());
  }

  /** Takes one message; its bytes need to be valid during the call only. */
  receive(input: ProxyInput): void {
    this.#parts.targets.counters.add("sip_received");
    this.#parts.targets.counters.messages.received(input.data, input.listenPoint);
    this.#parts.targets.journal.received(input.data, input.source);
    const outcome = this.#run(input, { patience: "patient", queue: this.#newcomers() });
    if (outcome === undefined) return;
    const { need } = outcome;
    const admitted = this.#waiting.admit(input);
    if (typeof admitted === "string") {
      this.#parts.targets.counters.add("sip_dropped", { reason: `waiting-${admitted}` });
      return;
    }
    this.#goOn(admitted.input, need)
      .catch((error: unknown) => this.#bug(error, admitted.input.data))
      .finally(() => this.#waiting.release(admitted));
  }

  /** Lets time pass: expiry of bindings, dialogs and memos. */
  tick(): void {
    this.#lag.beat(performance.now());
    this.#guard(() => runTick(this.#parts.targets.state, this.#parts.env));
  }

  /** The transport could not deliver a message. */
  undelivered(undelivered: Undelivered): void {
    const { state } = this.#parts.targets;
    this.#guard(() => deliveryFailed(undelivered, { state, env: this.#parts.env }));
  }

  /** Ends the loop's own timer. */
  close(): void {
    clearTimeout(this.#repeatTimer);
  }

  /** An operator asks for statistics. */
  tellPluginStatistics(): void {
    this.#guard(() => askPluginStatistics(this.#parts.targets.state, this.#parts.env));
  }

  /** What plugins asked for outside of a message. */
  carryOut(actions: readonly Action[]): void {
    this.#guard(() => actions);
  }

  /** A relayed stream got no packet for its time-out. */
  mediaExpired(streamId: number): void {
    this.#guard(() =>
      mediaExpired(streamId, { state: this.#parts.targets.state, env: this.#parts.env })
    );
  }

  /** Runs again after each need; the last run takes what is unknown for failed, so that the sender gets his answer. */
  async #goOn(input: ProxyInput, firstNeed: Need): Promise<void> {
    let need = firstNeed;
    for (let runs = 1; runs <= MAX_RUNS; runs++) {
      const patience = runs === MAX_RUNS ? "final" : "patient";
      const outcome = need.kind === "media-ports"
        ? await this.#runInTurn(input, { need, patience })
        : await this.#runSupplied(input, { need, patience });
      if (outcome === undefined) return;
      need = outcome.need;
    }
    this.#parts.targets.counters.add("sip_dropped", { reason: "needs-too-much" });
  }

  async #runSupplied(
    input: ProxyInput,
    { need, patience }: { readonly need: Need; readonly patience: LiveEnv["patience"] },
  ): Promise<Unfinished | undefined> {
    await this.#supply(need);
    return this.#run(input, { patience, queue: this.#newcomers() });
  }

  /** Who waited for ports goes ahead of all that came in the meantime. */
  async #runInTurn(
    input: ProxyInput,
    { need, patience }: { readonly need: Need; readonly patience: LiveEnv["patience"] },
  ): Promise<Unfinished | undefined> {
    this.#portQueue++;
    try {
      await this.#supply(need);
      return this.#run(input, { patience, queue: "ahead" });
    } finally {
      this.#portQueue--;
    }
  }

  #newcomers(): LiveEnv["queue"] {
    return this.#portQueue > 0 ? "behind" : "ahead";
  }

  #supply(need: Need): Promise<void> {
    switch (need.kind) {
      case "host":
        return withinBound(this.#parts.resolveHost(need.query));
      case "media-ports":
        return withinBound(this.#parts.wantPairs(wantedPairs(need)));
      case "stream":
        return withinBound(this.#parts.probeStream(need.peer));
      default:
        return assertNever(need);
    }
  }

  /** One run; when it ended, its actions are done and nothing is returned. */
  #run(
    input: ProxyInput,
    turn: Pick<LiveEnv, "patience" | "queue">,
  ): Unfinished | undefined {
    const { env, targets, now } = this.#parts;
    env.nowMs = now();
    env.patience = turn.patience;
    env.queue = turn.queue;
    try {
      const outcome = runPipeline(input, { state: targets.state, env });
      if (outcome.kind === "need") return outcome;
      applyActions(outcome.actions, { targets, nowMs: env.nowMs });
      this.#armRepeats(env.nowMs);
    } catch (error) {
      this.#bug(error, input.data);
    }
    return undefined;
  }

  #guard(plan: () => readonly Action[]): void {
    const { env, targets, now } = this.#parts;
    env.nowMs = now();
    env.patience = "patient";
    try {
      const actions = plan();
      if (actions.length > 0) applyActions(actions, { targets, nowMs: env.nowMs });
      this.#armRepeats(env.nowMs);
    } catch (error) {
      this.#bug(error, new Uint8Array(0));
    }
  }

  /** One timer for the first request that is due; while none is repeated there is none. */
  #armRepeats(nowMs: number): void {
    const { nextDueMs } = this.#parts.targets.state.retransmissions;
    if (nextDueMs === undefined || nextDueMs >= this.#repeatAtMs) return;
    clearTimeout(this.#repeatTimer);
    this.#repeatAtMs = nextDueMs;
    const pauseMs = Math.max(nextDueMs - nowMs, MIN_REPEAT_PAUSE_MS);
    this.#repeatTimer = setTimeout(() => this.#repeat(), pauseMs);
  }

  #repeat(): void {
    this.#repeatAtMs = Infinity;
    const { state } = this.#parts.targets;
    this.#guard(() => repeatRequests({ state, env: this.#parts.env }));
  }

  /** A throw out of the core is our bug: it is told with the bytes that did it, and the service goes on. */
  #bug(error: unknown, data: Uint8Array): void {
    const { counters, journal } = this.#parts.targets;
    counters.add("sip_bug");
    const reason = error instanceof Error ? error.stack ?? error.message : String(error);
    const bytes = redactCredentials(data.subarray(0, MAX_DUMP_BYTES)).toHex();
    const text = `Cannot process message: ${reason.split("\n", 3).join(" ")}; bytes ${bytes}`;
    journal.log({ level: "error", component: "shell", event: "sip.bug", text });
  }
}

function wantedPairs(need: Extract<Need, { kind: "media-ports" }>): WantedPairs {
  return { lan: need.lanPairs, wan: need.wanPairs, families: need.families };
}

/** Waits for a supplier, but not for ever. */
async function withinBound(supply: Promise<void>): Promise<void> {
  const bound = Promise.withResolvers<void>();
  const timer = setTimeout(bound.resolve, MAX_SUPPLY_MS);
  await Promise.race([supply, bound.promise]);
  clearTimeout(timer);
}
