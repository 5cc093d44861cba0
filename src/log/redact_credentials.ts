import { decodeLatin1, encodeLatin1 } from "../base/text.ts";

/** What stands in place of each byte of a secret, so that a dump keeps its length and its columns. */
const MASK = "x";

/** Header lines whose whole value is a secret (RFC 3261 §20.7, §20.28). */
const SECRET_HEADER = /^(?:proxy-)?authorization[ \t]*:/i;

/** SDP lines that carry a key of the media (RFC 4568 §9.1, RFC 8866 §5.12). */
const SECRET_SDP = /^(?:a=crypto:[0-9]+ [^ ]* inline:|k=)/i;

/**
 * Blanks credentials and media keys of a message out before it is logged, byte for byte.
 *
 * Lines are looked at one by one and the message is not parsed: it may be malformed or cut. A header folded over several
 * lines (RFC 3261 §7.3.1) is blanked to its end.
 *
 * @param data a message as it was on the wire
 * @returns a copy of the same length
 */
export function redactCredentials(data: Uint8Array): Uint8Array {
  const text = decodeLatin1(data);
  if (!/authorization|crypto:|^k=/im.test(text)) return data.slice();
  let redacted = "";
  let isSecret = false;
  for (let at = 0; at < text.length;) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end);
    const isFolded: boolean = isSecret && /^[ \t]/.test(line);
    const start = isFolded ? 0 : secretStart(line);
    isSecret = isFolded || SECRET_HEADER.test(line);
    redacted += start === undefined ? line : line.slice(0, start) + masked(line.slice(start));
    at = end;
  }
  return encodeLatin1(redacted);
}

/** Where the secret of a line begins. */
function secretStart(line: string): number | undefined {
  const match = SECRET_HEADER.exec(line) ?? SECRET_SDP.exec(line);
  return match?.[0].length;
}

/** One past the line end; bare LF and bare CR end a line too, since parsers of peers differ. */
function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === "\n") return at + 1;
    if (character === "\r" && text[at + 1] !== "\n") return at + 1;
  }
  return text.length;
}

/** Blanks and line ends stay, so that the lines of a dump can be found again. */
function masked(secret: string): string {
  return secret.replace(/[^\r\n \t]/g, MASK);
}
