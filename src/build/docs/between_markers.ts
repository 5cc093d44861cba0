import { err, ok, type Result } from "../../base/result.ts";

/** The lines between which a generated part of a document stands. */
export interface Markers {
  readonly begin: string;
  readonly end: string;
}

/**
 * Replaces what stands between two marker lines; everything else stays as it is.
 *
 * @param text the document
 * @param markers both lines, each of which must stand there once
 * @param content new lines between them
 * @returns the document, or which marker is missing
 */
export function replaceBetween(
  text: string,
  { markers, content }: { readonly markers: Markers; readonly content: string },
): Result<string> {
  const begin = text.indexOf(`${markers.begin}\n`);
  if (begin < 0) return err(`Cannot fill in options: no line "${markers.begin}"`);
  const start = begin + markers.begin.length + 1;
  const end = text.indexOf(`${markers.end}\n`, start);
  if (end < 0) return err(`Cannot fill in options: no line "${markers.end}" behind the other`);
  return ok(`${text.slice(0, start)}\n${content.trim()}\n\n${text.slice(end)}`);
}
