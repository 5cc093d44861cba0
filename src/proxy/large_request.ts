import { replaceListElements } from "../sip/headers.ts";
import { serializeMessage } from "../sip/serialize_message.ts";
import type { RequestContext } from "./context.ts";
import type { Hop } from "./hop.ts";
import type { Verdict } from "./stage.ts";
import { forStrictRouter } from "./strict_route.ts";

/** RFC 3261 §18.1.1: a larger request may be cut into fragments, which NAT routers and firewalls lose. */
const MAX_DATAGRAM_REQUEST_BYTES = 1_300;

/** A request as it leaves: its octets and where they go. */
export interface Carriage {
  readonly data: Uint8Array;
  readonly hop: Hop;
}

/**
 * Takes a request that is too large for a datagram to a stream, where its server accepts one (RFC 3261 §18.1.1).
 *
 * Only the top Via tells of it: the Contact stays, so that later requests of the dialog come as they always do. Phones
 * are not asked: the path to them is our own link, and one that registered over UDP listens there. What was sent
 * once goes the same way again.
 *
 * @param context the run
 * @param carriage the request with its own Via on top
 * @returns need while nobody knows whether the server takes streams, else how the request leaves
 */
export function carryRequest(
  context: RequestContext,
  carriage: Carriage,
): Carriage | Extract<Verdict, { kind: "need" }> {
  const { data, hop } = carriage;
  if (data.length <= MAX_DATAGRAM_REQUEST_BYTES || hop.transport !== "udp") return carriage;
  const { env, direction, recalled } = context;
  if (direction !== "outgoing" || recalled !== undefined || env.streams === "none") return carriage;
  const reach = env.streamReach(hop.peer);
  if (reach === "unknown") return { kind: "need", need: { kind: "stream", peer: hop.peer } };
  return reach === "open" ? overStream(context, hop) : carriage;
}

function overStream(context: RequestContext, hop: Hop): Carriage {
  context.message = replaceListElements(
    context.message,
    "via",
    (element, index) => index === 0 ? element.replace("SIP/2.0/UDP", "SIP/2.0/TCP") : element,
  );
  const connectionId = context.env.connectionTo(hop.peer);
  return {
    data: serializeMessage(forStrictRouter(context.message)),
    hop: { ...hop, transport: "tcp", connectionId },
  };
}
