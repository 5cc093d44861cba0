import { joinSdpLines, type SdpLine, sdpTokens, splitSdpLines } from "../../src/sdp/sdp_line.ts";

/** Names of the payload types that need no rtpmap (RFC 3551 §6, tables 4 and 5). */
const STATIC_NAMES: ReadonlyMap<string, string> = new Map([
  ["0", "PCMU"],
  ["3", "GSM"],
  ["4", "G723"],
  ["5", "DVI4"],
  ["6", "DVI4"],
  ["7", "LPC"],
  ["8", "PCMA"],
  ["9", "G722"],
  ["10", "L16"],
  ["11", "L16"],
  ["12", "QCELP"],
  ["13", "CN"],
  ["14", "MPA"],
  ["15", "G728"],
  ["16", "DVI4"],
  ["17", "DVI4"],
  ["18", "G729"],
  ["25", "CelB"],
  ["26", "JPEG"],
  ["28", "nv"],
  ["31", "H261"],
  ["32", "MPV"],
  ["33", "MP2T"],
  ["34", "H263"],
]);

/** Attributes that begin with a payload type (RFC 8866 §6.6, §6.15, RFC 4585 §4.2). */
const PAYLOAD_ATTRIBUTES: readonly string[] = ["rtpmap", "fmtp", "rtcp-fb"];

/** Takes codecs out of a session description; the body itself when nothing goes. */
export type CodecFilter = (body: string) => string;

/**
 * Makes a filter that takes codecs out of session descriptions: from the media line and with their rtpmap, fmtp and
 * rtcp-fb lines.
 *
 * A media line all of whose codecs are unwanted stays as it is: an empty one would be no SDP (RFC 8866 §5.14).
 *
 * @param words parts of codec names, in lower case
 * @returns the filter
 */
export function createCodecFilter(words: readonly string[]): CodecFilter {
  const hasWord = (name: string) => words.some((word) => name.includes(word));
  const payloads = new Set(
    [...STATIC_NAMES].flatMap(([payload, name]) => hasWord(name.toLowerCase()) ? [payload] : []),
  );
  // A word with a blank in it may stand in a body with more than one; such a word finds no shortcut.
  const isPlain = words.every((word) => !word.includes(" "));
  return (body) => {
    // Most bodies name no unwanted codec: two looks tell, and nothing has to be taken apart.
    const isClean = isPlain && !hasWord(body.toLowerCase()) && !namesPayload(body, payloads);
    return isClean ? body : filterCodecs(body, words);
  };
}

/** Whether a media line names one of these payload types, or a retransmission stream might. */
function namesPayload(body: string, payloads: ReadonlySet<string>): boolean {
  if (payloads.size === 0) return false;
  if (body.includes("apt=")) return true;
  // Line by line, each once: a body of many `m=` in one line must not cost its square.
  for (let start = 0; start < body.length;) {
    const feed = body.indexOf("\n", start);
    const end = feed < 0 ? body.length : feed;
    if (body.startsWith("m=", start)) {
      const line = body.slice(start, body.charCodeAt(end - 1) === 0x0d ? end - 1 : end);
      if (sdpTokens(line).some((token) => payloads.has(token))) return true;
    }
    start = end + 1;
  }
  return false;
}

/**
 * The same without a shortcut, for any body.
 *
 * @param body the session description
 * @param words parts of codec names, in lower case
 * @returns the body itself when nothing goes
 */
export function filterCodecs(body: string, words: readonly string[]): string {
  const lines = splitSdpLines(body);
  const kept: SdpLine[] = [];
  let isChanged = false;
  for (const section of sectionsOf(lines)) {
    const unwanted = unwantedPayloads(section, words);
    if (unwanted.size === 0) {
      kept.push(...section);
      continue;
    }
    isChanged = true;
    kept.push(...section.flatMap((line) => withoutPayloads(line, unwanted)));
  }
  return isChanged ? joinSdpLines(kept) : body;
}

/** The session's lines first, then one section a media line. */
function sectionsOf(lines: readonly SdpLine[]): readonly (readonly SdpLine[])[] {
  const sections: SdpLine[][] = [[]];
  for (const line of lines) {
    if (line.text.startsWith("m=")) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections;
}

function unwantedPayloads(
  section: readonly SdpLine[],
  words: readonly string[],
): ReadonlySet<string> {
  const [head] = section;
  const payloads = head === undefined ? [] : payloadsOf(head);
  const names = new Map<string, string>();
  const apt = new Map<string, string>();
  for (const { text } of section) {
    const [payload, ...value] = sdpTokens(payloadValue(text) ?? "");
    if (payload === undefined) continue;
    if (text.startsWith("a=rtpmap:")) names.set(payload, value.join(" "));
    const repaired = /(?:^|[;\s])apt=(\d+)/.exec(value.join(" "))?.[1];
    if (text.startsWith("a=fmtp:") && repaired !== undefined) apt.set(payload, repaired);
  }
  const isUnwanted = (payload: string): boolean => {
    const name = (names.get(payload) ?? STATIC_NAMES.get(payload) ?? "").toLowerCase();
    return words.some((word) => name.includes(word));
  };
  // RFC 4588: a retransmission stream of an unwanted codec goes with it.
  const unwanted = payloads.filter((payload) =>
    isUnwanted(payload) || isUnwanted(apt.get(payload) ?? "")
  );
  return new Set(unwanted.length < payloads.length ? unwanted : []);
}

/** Payload types of an RTP media line; other protocols have formats of their own. */
function payloadsOf(line: SdpLine): readonly string[] {
  if (!line.text.startsWith("m=")) return [];
  const [, , protocol = "", ...formats] = sdpTokens(line.text.slice(2));
  return protocol.toUpperCase().split("/").includes("RTP") ? formats : [];
}

/** What follows `a=rtpmap:` and its like. */
function payloadValue(text: string): string | undefined {
  for (const name of PAYLOAD_ATTRIBUTES) {
    if (text.startsWith(`a=${name}:`)) return text.slice(name.length + 3);
  }
  return undefined;
}

function withoutPayloads(line: SdpLine, unwanted: ReadonlySet<string>): readonly SdpLine[] {
  if (line.text.startsWith("m=")) {
    const tokens = sdpTokens(line.text.slice(2));
    const formats = tokens.slice(3).filter((format) => !unwanted.has(format));
    return [{ ...line, text: `m=${[...tokens.slice(0, 3), ...formats].join(" ")}` }];
  }
  const [payload] = sdpTokens(payloadValue(line.text) ?? "");
  return payload !== undefined && unwanted.has(payload) ? [] : [line];
}
