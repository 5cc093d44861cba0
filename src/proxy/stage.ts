import type { SipResponse } from "../sip/message.ts";
import type { Need } from "./outcome.ts";

/** What a stage says: go on, stop in silence, answer the sender, supply something first, or all is done. */
export type Verdict =
  | { readonly kind: "next" }
  | { readonly kind: "drop"; readonly reason: string }
  | {
    readonly kind: "reply";
    readonly response: SipResponse;
    readonly keepActions: "keep" | "discard";
  }
  | { readonly kind: "need"; readonly need: Need }
  | { readonly kind: "done" };

/** One step of RFC 3261 §16, as `pipeline.ts` lists it; no stage calls another. */
export interface Stage<Context> {
  readonly name: string;
  readonly run: (context: Context) => Verdict;
}

/** Go on with the next stage. */
export const NEXT: Verdict = { kind: "next" };

/**
 * Stops in silence; the reason is counted.
 *
 * @param reason one of our own words, such as `foreign-via`
 */
export function drop(reason: string): Verdict {
  return { kind: "drop", reason };
}
