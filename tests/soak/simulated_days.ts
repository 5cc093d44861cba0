/**
 * Days of registrations and calls around the pure core, in seconds of real time.
 *
 * A clock jumps from event to event; nothing waits and nothing is random but by seed. It watches the sizes of all tables
 * and counts what phones would complain of; what that means, days_check.ts judges. Called by the soak and by a short test.
 *
 * @module
 */
import { Dice } from "../property/dice.ts";
import { CoreWorld } from "../support/core_world.ts";
import { configOf } from "../support/phone_world.ts";
import { EventQueue } from "./event_queue.ts";
import { Exchange } from "./exchange.ts";
import { SimulatedCall } from "./simulated_call.ts";
import { registerOf, strangeRequest } from "./life_texts.ts";

/** How long and how dense. */
export interface DaysPlan {
  readonly days: number;
  readonly phones: number;
  readonly seed: number;
  /** Looks at the heap, when somebody can collect garbage before. */
  readonly heapBytes?: () => number;
}

/** How much is remembered. */
export interface TableSizes {
  readonly bindings: number;
  readonly dialogs: number;
  readonly memo: number;
  readonly pending: number;
  readonly retransmissions: number;
  readonly knownPeers: number;
  /** Port pairs in use. */
  readonly pairs: number;
}

/** A look at the tables. */
export interface DaySample {
  readonly hour: number;
  readonly sizes: TableSizes;
  /** Registrations that hold; an expired one stands in the table for five seconds more. */
  readonly live: number;
  /** 0 where nobody looks. */
  readonly heapBytes: number;
  /** Registrations and calls that the phones have at that moment. */
  readonly truth: { readonly registered: number; readonly calls: number };
}

/** What came of it. */
export interface DaysReport {
  readonly samples: readonly DaySample[];
  /** After all phones have left and everything has had its time to end. */
  readonly left: TableSizes;
  readonly registrations: number;
  readonly calls: number;
  readonly messages: number;
  readonly problems: readonly string[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Mean time between two calls of the whole house. */
const CALL_INTERVAL_MS = 30_000;

/** Time between two looks of the daemon at its clocks; it does so each half second, which would only take longer here. */
const TICK_INTERVAL_MS = 10_000;

/** Strangers from outside, one a minute. */
const STRANGER_INTERVAL_MS = 60_000;

/** A leg whose media went silent is kept for an hour, a known peer too. */
const FORGET_MS = 2 * HOUR_MS;

/** Port pairs a side: more than there are calls at once, as many as the world has numbers for. */
const PAIRS = 100;

/** Lives through the days. */
export function playDays(plan: DaysPlan): DaysReport {
  return new SimulatedDays(plan).play();
}

class SimulatedDays {
  readonly #plan: DaysPlan;
  readonly #dice: Dice;
  readonly #queue = new EventQueue();
  readonly #world = new CoreWorld({ config: configOf("lan_expires = 300"), pairs: PAIRS });
  readonly #exchange = new Exchange(this.#world);
  readonly #registeredUntilMs = new Map<number, number>();
  readonly #cseqs = new Map<number, number>();
  readonly #calls = new Set<SimulatedCall>();
  readonly #samples: DaySample[] = [];
  readonly #startMs: number;
  #registrations = 0;
  #callCount = 0;
  #strangers = 0;

  constructor(plan: DaysPlan) {
    this.#plan = plan;
    this.#dice = new Dice(plan.seed);
    this.#startMs = this.#world.nowMs;
  }

  play(): DaysReport {
    const endMs = this.#startMs + this.#plan.days * DAY_MS;
    for (let n = 0; n < this.#plan.phones; n++) {
      this.#queue.at(this.#startMs + this.#dice.below(60_000), () => this.#register(n, endMs));
    }
    this.#every(TICK_INTERVAL_MS, { endMs, run: () => {} });
    this.#every(STRANGER_INTERVAL_MS, { endMs, run: () => this.#strange() });
    this.#every(HOUR_MS, { endMs, run: () => this.#look() });
    this.#nextCall(endMs);
    this.#runAll();
    for (let n = 0; n < this.#plan.phones; n++) this.#unregister(n);
    this.#exchange.pass(FORGET_MS);
    return {
      samples: this.#samples,
      left: this.#sizes(),
      registrations: this.#registrations,
      calls: this.#callCount,
      messages: this.#exchange.messages,
      problems: this.#exchange.problems,
    };
  }

  #runAll(): void {
    for (let event = this.#queue.take(); event !== undefined; event = this.#queue.take()) {
      const byMs = Math.max(0, event.atMs - this.#world.nowMs);
      if (byMs > 0) this.#exchange.pass(byMs);
      event.run();
    }
  }

  #after(delayMs: number, run: () => void): void {
    this.#queue.at(this.#world.nowMs + delayMs, run);
  }

  #every(intervalMs: number, plan: { readonly endMs: number; readonly run: () => void }): void {
    this.#after(intervalMs, () => {
      plan.run();
      if (this.#world.nowMs < plan.endMs) this.#every(intervalMs, plan);
    });
  }

  /** A phone comes back before its registration ends; now and then the provider is deaf, or it registers for a while only. */
  #register(n: number, endMs: number): void {
    const dice = this.#dice;
    const expiresSeconds = dice.pick([60, 120, 300, 600, 3_600]);
    const granted = this.#sendRegister(n, expiresSeconds);
    if (this.#world.nowMs >= endMs) return;
    // lan_expires: who asked for more is told to come back sooner.
    const againSeconds = granted ? Math.min(expiresSeconds, 300) * 0.9 : 20;
    const isAway = granted && dice.oneIn(200);
    if (isAway) this.#unregister(n);
    const delayMs = isAway ? dice.between(HOUR_MS, 4 * HOUR_MS) : againSeconds * 1000;
    this.#after(delayMs, () => this.#register(n, endMs));
  }

  #sendRegister(n: number, expiresSeconds: number): boolean {
    const outcome = this.#dice.oneIn(40)
      ? this.#dice.pick(["deaf", "refused"] as const)
      : "granted";
    const cseq = (this.#cseqs.get(n) ?? 0) + 1;
    this.#cseqs.set(n, cseq);
    this.#registrations++;
    const text = registerOf(n, { cseq, expiresSeconds });
    const isGranted = this.#exchange.register({ n, text, outcome });
    const untilMs = this.#world.nowMs + expiresSeconds * 1000;
    if (isGranted) this.#registeredUntilMs.set(n, untilMs);
    return isGranted;
  }

  #unregister(n: number): void {
    const cseq = (this.#cseqs.get(n) ?? 0) + 1;
    this.#cseqs.set(n, cseq);
    this.#exchange.register({
      n,
      text: registerOf(n, { cseq, expiresSeconds: 0 }),
      outcome: "granted",
    });
    this.#registeredUntilMs.delete(n);
  }

  #nextCall(endMs: number): void {
    this.#after(this.#dice.between(1, 2 * CALL_INTERVAL_MS), () => {
      this.#call();
      if (this.#world.nowMs < endMs) this.#nextCall(endMs);
    });
  }

  #call(): void {
    const phones = [...this.#registeredUntilMs].filter(([, untilMs]) => untilMs > this.#world.nowMs)
      .map(([n]) => n);
    if (phones.length === 0) return;
    const call = new SimulatedCall({
      phone: this.#dice.pick(phones),
      number: ++this.#callCount,
      dice: this.#dice,
      exchange: this.#exchange,
      after: (delayMs, run) => this.#after(delayMs, run),
      onOver: () => this.#calls.delete(call),
    });
    this.#calls.add(call);
    call.begin();
  }

  #strange(): void {
    const n = ++this.#strangers;
    const source = `198.51.${n % 200}.${1 + n % 250}:5060`;
    this.#world.receive(strangeRequest(n, source), { side: "wan", source });
  }

  #look(): void {
    const { nowMs } = this.#world;
    const registered =
      [...this.#registeredUntilMs.values()].filter((until) => until > nowMs).length;
    const bindings = this.#world.state.bindings.all();
    this.#samples.push({
      hour: this.#samples.length + 1,
      sizes: this.#sizes(),
      live: bindings.filter(({ expiresAtMs }) => expiresAtMs > nowMs).length,
      heapBytes: this.#plan.heapBytes?.() ?? 0,
      truth: { registered, calls: this.#calls.size },
    });
  }

  #sizes(): TableSizes {
    const { bindings, dialogs, memo, pending, retransmissions, knownPeers } = this.#world.state;
    return {
      bindings: bindings.size,
      dialogs: dialogs.size,
      memo: memo.size,
      pending: pending.size,
      retransmissions: retransmissions.size,
      knownPeers: knownPeers.size,
      pairs: 2 * PAIRS - this.#world.freePairs("lan") - this.#world.freePairs("wan"),
    };
  }
}
