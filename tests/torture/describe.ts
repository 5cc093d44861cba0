import type { Places } from "./settings.ts";

/** A message that left, and to whom. */
export interface Left {
  /** `address:port`. */
  readonly to: string;
  readonly transport: "udp" | "tcp";
  /** Latin1. */
  readonly text: string;
}

/** What came of one message: lines in which addresses have names, so that every place gives the same. */
export type Outcome = readonly string[];

/** Who sent the message, and where everybody is. */
export interface Scene {
  readonly places: Places;
  /** `address:port`. */
  readonly source: string;
  /** Messages as they were sent, cut as a stream is. */
  readonly sent: readonly string[];
}

/**
 * Describes a message that left: an answer by its status, a forwarded one by the lines in which it differs from what
 * came; all other lines are the same octets.
 *
 * @param left what left
 * @param scene what came
 * @returns lines
 */
export function describeLeft(left: Left, scene: Scene): Outcome {
  const isAnswer = left.text.startsWith("SIP/2.0 ") &&
    !scene.sent.some((text) => text.startsWith("SIP/2.0 "));
  if (isAnswer) {
    const lines = left.text.split("\r\n");
    const unsupported = lines.filter((line) => line.startsWith("Unsupported:"));
    return [`answer ${lines[0]?.slice(8)}`, ...unsupported.map((line) => `+ ${line}`)];
  }
  const before = scene.sent.find((text) => shares(text, left.text)) ?? scene.sent[0] ?? "";
  const changes = difference(linesOf(before), linesOf(left.text));
  const to = `forward ${left.to} ${left.transport}`;
  return [to, ...changes].map((line) => masked(line, scene));
}

/** A length that is right has a name: it depends on how long our addresses are. */
function linesOf(text: string): readonly string[] {
  const bodyLength = text.length - text.indexOf("\r\n\r\n") - 4;
  const named = text.replace(
    /^((?:Content-Length|l)[ \t]*: *)(\d+)/im,
    (whole, name: string, digits: string) =>
      Number(digits) === bodyLength ? `${name}{body}` : whole,
  );
  return named.split("\r\n");
}

/** Two messages of one transaction: a stream may bring several. */
function shares(sent: string, left: string): boolean {
  const callId = /^(?:Call-ID|i)[ \t]*: *(\S+)/im.exec(sent)?.[1];
  return callId !== undefined && left.includes(callId);
}

/** Lines only in the first, with `-`, and only in the second, with `+`: by the longest common subsequence. */
function difference(before: readonly string[], after: readonly string[]): readonly string[] {
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      const skip = Math.max(
        lengths[(row + 1) * width + column] ?? 0,
        lengths[row * width + column + 1] ?? 0,
      );
      const isSame = before[row] === after[column];
      lengths[row * width + column] = isSame
        ? 1 + (lengths[(row + 1) * width + column + 1] ?? 0)
        : skip;
    }
  }
  const lines: string[] = [];
  let row = 0, column = 0;
  while (row < before.length || column < after.length) {
    const [old, fresh] = [before[row], after[column]];
    const keepsMore = (lengths[(row + 1) * width + column] ?? 0) >=
      (lengths[row * width + column + 1] ?? 0);
    if (old !== undefined && old === fresh) {
      row++;
      column++;
    } else if (old !== undefined && (fresh === undefined || keepsMore)) {
      lines.push(`- ${old}`);
      row++;
    } else {
      lines.push(`+ ${fresh}`);
      column++;
    }
  }
  return lines;
}

/** Own branches, tokens, media ports and addresses get names; what is not printable is escaped. */
function masked(line: string, scene: Scene): string {
  const { places, source } = scene;
  let text = line.replace(/z9hG4bK[0-9a-f]{32}/g, "z9hG4bK*");
  text = text.replace(/spx=[0-9a-f]{8}/g, "spx=*");
  if (/^\+ (?:m=|a=rtcp:)/.test(text)) text = text.replace(/(?<=^\+ (?:m=\w+ |a=rtcp:))\d+/, "*");
  text = text.replace(`rport=${source.split(":")[1]}`, "rport={port}");
  for (const [name, place] of Object.entries(places)) {
    text = replaceWhole(text, place, `{${name}}`);
  }
  for (const [name, place] of Object.entries(places)) {
    text = replaceWhole(text, place.split(":")[0] ?? "", `{${name}-host}`);
  }
  return [...text].map((character) => {
    const code = character.charCodeAt(0);
    return code >= 0x20 && code < 0x7f ? character : `\\x${code.toString(16).padStart(2, "0")}`;
  }).join("");
}

function replaceWhole(text: string, literal: string, name: string): string {
  const pattern = literal.replaceAll(".", "\\.");
  return text.replace(new RegExp(`(?<![\\d.])${pattern}(?![\\d]|\\.\\d|:\\d)`, "g"), name);
}
