import type { SignallingSetup, StartReason } from "../protocol.ts";
import type { SipTransports } from "../signalling/sip_transports.ts";

/** How long a replacement waits for the sockets of its predecessor, and how often it tries. */
const TAKE_OVER_MS = 3000;
const TAKE_OVER_INTERVAL_MS = 20;

/**
 * Opens the sockets of a new isolate: the first one finds its ports free or says so at once, a later one waits until
 * its predecessor's are closed.
 *
 * @param transport what listens
 * @param setup where, and why the isolate was started
 * @returns one line why it must not go on, or undefined
 */
export async function takeOver(
  transport: Pick<SipTransports, "listen" | "reopen">,
  setup: Pick<SignallingSetup, "network" | "reason">,
): Promise<string | undefined> {
  const { reason, network } = setup;
  const patienceMs = reason === "first" ? 0 : TAKE_OVER_MS;
  let failure = transport.listen(network.listen, reason);
  for (let waitedMs = 0; failure !== undefined && waitedMs < patienceMs;) {
    await new Promise((resolve) => setTimeout(resolve, TAKE_OVER_INTERVAL_MS));
    waitedMs += TAKE_OVER_INTERVAL_MS;
    failure = transport.reopen(reason);
  }
  return reason === "first" ? failure : undefined;
}

/**
 * Tells what sockets that are opened after the start meet: what the isolate itself met.
 *
 * @param reason why the isolate was started
 * @returns the reason to open them with
 */
export function laterReason(reason: StartReason): StartReason {
  return reason === "first" ? "after-crash" : reason;
}
