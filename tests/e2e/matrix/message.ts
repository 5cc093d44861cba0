/** Raw SIP and SDP of the matrix's peers. */

import type { Place } from "./peer.ts";

/** A request to be written. */
export interface Draft {
  readonly method: string;
  readonly uri: string;
  /** Who sends: its address goes into the Via. */
  readonly by: Place;
  /** Header value with tag. */
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq?: number;
  /** Branch of the own Via; absent: a new one. */
  readonly branch?: string;
  /** Parameters after the branch, such as `;rport`. */
  readonly viaParameters?: string;
  /** Further Via values below the own one. */
  readonly lowerVias?: readonly string[];
  /** Value of Max-Forwards; `none` leaves the header out. */
  readonly maxForwards?: string;
  readonly contact?: string;
  readonly extra?: readonly string[];
  readonly body?: string;
  readonly contentType?: string;
}

/** A session description with one audio stream. */
export interface SdpPlan {
  readonly address: string;
  readonly port: number;
  readonly version?: number;
  /** Address of the session's c=; absent: `address`. */
  readonly connection?: string;
  readonly attributes?: readonly string[];
}

let counter = 0;

/** A text that no other message of this run holds. */
export function unique(what: string): string {
  return `${what}${Deno.pid}x${++counter}`;
}

/** Writes a request. */
export function request(draft: Draft): string {
  const body = draft.body ?? "";
  const branch = draft.branch ?? unique("z9hG4bK");
  const via = `SIP/2.0/UDP ${draft.by.address}:${draft.by.port};branch=${branch}`;
  return [
    `${draft.method} ${draft.uri} SIP/2.0`,
    `Via: ${via}${draft.viaParameters ?? ""}`,
    ...(draft.lowerVias ?? []).map((value) => `Via: ${value}`),
    ...(draft.maxForwards === "none" ? [] : [`Max-Forwards: ${draft.maxForwards ?? "70"}`]),
    `From: ${draft.from}`,
    `To: ${draft.to}`,
    `Call-ID: ${draft.callId}`,
    `CSeq: ${draft.cseq ?? 1} ${draft.method}`,
    ...(draft.contact === undefined ? [] : [`Contact: ${draft.contact}`]),
    ...(draft.extra ?? []),
    ...(body === "" ? [] : [`Content-Type: ${draft.contentType ?? "application/sdp"}`]),
    `Content-Length: ${new TextEncoder().encode(body).length}`,
    "",
    body,
  ].join("\r\n");
}

/** Writes SDP with one audio stream. */
export function sdp(plan: SdpPlan): string {
  return [
    "v=0",
    `o=- 4711 ${plan.version ?? 1} IN IP4 ${plan.address}`,
    "s=-",
    `c=IN IP4 ${plan.connection ?? plan.address}`,
    "t=0 0",
    `m=audio ${plan.port} RTP/AVP 8 101`,
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:101 telephone-event/8000",
    ...(plan.attributes ?? ["a=sendrecv"]),
    "",
  ].join("\r\n");
}

/** The lines of a body that start with one letter, such as all `m=`. */
export function sdpLines(body: string, letter: string): readonly string[] {
  return body.split("\r\n").filter((line) => line.startsWith(`${letter}=`));
}

/** The port of the n-th m= line. */
export function mediaPort(body: string, index: number = 0): number {
  return Number(sdpLines(body, "m")[index]?.split(" ")[1] ?? NaN);
}
