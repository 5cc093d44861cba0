import { headerValue, responseTo, sipText } from "../../src/cli/demo/sip_text.ts";
import type { SipPeer } from "./sip_peer.ts";

/** A REGISTER of alice, from a phone's socket to a registrar's. */
export function registerText(phone: SipPeer, registrar: SipPeer): string {
  const domain = `${registrar.hostname}:${registrar.port}`;
  return sipText(`REGISTER sip:${domain} SIP/2.0`, {
    headers: [
      ["Via", `SIP/2.0/UDP ${phone.hostname}:${phone.port};branch=z9hG4bK${crypto.randomUUID()}`],
      ["Max-Forwards", "70"],
      ["From", `<sip:alice@${domain}>;tag=1`],
      ["To", `<sip:alice@${domain}>`],
      ["Call-ID", crypto.randomUUID()],
      ["CSeq", "1 REGISTER"],
      ["Contact", `<sip:alice@${phone.hostname}:${phone.port}>`],
      ["Expires", "600"],
    ],
  });
}

/** The registrar's 200 to it. */
export function acceptText(request: string): string {
  const headers = [["Contact", `${headerValue(request, "Contact")};expires=600`]] as const;
  return responseTo(request, { status: "200 OK", toTag: "r", headers });
}
