import { FloodGate, type GateQuestion, type Standing } from "../../access/flood_gate.ts";
import { hostText, type IpAddress } from "../../base/ip_address.ts";
import type { Side } from "../../base/socket_address.ts";
import type { Counters } from "../../metrics/counters.ts";
import type { ProxyInput } from "../../proxy/input.ts";
import type { Arrival } from "../../proxy/own_address.ts";
import type { Journal } from "./journal.ts";

/** Calm after which a flood is over. */
const CALM_MS = 5_000;

/** What a guard works with. */
export interface FloodGuardParts {
  readonly now: () => number;
  /** Takes what is let through. */
  readonly receive: (input: ProxyInput) => void;
  readonly standingOf: (arrival: Arrival) => Standing;
  readonly counters: Pick<Counters, "add">;
  readonly journal: Pick<Journal, "log">;
}

interface Flood {
  readonly side: Side;
  readonly startedAtMs: number;
  lastAtMs: number;
  dropped: number;
}

/**
 * Stands between the sockets and the loop: times each message, and under load throws away unread what the gate does not
 * let through. A flood makes two log lines, one when it begins and one when it is over.
 */
export class FloodGuard {
  readonly #parts: FloodGuardParts;
  readonly #gate = new FloodGate();
  readonly #floods = new Map<Side, Flood>();

  constructor(parts: FloodGuardParts) {
    this.#parts = parts;
  }

  /** Takes a message from a socket. */
  take(input: ProxyInput): void {
    const { now, receive } = this.#parts;
    const startedMs = now();
    if (this.#gate.isLoaded(startedMs) && !this.#admits(input)) {
      return this.#drop(input, startedMs);
    }
    receive(input);
    this.#gate.worked(now() - startedMs);
  }

  /** Tells how long a stream should not be read, in milliseconds. */
  restMs(arrival: Arrival): number {
    const nowMs = this.#parts.now();
    if (!this.#gate.isLoaded(nowMs)) return 0;
    return this.#gate.restMs(this.#question(arrival), nowMs);
  }

  /** Says when floods are over. Call it once a second. */
  tick(): void {
    const nowMs = this.#parts.now();
    for (const flood of this.#floods.values()) {
      if (nowMs - flood.lastAtMs < CALM_MS) continue;
      this.#floods.delete(flood.side);
      const { side, dropped } = flood;
      const seconds = Math.round((flood.lastAtMs - flood.startedAtMs) / 1000);
      const text = `Flood on the ${side} side is over: ${dropped} messages dropped in ${seconds} s`;
      const event = "sip.flood_over";
      const fields = { side, dropped, seconds };
      this.#parts.journal.log({ level: "warning", component: "sip", event, text, fields });
    }
  }

  #admits(input: ProxyInput): boolean {
    const question = this.#question(input);
    const isPhonesStream = question.standing === "phone" && input.connectionId !== undefined;
    // A stream that says too much is read more slowly, so that what came by it is never lost.
    return this.#gate.admits(isPhonesStream ? { ...question, standing: "peer" } : question);
  }

  #question(arrival: Arrival): GateQuestion {
    const { side } = arrival.listenPoint;
    const source = arrival.source.address;
    return { side, source, standing: this.#parts.standingOf(arrival) };
  }

  #drop(input: ProxyInput, nowMs: number): void {
    const { counters } = this.#parts;
    counters.add("sip_received");
    counters.add("sip_dropped", { reason: "flood" });
    const { side } = input.listenPoint;
    const flood = this.#floods.get(side) ??
      this.#begin(side, { nowMs, source: input.source.address });
    flood.lastAtMs = nowMs;
    flood.dropped++;
  }

  #begin(side: Side, first: { readonly nowMs: number; readonly source: IpAddress }): Flood {
    const { nowMs, source } = first;
    const text = `Flood on the ${side} side: too many messages to read all, ` +
      `dropping those of unknown senders, the first from ${hostText(source)}`;
    const fields = { side, source };
    this.#parts.journal.log({
      level: "warning",
      component: "sip",
      event: "sip.flood",
      text,
      fields,
    });
    const flood = { side, startedAtMs: nowMs, lastAtMs: nowMs, dropped: 0 };
    this.#floods.set(side, flood);
    return flood;
  }
}
