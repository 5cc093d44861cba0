/**
 * Session descriptions (RFC 8866) as ordered lines: what a media relay must know is decoded, every line is kept as it came.
 * It judges no codec, resolves no name and negotiates nothing (RFC 3264 is the phones' business).
 * The proxy's media stage calls `parseSdp`, `planMedia` and `rewriteSdp` in this order.
 *
 * @module
 */
import { err, ok, type Result } from "../base/result.ts";
import { parseSdpPort, type SdpLine, sdpTokens, splitSdpLines } from "./sdp_line.ts";
import {
  isUnspecifiedText,
  type SdpAddress,
  type SdpMedia,
  type SdpRtcp,
  type SdpSession,
} from "./sdp_session.ts";

/** R5: a real offer has two or three media lines; each one costs two port pairs. */
export const MAX_MEDIA_LINES = 32;

/** R5: the longest offers seen (video, many payload types) have some 120 attributes. */
export const MAX_ATTRIBUTES = 256;

interface MediaDraft {
  readonly media: string;
  readonly port: number;
  readonly portCount: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  connection: SdpAddress | undefined;
  direction: string | undefined;
  rtcp: SdpRtcp | undefined;
  rtcpMux: "offered" | "none";
}

interface Draft {
  origin: SdpAddress | undefined;
  connection: SdpAddress | undefined;
  direction: string | undefined;
  attributes: number;
  readonly media: MediaDraft[];
}

/**
 * Parses a session description; lines of unknown types are kept and not judged.
 *
 * @param body the body as latin1 text
 * @returns the session, or why it is none: not SDP, a broken `m=` or `c=`, or over a limit of R5
 * @example Read the media port of an offer
 * ```ts
 * import { parseSdp } from "./parse_sdp.ts";
 * const sdp = parseSdp("v=0\r\nc=IN IP4 10.0.0.10\r\nm=audio 7078 RTP/AVP 0\r\n");
 * if (!sdp.ok || sdp.value.media[0]?.port !== 7078) throw new Error("unexpected");
 * ```
 */
export function parseSdp(body: string): Result<SdpSession> {
  const lines = splitSdpLines(body);
  if (lines[0]?.text.trimEnd() !== "v=0") return err('Cannot parse SDP: first line is not "v=0"');
  const draft: Draft = {
    origin: undefined,
    connection: undefined,
    direction: undefined,
    attributes: 0,
    media: [],
  };
  for (const [index, line] of lines.entries()) {
    const reason = readLine(draft, line);
    if (reason !== undefined) return err(`Cannot parse SDP: line ${index + 1} ${reason}`);
  }
  return ok(finish(lines, draft));
}

/** Takes one line into the draft; gives a reason when the body must be refused. */
function readLine(draft: Draft, line: SdpLine): string | undefined {
  const text = line.text;
  if (text.charCodeAt(1) !== 0x3d) return undefined;
  const value = text.slice(2);
  switch (text[0]) {
    case "m":
      return readMedia(draft, value);
    case "c":
      return readConnection(draft, value);
    case "o":
      draft.origin ??= readOrigin(value);
      return undefined;
    case "a":
      if (++draft.attributes > MAX_ATTRIBUTES) return `exceeds ${MAX_ATTRIBUTES} attributes`;
      readAttribute(draft, value.trimEnd());
      return undefined;
    default:
      return undefined;
  }
}

function readMedia(draft: Draft, value: string): string | undefined {
  if (draft.media.length >= MAX_MEDIA_LINES) return `exceeds ${MAX_MEDIA_LINES} media lines`;
  const [media, ports, protocol, ...formats] = sdpTokens(value.trimEnd());
  if (media === undefined || ports === undefined || protocol === undefined) {
    return "has a media line of less than three fields";
  }
  const slash = ports.indexOf("/");
  const port = parseSdpPort(slash < 0 ? ports : ports.slice(0, slash));
  const portCount = slash < 0 ? 1 : parseSdpPort(ports.slice(slash + 1));
  if (port === undefined || portCount === undefined) return "has no usable media port";
  draft.media.push({
    media,
    port,
    portCount,
    protocol,
    formats,
    connection: undefined,
    direction: undefined,
    rtcp: undefined,
    rtcpMux: "none",
  });
  return undefined;
}

function readConnection(draft: Draft, value: string): string | undefined {
  const address = netAddress(sdpTokens(value.trimEnd()));
  if (address === undefined) return "has a connection of less than three fields";
  const section = draft.media.at(-1) ?? draft;
  section.connection ??= address;
  return undefined;
}

/** The last three fields count: some phones put spaces into the user name, the first field. */
function readOrigin(value: string): SdpAddress | undefined {
  const tokens = sdpTokens(value.trimEnd());
  return tokens.length < 6 ? undefined : netAddress(tokens.slice(-3));
}

/** Reads `IN IP4 10.0.0.1/127`. */
function netAddress(tokens: readonly string[]): SdpAddress | undefined {
  const [, addressType, text] = tokens;
  if (addressType === undefined || text === undefined) return undefined;
  const slash = text.indexOf("/");
  return { addressType, address: slash < 0 ? text : text.slice(0, slash) };
}

function readAttribute(draft: Draft, value: string): void {
  const media = draft.media.at(-1);
  switch (value) {
    case "sendrecv":
    case "recvonly":
    case "sendonly":
    case "inactive":
      (media ?? draft).direction ??= value;
      return;
    case "rtcp-mux":
      if (media !== undefined) media.rtcpMux = "offered";
      return;
  }
  if (media !== undefined && value.startsWith("rtcp:")) media.rtcp ??= parseRtcp(value.slice(5));
}

/**
 * Reads the value of `a=rtcp` (RFC 3605 §2.1).
 *
 * @param value such as `53020` or `53020 IN IP4 126.16.64.4`
 * @returns port and address, or undefined when it is malformed
 */
export function parseRtcp(value: string): SdpRtcp | undefined {
  const [portText, ...rest] = sdpTokens(value);
  const port = portText === undefined ? undefined : parseSdpPort(portText);
  if (port === undefined) return undefined;
  return { port, address: netAddress(rest) };
}

function finish(lines: readonly SdpLine[], draft: Draft): SdpSession {
  const media = draft.media.map((section, index): SdpMedia => {
    const { direction: own, ...fields } = section;
    const effective = section.connection ?? draft.connection;
    const direction = own ?? draft.direction;
    const held = direction === "sendonly" || direction === "inactive" ||
      (effective !== undefined && isUnspecifiedText(effective.address));
    return {
      index,
      ...fields,
      effectiveAddress: effective?.address,
      addressType: effective?.addressType,
      flow: held ? "held" : "active",
    };
  });
  return { lines, origin: draft.origin, connection: draft.connection, media };
}
