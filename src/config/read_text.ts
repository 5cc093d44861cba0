import { decodeLatin1 } from "../base/text.ts";
import { quote } from "./issues.ts";
import { nearest } from "./nearest.ts";
import { type Reading, reads, refuses } from "./reading.ts";

const utf8 = new TextEncoder();

/** Longest path that Linux takes. */
const MAX_PATH_LENGTH_CHARS = 4095;

/**
 * Reads a text that goes on the wire or into a digest.
 *
 * The core writes one byte for a character (see `decodeLatin1`), so what is not ASCII becomes its
 * UTF-8 bytes here, as RFC 3261 §25.1 wants it in a header.
 *
 * @param text the trimmed value
 * @param maxLengthChars longest text that is taken
 * @returns the text, one character a byte
 */
export function readWireText(text: string, maxLengthChars: number): Reading<string> {
  const wire = decodeLatin1(utf8.encode(text));
  if (wire.length <= maxLengthChars) return reads(wire);
  return refuses(`Cannot use text: longer than ${maxLengthChars} bytes`);
}

/**
 * Reads a path of the file system, as it is.
 *
 * @param text the trimmed value
 * @returns the path
 */
export function readPath(text: string): Reading<string> {
  if (text.length <= MAX_PATH_LENGTH_CHARS) return reads(text);
  return refuses(`Cannot use path: longer than ${MAX_PATH_LENGTH_CHARS} characters`);
}

/**
 * Reads one word of a fixed set.
 *
 * @param text the trimmed value
 * @param choices the set, in lower case
 * @returns the word, in lower case
 */
export function readChoice<Choice extends string>(
  text: string,
  choices: readonly Choice[],
): Reading<Choice> {
  const written = text.toLowerCase();
  const found = choices.find((choice) => choice === written);
  if (found !== undefined) return reads(found);
  const near = nearest(text, choices);
  const hint = near === undefined ? "" : `, nearest is "${near}"`;
  return refuses(`Cannot use ${quote(text)}: ${choices.join(" or ")} is expected${hint}`);
}

/**
 * Reads the file name of a plugin; a path would let a configuration load code from anywhere (R29).
 *
 * @param text such as `plugin_logcall.la`
 * @returns the name as written
 */
export function readPluginName(text: string): Reading<string> {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text) && !text.includes("..")) return reads(text);
  return refuses(
    `Cannot use plugin ${quote(text)}: a file name of letters, digits, dot, - and _ is expected`,
  );
}
