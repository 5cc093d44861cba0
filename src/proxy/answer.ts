import { parseIpAddress } from "../base/ip_address.ts";
import type { SocketAddress } from "../base/socket_address.ts";
import { listValues } from "../sip/headers.ts";
import type { SipResponse } from "../sip/message.ts";
import { serializeMessage } from "../sip/serialize_message.ts";
import { parseVia } from "../sip/via.ts";
import type { ProxyInput } from "./input.ts";
import type { Action } from "./outcome.ts";
import { DEFAULT_SIP_PORT } from "./own_address.ts";

/**
 * Sends an answer of our own back to where its request came from: always to the source's address, and to the port that the
 * topmost Via names (RFC 3261 §18.2.2, RFC 3581 §4), so that nobody can have answers sent to somebody else (R22). On a
 * stream it takes the request's connection; the port counts when that has been closed meanwhile.
 *
 * @param response the answer
 * @param input the request's arrival
 * @returns the action that sends it
 */
export function answerAction(response: SipResponse, input: ProxyInput): Action {
  const { listenPoint, source, connectionId } = input;
  const { side, transport } = listenPoint;
  const peer: SocketAddress = { address: source.address, port: answerPort(response, input) };
  return {
    kind: "send",
    data: serializeMessage(response),
    hop: { side, transport, peer, connectionId },
  };
}

function answerPort(response: SipResponse, input: ProxyInput): number {
  const via = parseVia(listValues(response, "via")[0] ?? "");
  if (!via.ok) return input.source.port;
  const { rport, port, host } = via.value;
  if (input.connectionId !== undefined) return port ?? DEFAULT_SIP_PORT;
  if (typeof rport === "number") return rport;
  if (rport === "" || parseIpAddress(host) !== input.source.address) return input.source.port;
  return port ?? DEFAULT_SIP_PORT;
}
