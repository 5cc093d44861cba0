import { type IpAddress, ipFamily } from "../base/ip_address.ts";
import { parseRtcp } from "./parse_sdp.ts";
import { joinSdpLines, type SdpLine, sdpTokens } from "./sdp_line.ts";
import {
  isUnspecifiedText,
  type SdpAddress,
  type SdpMedia,
  type SdpSession,
} from "./sdp_session.ts";

/** Ports that take the place of one media line's own. */
export interface MediaPorts {
  /** Position of the m= line, from 0. */
  readonly index: number;
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

/** What a session description shall say instead. */
export interface SdpRewrite {
  /** Address for `o=`; the connection address when left out. */
  readonly originAddress?: IpAddress;
  /** Address for every `c=` that does not say hold. */
  readonly connectionAddress: IpAddress;
  /** Lines not listed keep their port; 0 stays 0. */
  readonly media: readonly MediaPorts[];
}

interface Cursor {
  media: SdpMedia | undefined;
  nextIndex: number;
}

/**
 * Writes the description again with our addresses and ports; lines that say nothing of addresses keep their bytes.
 *
 * `o=`, `c=`, `m=` and `a=rtcp` are rewritten. ICE attributes go: their candidates name the very addresses that are
 * hidden here, and a peer that sees them without a matching c= reports ice-mismatch (RFC 8839 §4.2.5).
 *
 * @param session what {@linkcode parseSdp} gave
 * @param rewrite addresses and ports to put in
 * @returns the new body, latin1
 * @example Point an offer to the relay
 * ```ts
 * import { parseIpAddress } from "../base/ip_address.ts";
 * import { parseSdp } from "./parse_sdp.ts";
 * import { rewriteSdp } from "./rewrite_sdp.ts";
 * const sdp = parseSdp("v=0\r\nc=IN IP4 10.0.0.10\r\nm=audio 5004 RTP/AVP 0\r\n");
 * const wan = parseIpAddress("203.0.113.1");
 * if (!sdp.ok || wan === undefined) throw new Error("unexpected");
 * const body = rewriteSdp(sdp.value, {
 *   connectionAddress: wan,
 *   media: [{ index: 0, rtpPort: 7070, rtcpPort: 7071 }],
 * });
 * if (!body.includes("m=audio 7070 RTP/AVP 0")) throw new Error("unexpected");
 * ```
 */
export function rewriteSdp(session: SdpSession, rewrite: SdpRewrite): string {
  const ports = new Map(rewrite.media.map((line) => [line.index, line]));
  const cursor: Cursor = { media: undefined, nextIndex: 0 };
  const lines: SdpLine[] = [];
  for (const line of session.lines) {
    if (line.text.startsWith("m=")) cursor.media = session.media[cursor.nextIndex++];
    if (isIceAttribute(line.text)) continue;
    const own = cursor.media === undefined ? undefined : ports.get(cursor.media.index);
    const text = rewriteLine(line.text, { rewrite, media: cursor.media, ports: own });
    lines.push(text === line.text ? line : { text, ending: line.ending });
  }
  return joinSdpLines(lines);
}

interface LineContext {
  readonly rewrite: SdpRewrite;
  readonly media: SdpMedia | undefined;
  readonly ports: MediaPorts | undefined;
}

function rewriteLine(text: string, context: LineContext): string {
  const { rewrite, media, ports } = context;
  if (text.startsWith("c=")) return rewriteConnection(text, rewrite.connectionAddress);
  if (text.startsWith("o=")) {
    return rewriteOrigin(text, rewrite.originAddress ?? rewrite.connectionAddress);
  }
  if (text.startsWith("m=")) {
    // RFC 3264 §8.2: port 0 is what switches the line off.
    return ports === undefined || media?.port === 0 ? text : replacePort(text, ports.rtpPort);
  }
  return text.startsWith("a=rtcp:") ? rewriteRtcp(text, context) : text;
}

function rewriteConnection(text: string, address: IpAddress): string {
  const written = sdpTokens(text.slice(2).trimEnd())[2] ?? "";
  if (!isUnspecifiedText(written)) return `c=${netAddressText(address)}`;
  return fits(written, address) ? text : `c=${holdText(address)}`;
}

function fits(unspecified: string, address: IpAddress): boolean {
  return unspecified.includes(":") === (ipFamily(address) === 6);
}

/** A hold stays a hold for a party of the other family (RFC 3264 §8.4; `::` is its like in IPv6). */
function holdText(address: IpAddress): string {
  return ipFamily(address) === 6 ? "IN IP6 ::" : "IN IP4 0.0.0.0";
}

/** Everything before the network type stays: user name, session id and version belong to the phone (RFC 3264 §8). */
function rewriteOrigin(text: string, address: IpAddress): string {
  const tokens = sdpTokens(text.slice(2).trimEnd());
  if (tokens.length < 6) return text;
  return `o=${tokens.slice(0, -3).join(" ")} ${netAddressText(address)}`;
}

/** Keeps the form: an address only where there was one, and the RTP port where the party named its RTP port (mux). */
function rewriteRtcp(text: string, context: LineContext): string {
  const { media, ports, rewrite } = context;
  const rtcp = parseRtcp(text.slice(7).trimEnd());
  if (rtcp === undefined || media === undefined) return text;
  const muxed = rtcp.port === media.port ? ports?.rtpPort : ports?.rtcpPort;
  const address = rtcp.address;
  if (address === undefined) return `a=rtcp:${muxed ?? rtcp.port}`;
  const written = rtcpAddressText(address, rewrite.connectionAddress);
  return `a=rtcp:${muxed ?? rtcp.port} ${written}`;
}

function rtcpAddressText(written: SdpAddress, address: IpAddress): string {
  if (!isUnspecifiedText(written.address)) return netAddressText(address);
  return fits(written.address, address)
    ? `IN ${written.addressType} ${written.address}`
    : holdText(address);
}

function netAddressText(address: IpAddress): string {
  return `IN IP${ipFamily(address)} ${address}`;
}

/**
 * Puts another port into an `m=` line and keeps all its other bytes.
 *
 * A count (`5000/2`) is dropped, since one pair of ports is relayed and a plain port means one (RFC 8866 §5.14).
 *
 * @param text a whole `m=` line
 * @param port the port to write
 * @returns the line with the new port
 */
export function replacePort(text: string, port: number): string {
  let start = 2;
  while (text[start] === " ") start++;
  start = text.indexOf(" ", start);
  if (start < 0) return text;
  while (text[start] === " ") start++;
  const end = text.indexOf(" ", start);
  return text.slice(0, start) + port + (end < 0 ? "" : text.slice(end));
}

function isIceAttribute(text: string): boolean {
  return text.startsWith("a=candidate:") || text.startsWith("a=ice-") ||
    text.startsWith("a=remote-candidates:") || text.trimEnd() === "a=end-of-candidates";
}
