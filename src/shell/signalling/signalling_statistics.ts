import type { Counters } from "../../metrics/counters.ts";
import type { ProxyState } from "../../proxy/state.ts";
import type { SignallingStatistics } from "../protocol.ts";
import type { SipLoop } from "./sip_loop.ts";

/**
 * Reads the figures of the signalling isolate.
 *
 * @param parts where they are kept
 * @returns plain data for the supervisor
 */
export function signallingStatistics(
  parts: { readonly counters: Counters; readonly state: ProxyState; readonly loop: SipLoop },
): SignallingStatistics {
  const { counters, state, loop } = parts;
  const memory = Deno.memoryUsage();
  return {
    counters: counters.snapshot(),
    messages: counters.messages.figures(),
    loopLagMs: loop.lagMs,
    bindings: state.bindings.size,
    dialogs: state.dialogs.size,
    waitingMessages: loop.waitingMessages,
    heapUsedBytes: memory.heapUsed,
    heapTotalBytes: memory.heapTotal,
  };
}
