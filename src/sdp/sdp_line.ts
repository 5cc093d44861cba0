/** One line of a body, with the line ending it came with, so that joining gives the same bytes again. */
export interface SdpLine {
  /** Without its line ending. */
  readonly text: string;
  /** `\r\n`, `\n`, or nothing at the end of a body that lacks the last one (RFC 8866 §5 allows both). */
  readonly ending: string;
}

/**
 * Splits a body into lines in one pass.
 *
 * @param body the whole body, latin1
 * @returns its lines in order; joining `text + ending` gives the body again
 */
export function splitSdpLines(body: string): SdpLine[] {
  const lines: SdpLine[] = [];
  let start = 0;
  while (start < body.length) {
    const feed = body.indexOf("\n", start);
    const next = feed < 0 ? body.length : feed + 1;
    let end = feed < 0 ? body.length : feed;
    if (feed > start && body.charCodeAt(feed - 1) === 0x0d) end--;
    lines.push({ text: body.slice(start, end), ending: body.slice(end, next) });
    start = next;
  }
  return lines;
}

/**
 * Joins lines to a body; the reverse of {@linkcode splitSdpLines}.
 *
 * @param lines lines in order
 * @returns the body
 */
export function joinSdpLines(lines: readonly SdpLine[]): string {
  let body = "";
  for (const line of lines) body += line.text + line.ending;
  return body;
}

/**
 * Splits the value of a line at its spaces; runs of spaces count as one.
 *
 * @param value what follows `x=`
 * @returns the tokens
 */
export function sdpTokens(value: string): string[] {
  const tokens: string[] = [];
  for (const token of value.split(" ")) if (token !== "") tokens.push(token);
  return tokens;
}

/**
 * Reads a port number of an SDP strictly.
 *
 * @param text digits only
 * @returns 0 … 65535, or undefined when it is none
 */
export function parseSdpPort(text: string): number | undefined {
  if (text.length < 1 || text.length > 5) return undefined;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return undefined;
  }
  const port = Number(text);
  return port <= 65535 ? port : undefined;
}
