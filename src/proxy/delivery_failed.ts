import { ipFamily } from "../base/ip_address.ts";
import { checkMessage } from "../sip/check_message.ts";
import { parseMessage } from "../sip/parse_message.ts";
import { buildResponse } from "../sip/respond.ts";
import { serializeMessage } from "../sip/serialize_message.ts";
import type { Hop } from "./hop.ts";
import type { Action } from "./outcome.ts";
import { ownTag } from "./reply.ts";
import { runPipeline } from "./run_pipeline.ts";
import type { World } from "./state.ts";

/** A message of ours that the transport could not deliver. */
export interface Undelivered {
  readonly data: Uint8Array;
  readonly hop: Hop;
  /** Nobody listens there, or nobody answered in time. */
  readonly reason: "refused" | "timeout";
}

/**
 * Answers a request that could not be delivered as if its target had answered 503 (RFC 3261 §16.9), so that the sender
 * tries elsewhere at once, and everything that waits for an answer ends as usual.
 *
 * A server that let the dial time out is 504, a phone whose connection is gone is 480. Responses and ACKs have nobody
 * to be reported to.
 *
 * @param undelivered the octets as they would have left, our Via on top
 * @param world what the proxy knows, and the world at this moment; read only
 * @returns actions to carry out
 */
export function deliveryFailed(undelivered: Undelivered, world: World): readonly Action[] {
  const { hop } = undelivered;
  const response = failureResponse(undelivered, world);
  const family = ipFamily(hop.peer.address);
  const points = world.env.listenPoints.filter(({ side }) => side === hop.side);
  const listenPoint = points.find(({ local }) => ipFamily(local.address) === family) ?? points[0];
  if (response === undefined || listenPoint === undefined) return [];
  const outcome = runPipeline({
    data: response,
    source: hop.peer,
    listenPoint: { ...listenPoint, transport: hop.transport },
    connectionId: undefined,
  }, world);
  if (outcome.kind === "need") return [];
  // The answer is our own: it says nothing good of the server.
  const actions = outcome.actions.filter(({ kind }) => kind !== "peer-health");
  if (hop.side === "lan") return actions;
  return [{ kind: "peer-health", peer: hop.peer, health: "silent" }, ...actions];
}

function failureResponse(undelivered: Undelivered, world: World): Uint8Array | undefined {
  const parsed = parseMessage(undelivered.data, "stream");
  const checked = parsed.ok ? checkMessage(parsed.value) : undefined;
  if (checked === undefined || !checked.ok || checked.value.kind === "response") return undefined;
  const { message, callId, fromTag = "", cseq } = checked.value;
  if (message.method === "ACK") return undefined;
  const toTag = ownTag({ callId, fromTag, cseqNumber: cseq.number }, world.env);
  return serializeMessage(buildResponse(message, { statusCode: statusOf(undelivered), toTag }));
}

function statusOf({ hop, reason }: Undelivered): number {
  if (hop.side === "lan") return 480;
  return reason === "timeout" ? 504 : 503;
}
