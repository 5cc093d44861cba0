import { type AnyContext, type RequestContext, sourceAddress } from "../context.ts";
import { dialogIdOf } from "../dialog_table.ts";
import { dropStranger, isStranger } from "../reply.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * With `wan_peers = known` an outbound source that is no registrar, proxy or peer of a dialog, and that no access list
 * names, gets no answer at all: a scanner learns nothing, not even that somebody listens (R17, R20).
 *
 * @param context the run
 * @returns drop for a stranger, else next
 */
export function silenceStrangers(context: RequestContext): Verdict {
  if (context.config.sip.wanPeers === "any" || !isStranger(context)) return NEXT;
  return isNamed(context) || isOutboundProxy(context) || isInDialog(context)
    ? NEXT
    : dropStranger(context, "stranger");
}

/** A source that passed a list which is set was named by it. */
function isNamed(context: RequestContext): boolean {
  return context.state.access.allowSip.length > 0 || context.right === "sip-and-register";
}

/**
 * Tells whether a message came from a configured outbound proxy; names are looked up in the cache only.
 *
 * @param context a run
 * @returns true when the source is an address of one of them
 */
export function isOutboundProxy(context: AnyContext): boolean {
  const { outboundProxy, outboundDomains, useSrv } = context.config.sip;
  const source = sourceAddress(context);
  const proxies = outboundProxy === undefined
    ? outboundDomains
    : [...outboundDomains, outboundProxy];
  return proxies.some(({ host, port }) => {
    const method = useSrv ? "locate" : "address";
    const answer = context.env.lookUp({ host, port, transport: undefined, method });
    return answer.kind === "targets" &&
      answer.targets.some((target) => target.peer.address === source);
  });
}

function isInDialog(context: RequestContext): boolean {
  const { callId, fromTag, toTag } = context.checked;
  if (toTag === undefined) return false;
  const { dialogs } = context.state;
  for (const initiatorTag of [fromTag ?? "", toTag]) {
    if (dialogs.get(dialogIdOf("incoming", { callId, initiatorTag })) !== undefined) return true;
    if (dialogs.get(dialogIdOf("outgoing", { callId, initiatorTag })) !== undefined) return true;
  }
  return false;
}
