import type { IpAddress } from "../base/ip_address.ts";
import type { Side } from "../base/socket_address.ts";
import { sourceKey } from "../base/source_key.ts";

/** Span that is measured and counted in: short, so that calm comes back before a phone repeats itself (T1, 500 ms). */
const WINDOW_MS = 100;

/**
 * Work of one span, in milliseconds, from which on senders are counted: what comes in the meantime still fits into the
 * system's receive buffer, some 200 messages.
 */
const BUSY_MS = 50;

/** Messages a span from strangers of one side: a tenth of a core, and new phones and callers still get in. */
const STRANGERS_PER_WINDOW = 60;

/** Messages a span from one stranger: a flood from one address leaves most of the room to others. */
const STRANGER_PER_WINDOW = 10;

/** Messages a span from one registered phone, or a PBX with 250 calls a second, before it stands in the others' way. */
const PHONE_PER_WINDOW = 200;

/** Messages a span from one provider on its streams, which can wait; what it sends by UDP is never thrown away. */
const PEER_PER_WINDOW = 200;

/** Who sends: `peer` is a registrar, proxy, trunk or party of a dialog on the Internet; `own` is this machine. */
export type Standing = "stranger" | "phone" | "peer" | "own";

/** What one sender may say in a span before others come first. */
const SHARES: Readonly<Record<Exclude<Standing, "own">, number>> = Object.freeze({
  stranger: STRANGER_PER_WINDOW,
  phone: PHONE_PER_WINDOW,
  peer: PEER_PER_WINDOW,
});

/** Who asks to be heard. */
export interface GateQuestion {
  readonly side: Side;
  readonly source: IpAddress;
  readonly standing: Standing;
}

/**
 * Decides under load whose messages are looked at: strangers in small numbers, each side for itself, phones up to what
 * one can have to say, providers always. While there is time everybody is heard.
 *
 * A message costs ten times what it costs to throw it away unread, so that a flood cannot take the time of calls.
 */
export class FloodGate {
  #windowStartedMs = 0;
  #busyMs = 0;
  #wasBusy = false;
  readonly #strangers: Record<Side, number> = { lan: 0, wan: 0 };
  readonly #perSource = new Map<string, number>();

  /** Whether senders are counted at this moment. */
  isLoaded(nowMs: number): boolean {
    this.#roll(nowMs);
    return this.#wasBusy || this.#busyMs >= BUSY_MS;
  }

  /** Decides on a message while {@linkcode isLoaded} holds, and counts it. */
  admits({ side, source, standing }: GateQuestion): boolean {
    if (standing === "own") return true;
    if (standing === "peer") {
      this.#count(sourceKey(source, side));
      return true;
    }
    const isStranger = standing === "stranger";
    if (isStranger && this.#strangers[side] >= STRANGERS_PER_WINDOW) return false;
    // The map needs no bound of its own: it holds phones and peers, which are bounded, and strangers that were let in.
    const key = sourceKey(source, side);
    const heard = this.#heard(key);
    if (heard >= SHARES[standing]) return false;
    this.#count(key);
    if (isStranger) this.#strangers[side]++;
    return true;
  }

  /**
   * Tells how long a stream of this sender should not be read, in milliseconds: its messages wait with him, and none is
   * lost.
   */
  restMs({ side, source, standing }: GateQuestion, nowMs: number): number {
    if (!this.isLoaded(nowMs) || standing === "own") return 0;
    if (this.#heard(sourceKey(source, side)) < SHARES[standing]) return 0;
    return Math.max(1, this.#windowStartedMs + WINDOW_MS - nowMs);
  }

  /** Notes how long a message took. */
  worked(durationMs: number): void {
    this.#busyMs += durationMs;
  }

  #heard(key: string): number {
    return this.#perSource.get(key) ?? 0;
  }

  #count(key: string): void {
    this.#perSource.set(key, this.#heard(key) + 1);
  }

  #roll(nowMs: number): void {
    const elapsedMs = nowMs - this.#windowStartedMs;
    if (elapsedMs < WINDOW_MS) return;
    this.#wasBusy = this.#busyMs >= BUSY_MS && elapsedMs < 2 * WINDOW_MS;
    this.#windowStartedMs = nowMs;
    this.#busyMs = 0;
    this.#strangers.lan = 0;
    this.#strangers.wan = 0;
    if (this.#perSource.size > 0) this.#perSource.clear();
  }
}
