import { hostText, parseIpAddress } from "../../base/ip_address.ts";
import { isAmongOwn, sideAddresses } from "../../base/side_addresses.ts";
import { makeSipUri, parseUri, sameAddressOfRecord, type SipUri } from "../../sip/uri.ts";
import type { Binding } from "../../registrar/binding.ts";
import { selectBinding } from "../../registrar/select_binding.ts";
import { cameBack, isFromThisHost } from "../origin.ts";
import { type RequestContext, sourceAddress } from "../context.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * Decides whether a request goes out or comes in: first by the sender, who is a registered phone or not; then by the
 * registration it names; last by our own addresses, which count as the phones' side.
 *
 * @param context the run
 * @returns next; the direction stays undefined when nothing matches
 */
export function findDirection(context: RequestContext): Verdict {
  if (context.direction !== undefined) return NEXT;
  const source = sourceAddress(context);
  if (context.message.method === "REGISTER") {
    context.direction = "outgoing";
    return NEXT;
  }
  const phones = cameBack(context) ? [] : context.state.bindings.bySourceAddress(source);
  if (phones.length > 0) {
    context.direction = "outgoing";
    context.binding = chooseCaller(phones, context);
    return NEXT;
  }
  const callee = findCallee(context);
  if (callee !== undefined) {
    context.direction = "incoming";
    context.binding = callee;
    return NEXT;
  }
  if (isFromThisHost(context)) context.direction = "outgoing";
  return NEXT;
}

function chooseCaller(phones: readonly Binding[], context: RequestContext): Binding | undefined {
  const from = context.checked.from.uri;
  const { port } = context.input.source;
  return phones.find((phone) => {
    const uri = parseUri(phone.addressOfRecordUri);
    return uri.ok && sameAddressOfRecord(uri.value, from, { ports: "ignore" });
  }) ?? phones.find((phone) => phone.source.port === port) ?? phones[phones.length - 1];
}

function findCallee(context: RequestContext): Binding | undefined {
  const { requestUri, to } = context.checked;
  const { bindings } = context.state;
  const userPart = context.config.sip.userPartMatching ? "match" : "ignore";
  const found = selectBinding(bindings, { requestUri, toUri: to.uri, userPart });
  if (found !== undefined || requestUri.kind !== "sip") return found;
  for (const host of otherHosts(requestUri, context)) {
    const uri = makeSipUri({ ...requestUri, host });
    const other = selectBinding(bindings, { requestUri: uri, toUri: to.uri, userPart: "ignore" });
    if (other !== undefined) return other;
  }
  return undefined;
}

/** A registration by one family is known under our address of the other one too: a dialog by that one told it. */
function otherHosts(uri: SipUri, { env }: RequestContext): readonly string[] {
  const written = parseIpAddress(uri.host);
  if (env.own.wan6 === undefined || written === undefined) return [];
  if (!isAmongOwn(env.own, written)) return [];
  const outer = new Set([...sideAddresses(env.own, "wan"), env.own.advertised]);
  outer.delete(written);
  return [...outer].filter((one) => one !== undefined).map(hostText);
}
