import { BoundedMap } from "../base/bounded_map.ts";
import { hostText, type IpAddress } from "../base/ip_address.ts";
import { sourceKey } from "../base/source_key.ts";
import type { LogEvent } from "../log/log_event.ts";

/** Calm after which a sender is news again. */
const CALM_MS = 60_000;

/** Senders that get a line of their own within {@linkcode CALM_MS}; a spoofed flood then gets one for all the others. */
const MAX_NAMED = 10;

/** Why a stranger hears nothing of us. */
export type Silence = "rate-limited" | "stranger";

const REASONS: Readonly<Record<Silence, string>> = Object.freeze({
  "rate-limited": "more requests a second that nobody here wants than are answered",
  stranger: "neither registrar, proxy, trunk nor party to a dialog",
});

/** Remembers which strangers the log has named, so that a scan of a thousand numbers is one line. */
export class StrangerNews {
  readonly #named = new BoundedMap<string, true>({ maxEntries: MAX_NAMED, lifetimeMs: CALM_MS });
  #othersUntilMs = 0;

  /**
   * Gives the line to log about a stranger who was met with silence.
   *
   * @param source who it is
   * @param seen why he hears nothing, and the moment
   * @returns undefined when the log has it already
   */
  line(
    source: IpAddress,
    seen: { readonly silence: Silence; readonly nowMs: number },
  ): LogEvent | undefined {
    const { silence, nowMs } = seen;
    if (this.#named.get(sourceKey(source, "wan"), nowMs) !== undefined) return undefined;
    const isOneOfMany = this.#isFull(nowMs);
    if (isOneOfMany && nowMs < this.#othersUntilMs) return undefined;
    const who = isOneOfMany ? "Many unknown senders" : `Unknown sender ${hostText(source)}`;
    const text = `${who}: no answer any more, ${REASONS[silence]}`;
    const fields = { source, reason: silence };
    return { level: "warning", component: "sip", event: "sip.stranger", text, fields };
  }

  /** Notes that a stranger was met with silence just now. */
  note(source: IpAddress, nowMs: number): void {
    const key = sourceKey(source, "wan");
    if (this.#named.get(key, nowMs) === undefined && this.#isFull(nowMs)) {
      this.#othersUntilMs = nowMs + CALM_MS;
      return;
    }
    this.#named.set(key, { value: true, nowMs });
  }

  #isFull(nowMs: number): boolean {
    this.#named.expire(nowMs);
    return this.#named.size >= MAX_NAMED;
  }
}
