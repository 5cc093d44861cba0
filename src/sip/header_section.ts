import { headerKey } from "./header_name.ts";
import { MAX_HEADERS, MAX_LINE_LENGTH_BYTES } from "./limits.ts";
import type { HeaderField } from "./message.ts";
import { isBlankCode, skipBlanks, tokenEnd, trimBlanks } from "./scan.ts";

/** What the header section of a message holds, as far as it can be read. */
export interface HeaderSection {
  readonly headers: readonly HeaderField[];
  /** Offset after the empty line; the length of the text when there is none. */
  readonly bodyStart: number;
  /** Whether the empty line that must end the section was there. */
  readonly end: "empty-line" | "end-of-text";
  /** The first thing that is wrong, in our error wording; the other fields are there nevertheless. */
  readonly problem: string | undefined;
}

interface RawLine {
  /** Offset after the text of the field, folds included, before its line end. */
  readonly textEnd: number;
  /** Offset of the next line. */
  readonly next: number;
  readonly folds: number;
}

/**
 * Scans the header fields of a message or of a body part in one pass.
 *
 * Lines may end in CRLF or LF. Fields that cannot be read, or that hold a bare CR or NUL (R9), are left out and
 * named in `problem`, so that a 400 can still be built from the others.
 *
 * @param text latin1 text
 * @param start offset of the first header line
 * @returns the fields in order, and where the body begins
 */
export function scanHeaderSection(text: string, start: number): HeaderSection {
  const headers: HeaderField[] = [];
  let problem: string | undefined;
  let at = start, fieldCount = 0;
  while (at < text.length) {
    const line = findLine(text, at);
    if (line === undefined) {
      problem ??= "Cannot parse header section: last line has no line end";
      break;
    }
    if (line.textEnd === at) {
      problem ??= forbiddenProblem(text.slice(start, at));
      return finish({ headers, bodyStart: line.next, end: "empty-line", problem });
    }
    if (++fieldCount > MAX_HEADERS) {
      problem ??= `Cannot parse header section: more than ${MAX_HEADERS} header fields`;
      break;
    }
    const field = readField(text, at, line);
    if (typeof field === "string") problem ??= field;
    else headers.push(field);
    at = line.next;
  }
  problem ??= forbiddenProblem(text.slice(start));
  return finish({ headers, bodyStart: text.length, end: "end-of-text", problem });
}

function finish(section: HeaderSection): HeaderSection {
  if (section.problem === undefined) return section;
  const headers = section.headers.filter((field) => forbiddenAt(field.line) < 0);
  return { ...section, headers };
}

function findLine(text: string, start: number): RawLine | undefined {
  let lineEnd = text.indexOf("\n", start);
  let folds = 0;
  const isEmpty = lineEnd === start || (lineEnd === start + 1 && text.charCodeAt(start) === 0x0d);
  while (lineEnd >= 0 && !isEmpty && isBlankCode(text.charCodeAt(lineEnd + 1))) {
    lineEnd = text.indexOf("\n", lineEnd + 1);
    folds++;
  }
  if (lineEnd < 0) return undefined;
  const hasCr = lineEnd > start && text.charCodeAt(lineEnd - 1) === 0x0d;
  return { textEnd: hasCr ? lineEnd - 1 : lineEnd, next: lineEnd + 1, folds };
}

/** Gives a field, or the problem of its line. */
function readField(text: string, start: number, raw: RawLine): HeaderField | string {
  if (raw.textEnd - start > MAX_LINE_LENGTH_BYTES) {
    return `Cannot parse header field: longer than ${MAX_LINE_LENGTH_BYTES} octets`;
  }
  const nameEnd = tokenEnd(text, start);
  const colon = skipBlanks(text, nameEnd);
  if (nameEnd === start || text.charCodeAt(colon) !== 0x3a || colon >= raw.textEnd) {
    return `Cannot parse header field: missing name or colon at offset ${start}`;
  }
  const name = text.slice(start, nameEnd);
  const key = headerKey(name);
  if (raw.folds > 0) return readFolded(text.slice(start, raw.textEnd), { key, name });
  const value = trimBlanks(text.slice(colon + 1, raw.textEnd));
  return { key, name, value, line: text.slice(start, raw.textEnd) };
}

/** RFC 3261 §7.3.1: a fold counts as one blank; a fold ended by LF alone is written again with CRLF. */
function readFolded(rawLine: string, naming: { key: string; name: string }): HeaderField {
  const pieces = rawLine.split("\n").map((piece) =>
    piece.endsWith("\r") ? piece.slice(0, -1) : piece
  );
  const unfolded = pieces.map(trimBlanks).join(" ");
  const value = trimBlanks(unfolded.slice(unfolded.indexOf(":") + 1));
  return { ...naming, value, line: pieces.join("\r\n") };
}

function forbiddenProblem(headerText: string): string | undefined {
  const at = forbiddenAt(headerText);
  if (at < 0) return undefined;
  const what = headerText.charCodeAt(at) === 0 ? "NUL" : "bare CR";
  return `Cannot parse header section: ${what} at offset ${at}`;
}

/**
 * Finds a CR that no LF follows, or a NUL that no backslash precedes: neither may be forwarded (R9).
 *
 * NUL is legal only as a quoted-pair (RFC 3261 §25.1; RFC 4475 §3.1.1.2 has one in a display name).
 *
 * @param text header text, possibly several lines
 * @returns offset of the first one, or -1
 */
export function forbiddenAt(text: string): number {
  for (let at = text.indexOf("\r"); at >= 0; at = text.indexOf("\r", at + 1)) {
    if (text.charCodeAt(at + 1) !== 0x0a) return at;
  }
  for (let at = text.indexOf("\0"); at >= 0; at = text.indexOf("\0", at + 1)) {
    if (text.charCodeAt(at - 1) !== 0x5c) return at;
  }
  return -1;
}
