import type { Dice } from "../property/dice.ts";

/** What may go wrong in the n-th time it is done. */
export type FaultKind = "bind" | "send" | "stream-write" | "look-up";

/** How often each thing is done in a history, about: the n-th is drawn below that. */
const USUAL_COUNT: Readonly<Record<FaultKind, number>> = {
  "bind": 6,
  "send": 60,
  "stream-write": 20,
  "look-up": 4,
};

/** Longest outage that begins with a failure. */
const MAX_OUTAGE_MS = 40_000;

/** Lets the n-th bind, send, write to a stream or look-up fail, and those of some time after it. */
export class Faults {
  readonly #plan = new Map<FaultKind, { left: number; readonly outageMs: number }>();
  readonly #endsAtMs = new Map<FaultKind, number>();

  constructor(dice: Dice) {
    for (const kind of ["bind", "send", "stream-write", "look-up"] as const) {
      if (!dice.oneIn(4)) continue;
      const left = dice.below(USUAL_COUNT[kind]);
      this.#plan.set(kind, { left, outageMs: dice.oneIn(2) ? 0 : dice.below(MAX_OUTAGE_MS) });
    }
  }

  /**
   * Counts one time that something is done.
   *
   * @param kind what
   * @param nowMs the history's clock
   * @returns whether it fails
   */
  fails(kind: FaultKind, nowMs: number): boolean {
    if (this.isOut(kind, nowMs)) return true;
    const plan = this.#plan.get(kind);
    if (plan === undefined || plan.left-- > 0) return false;
    this.#plan.delete(kind);
    this.#endsAtMs.set(kind, nowMs + plan.outageMs);
    return true;
  }

  /** Whether an outage lasts, without counting. */
  isOut(kind: FaultKind, nowMs: number): boolean {
    return nowMs < (this.#endsAtMs.get(kind) ?? 0);
  }
}
