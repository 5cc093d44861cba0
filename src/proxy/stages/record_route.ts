import { hostText } from "../../base/ip_address.ts";
import type { Transport } from "../../base/socket_address.ts";
import {
  appendHeaderAfterLast,
  getHeader,
  prependHeader,
  replaceListElements,
} from "../../sip/headers.ts";
import type { SipMessage } from "../../sip/message.ts";
import { parseNameAddr } from "../../sip/name_addr.ts";
import type { AnyContext, RequestContext, ResponseContext } from "../context.ts";
import { isOwnHostPort, RECORD_ROUTE_USER } from "../own_address.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * RFC 3261 §16.6 step 4, one-sided as siproxd does it: phones get our Record-Route, the outside never sees one (it
 * reaches us by the masqueraded Contact).
 *
 * @param context the run
 * @returns next
 */
export function recordRouteRequest(context: RequestContext): Verdict {
  const value = ownRecordRoute(context);
  context.message = context.direction === "incoming" && value !== undefined
    ? prependHeader(context.message, "Record-Route", value)
    : purgeOwn(context.message, context);
  return NEXT;
}

/**
 * The same for responses, whose Record-Route list runs from the far end to the near one.
 *
 * @param context the run
 * @returns next
 */
export function recordRouteResponse(context: ResponseContext): Verdict {
  const value = ownRecordRoute(context);
  context.message = context.direction === "incoming" && value !== undefined
    ? appendHeaderAfterLast(context.message, "Record-Route", value)
    : purgeOwn(context.message, context);
  return NEXT;
}

function ownRecordRoute(context: AnyContext): string | undefined {
  const { lan } = context.env.own;
  if (lan === undefined) return undefined;
  const transport: Transport = context.hop?.transport ?? "udp";
  const parameter = transport === "tcp" ? ";transport=tcp" : "";
  const port = context.config.sip.listenPort;
  return `<sip:${RECORD_ROUTE_USER}@${hostText(lan)}:${port}${parameter};lr>`;
}

function purgeOwn<Message extends SipMessage>(message: Message, context: AnyContext): Message {
  if (getHeader(message, "record-route") === undefined) return message;
  return replaceListElements(message, "record-route", (element) => {
    const nameAddr = parseNameAddr(element);
    const uri = nameAddr.ok ? nameAddr.value.uri : undefined;
    return uri?.kind === "sip" && isOwnHostPort(uri, context.env) ? undefined : element;
  });
}
