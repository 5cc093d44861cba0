import { hostText, type IpAddress } from "../../base/ip_address.ts";
import type { Binding } from "../../registrar/binding.ts";
import { parseUri } from "../../sip/uri.ts";
import { type ResponseContext, sourceAddress } from "../context.ts";
import { isOwnAddress } from "../own_address.ts";
import { drop, NEXT, type Verdict } from "../stage.ts";
import { isOutboundProxy } from "./known_peers.ts";

/**
 * Keeps a caller's challenge from a phone (R13, the SIP digest leak): who calls and is hung up on may answer the BYE with
 * 401 or 407 in the provider's realm, and the phone would send him what it proves its password with.
 *
 * A challenge inside a call from outside passes from the phone's registrar, from an outbound proxy, from a host of the
 * registration's domain, and from sources that an access list names. In calls that a phone began whoever it called may
 * challenge the INVITE itself.
 *
 * @param context the run of a response, its leg found
 * @returns need for a domain not looked up yet, drop for a challenge of a caller, else next
 */
export function withholdForeignChallenge(context: ResponseContext): Verdict {
  const { statusCode } = context.message;
  if (statusCode !== 401 && statusCode !== 407) return NEXT;
  const { dialog } = context;
  if (dialog?.direction !== "incoming" || context.direction !== "incoming") return NEXT;
  const source = sourceAddress(context);
  const isTrusted = isOwnAddress(source, context.env) || isOutboundProxy(context) ||
    context.state.access.allowSip.length > 0;
  if (isTrusted) return NEXT;
  for (const phone of context.state.bindings.bySourceAddress(dialog.phone.address)) {
    const verdict = judgeSource(source, { phone, context });
    if (verdict === "provider") return NEXT;
    if (verdict !== "stranger") return verdict;
  }
  tell(source, context);
  return drop("foreign-challenge");
}

function judgeSource(
  source: IpAddress,
  job: { readonly phone: Binding; readonly context: ResponseContext },
): "provider" | "stranger" | Verdict {
  const { phone, context } = job;
  if (phone.registrar?.address === source) return "provider";
  const uri = parseUri(phone.addressOfRecordUri);
  if (!uri.ok || uri.value.kind !== "sip") return "stranger";
  const method = context.config.sip.useSrv ? "locate" : "address";
  const query = {
    host: uri.value.host,
    port: uri.value.port,
    transport: undefined,
    method,
  } as const;
  const answer = context.env.lookUp(query);
  if (answer.kind === "unknown") return { kind: "need", need: { kind: "host", query } };
  const isOfDomain = answer.kind === "targets" &&
    answer.targets.some(({ peer }) => peer.address === source);
  return isOfDomain ? "provider" : "stranger";
}

function tell(source: IpAddress, context: ResponseContext): void {
  const { statusCode } = context.message;
  const text =
    `${statusCode} from callee: ${hostText(source)} asks a phone for credentials in a call ` +
    "that it began, the phone does not get it";
  const fields = { source, callId: context.checked.callId };
  const event = { level: "warning", component: "proxy", event: "sip.foreign_challenge" } as const;
  context.actions.push({ kind: "log", event: { ...event, text, fields } });
}
