import { hostText, parseIpAddress } from "../base/ip_address.ts";
import { addressScope } from "../base/ip_network.ts";
import { isAmongOwn } from "../base/side_addresses.ts";
import type { NameAddr } from "../sip/name_addr.ts";
import { type RequestContext, sourceAddress } from "./context.ts";

/**
 * Warns once a phone that writes our public address into its Contact: it asked a STUN server (RFC 8489) what it looks
 * like from outside, and calls for it would come back to us.
 *
 * @param context a run of a REGISTER; the warning is one of its actions
 */
export function warnOfStun(context: RequestContext): void {
  const { advertised, lan } = context.env.own;
  const source = sourceAddress(context);
  if (context.side !== "lan" || advertised === undefined || advertised === lan) return;
  // A PBX on this very machine has our addresses by right.
  if (addressScope(source) === "loopback" || isAmongOwn(context.env.own, source)) return;
  if (!context.checked.contacts.contacts.some((contact) => hostOf(contact) === advertised)) return;
  const phone = hostText(source);
  const text = `Phone ${phone} registers with our public address ${hostText(advertised)} ` +
    "in its Contact: switch STUN off in the phone";
  const event = {
    level: "warning",
    component: "registrar",
    event: "reg.stun",
    once: phone,
  } as const;
  context.actions.push({ kind: "log", event: { ...event, text, fields: { phone } } });
}

function hostOf({ uri }: NameAddr): string | undefined {
  return uri.kind === "sip" ? parseIpAddress(uri.host) : undefined;
}
