import { listValues, replaceListElements } from "../../sip/headers.ts";
import { parseVia, type Via } from "../../sip/via.ts";
import { ownBranch } from "../branch.ts";
import { type ResponseContext, sourceAddress } from "../context.ts";
import type { Direction } from "../dialog_table.ts";
import { isOwnHostPort } from "../own_address.ts";
import { parseIpAddress } from "../../base/ip_address.ts";
import { sideAddresses } from "../../base/side_addresses.ts";
import { retransmissionKey } from "../retransmissions.ts";
import { drop, NEXT, type Verdict } from "../stage.ts";

/**
 * RFC 3261 §16.7 step 3, §16.11: the topmost Via must be ours and goes; its keyed branch proves that we sent the request,
 * and which way. A response without that proof changes nothing here, and is passed on to or from a registered phone only.
 *
 * @param context the run
 * @returns drop for a foreign or a forged response, else next
 */
export function matchOwnVia(context: ResponseContext): Verdict {
  const { checked, env } = context;
  if (!isOwnHostPort(checked.topmostVia, env)) {
    const event = { level: "error", component: "proxy", event: "sip.foreign_via" } as const;
    context.actions.push({ kind: "log", event });
    return drop("foreign-via");
  }
  const next = parseVia(listValues(context.message, "via")[1] ?? "");
  if (!next.ok) return drop("no-second-via");
  context.message = replaceListElements(
    context.message,
    "via",
    (element, index) => index === 0 ? undefined : element,
  );
  const direction = provenDirection(next.value, context);
  context.trust = direction === undefined ? "unverified" : "verified";
  if (direction === "incoming" && env.isResting(context.input.source)) {
    const { source: peer } = context.input;
    context.actions.push({ kind: "peer-health", peer, health: "alive" });
  }
  context.branch = checked.topmostVia.branch;
  context.direction = direction ?? likelyDirection(context);
  if (direction !== undefined && context.state.retransmissions.size > 0) stopRepeating(context);
  if (direction === undefined && !concernsPhone(next.value, context)) {
    return drop("forged-response");
  }
  return NEXT;
}

/** RFC 3261 §17.1.1.2, §17.1.2.2: an answer ends the repetition, a provisional one to a non-INVITE slows it down. */
function stopRepeating(context: ResponseContext): void {
  const { message, checked, branch = "" } = context;
  const key = retransmissionKey(branch, checked.cseq.method);
  const kind = message.statusCode < 200 ? "provisional" : "stop";
  context.actions.push({ kind: "retransmit", change: { kind, key } });
}

/** A response to a request that went out comes in, and the other way round. */
function provenDirection(via: Via, context: ResponseContext): Direction | undefined {
  const { callId, cseq, fromTag = "", topmostVia } = context.checked;
  const identity = { via, callId, cseqNumber: cseq.number, fromTag };
  if (topmostVia.branch === ownBranch({ ...identity, direction: "outgoing" }, context.env)) {
    return "incoming";
  }
  return topmostVia.branch === ownBranch({ ...identity, direction: "incoming" }, context.env)
    ? "outgoing"
    : undefined;
}

function likelyDirection(context: ResponseContext): Direction {
  const address = parseIpAddress(context.checked.topmostVia.host);
  const { own } = context.env;
  const isInner = address !== undefined && sideAddresses(own, "lan").includes(address) &&
    address !== own.advertised && !sideAddresses(own, "wan").includes(address);
  return isInner ? "outgoing" : "incoming";
}

function concernsPhone(next: Via, context: ResponseContext): boolean {
  const { bindings } = context.state;
  if (context.direction === "outgoing") return bindings.isPhone(sourceAddress(context));
  const address = parseIpAddress(next.received ?? next.host);
  return address !== undefined && bindings.isPhone(address);
}
