import { encodeLatin1 } from "../../src/base/text.ts";
import { headerValue, listValues } from "../../src/sip/headers.ts";
import type { SipMessage, SipRequest } from "../../src/sip/message.ts";

/**
 * Writes a message with a counted body.
 *
 * @param lines start line and header lines
 * @param body session description, or nothing
 * @returns the octets
 */
export function wireOf(lines: readonly string[], body: string | undefined): Uint8Array {
  const type = body === undefined ? [] : ["Content-Type: application/sdp"];
  const length = `Content-Length: ${body?.length ?? 0}`;
  return encodeLatin1([...lines, ...type, length, "", body ?? ""].join("\r\n"));
}

/** What a session description says. */
export interface Offer {
  readonly address: string;
  readonly port: number;
  readonly version: number;
  readonly media: number;
  readonly flow: "sendrecv" | "sendonly" | "inactive" | "zero";
}

/** Writes a session description with as many media lines. */
export function sdpOf(offer: Offer): string {
  const shown = offer.flow === "zero" ? "0.0.0.0" : offer.address;
  const lines = [
    "v=0",
    `o=sim 1 ${offer.version} IN IP4 ${offer.address}`,
    "s=-",
    `c=IN IP4 ${shown}`,
    "t=0 0",
  ];
  for (let index = 0; index < offer.media; index++) {
    lines.push(
      `m=audio ${offer.port + 2 * index} RTP/AVP 0 8`,
      `a=rtcp:${offer.port + 2 * index + 1}`,
    );
    if (offer.flow !== "zero") lines.push(`a=${offer.flow}`);
  }
  return lines.map((line) => `${line}\r\n`).join("");
}

/** What an answer carries besides what it copies. */
export interface AnswerParts {
  readonly code: number;
  readonly toTag: string;
  readonly contact: string | undefined;
  readonly body: string | undefined;
}

/** Writes the answer of a user agent to a request (RFC 3261 §8.2.6). */
export function answerTo(request: SipRequest, parts: AnswerParts): Uint8Array {
  const { code, toTag, contact, body } = parts;
  const to = headerValue(request, "to") ?? "";
  const fullTo = to.includes(";tag=") || code === 100 ? to : `${to};tag=${toTag}`;
  const lines = [
    `SIP/2.0 ${code} Sim`,
    ...listValues(request, "via").map((via) => `Via: ${via}`),
    ...listValues(request, "record-route").map((route) => `Record-Route: ${route}`),
    `From: ${headerValue(request, "from")}`,
    `To: ${fullTo}`,
    `Call-ID: ${headerValue(request, "call-id")}`,
    `CSeq: ${headerValue(request, "cseq")}`,
    ...(contact === undefined ? [] : [`Contact: ${contact}`]),
    `X-Trace: ${code} ${headerValue(request, "call-id")}`,
  ];
  return wireOf(lines, body);
}

/** The URI between the angle brackets of an address header. */
export function uriOf(message: SipMessage, key: string): string | undefined {
  const text = listValues(message, key)[0];
  const match = text === undefined ? undefined : /<([^>]*)>/.exec(text);
  return match?.[1];
}

/** The tag of an address header. */
export function tagOf(message: SipMessage, key: "from" | "to"): string {
  return /;tag=([^;]*)/.exec(headerValue(message, key) ?? "")?.[1] ?? "";
}

/** `address:port` that a SIP URI points at. */
export function placeOf(uri: string): string {
  const host = /^sip:(?:[^@]*@)?([^;:>]+)(?::(\d+))?/.exec(uri);
  return `${host?.[1] ?? ""}:${host?.[2] ?? "5060"}`;
}
