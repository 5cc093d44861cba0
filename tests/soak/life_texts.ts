/** What the phones and the provider of the simulated days say; RFC 3261 with nothing left to chance. */

import { sdpText, sipText } from "../support/phone_world.ts";

/** The provider: registrar, and far end of every call. */
export const PROVIDER_PLACE = "192.0.2.10:5070" as const;

/** Where a phone is. */
export function phonePlace(n: number): string {
  return `10.0.0.${10 + n}:5060`;
}

/** A REGISTER. */
export function registerOf(
  n: number,
  plan: { readonly cseq: number; readonly expiresSeconds: number },
): string {
  const { cseq, expiresSeconds } = plan;
  const aor = `<sip:u${n}@${PROVIDER_PLACE}>`;
  return sipText(`REGISTER sip:${PROVIDER_PLACE} SIP/2.0`, [
    `Via: SIP/2.0/UDP ${phonePlace(n)};branch=z9hG4bKr${n}x${cseq}`,
    "Max-Forwards: 70",
    `From: ${aor};tag=r${n}`,
    `To: ${aor}`,
    `Call-ID: reg-${n}@${phonePlace(n)}`,
    `CSeq: ${cseq} REGISTER`,
    `Contact: <sip:u${n}@${phonePlace(n)}>;expires=${expiresSeconds}`,
  ]);
}

/** One end of a call that asks. */
export interface Dialogue {
  readonly callId: string;
  readonly from: string;
  readonly to: string;
  readonly uri: string;
  /** `address:port` of who asks. */
  readonly place: string;
  readonly contact: string;
}

/** A request of a call. */
export function callRequest(
  call: Dialogue,
  plan: { readonly method: string; readonly cseq: number; readonly branch: string },
): string {
  const { method, cseq, branch } = plan;
  const hasBody = method === "INVITE";
  const body = hasBody ? sdpText(call.place.split(":")[0] ?? "", 30_000) : "";
  return sipText(`${method} ${call.uri} SIP/2.0`, [
    `Via: SIP/2.0/UDP ${call.place};branch=z9hG4bK${branch}`,
    "Max-Forwards: 70",
    `From: ${call.from}`,
    `To: ${call.to}`,
    `Call-ID: ${call.callId}`,
    `CSeq: ${cseq} ${method === "ACK" ? "ACK" : method}`,
    `Contact: <${call.contact}>`,
    ...(hasBody ? ["Content-Type: application/sdp"] : []),
  ], { body });
}

/** What a stranger tries. */
export function strangeRequest(n: number, source: string): string {
  return sipText(`OPTIONS sip:${n % 1_000}@192.0.2.1 SIP/2.0`, [
    `Via: SIP/2.0/UDP ${source};branch=z9hG4bKs${n};rport`,
    "Max-Forwards: 70",
    `From: <sip:s${n}@${source}>;tag=s${n}`,
    `To: <sip:${n % 1_000}@192.0.2.1>`,
    `Call-ID: strange-${n}`,
    `CSeq: 1 OPTIONS`,
    `User-Agent: friendly-scanner`,
  ]);
}
