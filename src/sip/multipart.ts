import { err, ok, type Result } from "../base/result.ts";
import { excerpt } from "./excerpt.ts";
import { parseContentType } from "./content_type.ts";
import { type HeaderSection, scanHeaderSection } from "./header_section.ts";
import { MAX_BODY_DEPTH, MAX_BODY_PARTS } from "./limits.ts";
import { parameterValue, unquote } from "./parameters.ts";
import { isBlankCode } from "./scan.ts";

/** Longest boundary: RFC 2046 §5.1.1. */
const MAX_BOUNDARY_LENGTH_CHARS = 70;

/** Which part of a body shall be replaced, and by what. */
export interface PartReplacement {
  /** The Content-Type value of the message. */
  readonly contentType: string;
  /** What to look for, in lower case: `application/sdp`. */
  readonly mediaType: string;
  /** Called at most once; gives the new content, or undefined to leave the part as it is. */
  readonly replace: (content: string) => string | undefined;
}

/**
 * Replaces the content of the first part of a media type; everything else stays byte for byte (RFC 2046 §5.1).
 *
 * Looks into nested multiparts as well. A part with a transfer encoding such as base64 is passed over. A
 * Content-Length inside the part's own header is kept in step.
 *
 * @param body the body, latin1
 * @param replacement which part, and its new content
 * @returns the new body, the same text when there is no such part; an error when the body is no well-formed multipart
 */
export function replacePart(body: string, replacement: PartReplacement): Result<string> {
  const { contentType } = replacement;
  const search: Search = { ...replacement, isFound: false };
  const changed = replaceInside({ contentType, body, depth: 1 }, search);
  return changed.ok ? ok(changed.value ?? body) : changed;
}

interface Multipart {
  readonly contentType: string;
  readonly body: string;
  readonly depth: number;
}

interface Search {
  readonly mediaType: string;
  readonly replace: (content: string) => string | undefined;
  isFound: boolean;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Gives the new body, or undefined when no part was found. */
function replaceInside(multipart: Multipart, search: Search): Result<string | undefined> {
  const { body } = multipart;
  const boundary = readBoundary(multipart.contentType);
  if (!boundary.ok) return boundary;
  const parts = findParts(body, `--${boundary.value}`);
  if (!parts.ok) return parts;
  for (const part of parts.value) {
    const text = body.slice(part.start, part.end);
    const changed = replaceInPart(text, { search, depth: multipart.depth });
    if (!changed.ok) return changed;
    if (changed.value === undefined && !search.isFound) continue;
    if (changed.value === undefined) return ok(undefined);
    return ok(body.slice(0, part.start) + changed.value + body.slice(part.end));
  }
  return ok(undefined);
}

function readBoundary(contentType: string): Result<string> {
  const parsed = parseContentType(contentType);
  if (!parsed.ok) return parsed;
  if (!parsed.value.mediaType.startsWith("multipart/")) {
    return err(`Cannot split body: ${excerpt(parsed.value.mediaType)} is no multipart`);
  }
  const boundary = unquote(parameterValue(parsed.value.parameters, "boundary") ?? "");
  if (boundary.length === 0 || boundary.length > MAX_BOUNDARY_LENGTH_CHARS) {
    return err("Cannot split body: boundary must have 1 to 70 characters");
  }
  return ok(boundary);
}

function findParts(body: string, delimiter: string): Result<readonly Range[]> {
  const parts: Range[] = [];
  let start = -1;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    if (at > 0 && body.charCodeAt(at - 1) !== 0x0a) continue;
    const after = at + delimiter.length;
    const isClosing = body.startsWith("--", after);
    const lineEnd = delimiterLineEnd(body, isClosing ? after + 2 : after);
    if (lineEnd < 0) continue;
    if (start >= 0) parts.push({ start, end: contentEnd(body, { start, end: at }) });
    if (isClosing && start >= 0) return ok(parts);
    if (parts.length >= MAX_BODY_PARTS) {
      return err(`Cannot split body: more than ${MAX_BODY_PARTS} parts`);
    }
    start = lineEnd;
  }
  return err("Cannot split body: no closing boundary");
}

/** Offset after the line of a delimiter; -1 when other text follows, since then it is a longer boundary's line. */
function delimiterLineEnd(body: string, start: number): number {
  let at = start;
  while (isBlankCode(body.charCodeAt(at))) at++;
  if (at === body.length) return at;
  if (body.charCodeAt(at) === 0x0d) at++;
  return body.charCodeAt(at) === 0x0a ? at + 1 : -1;
}

/** The line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1). */
function contentEnd(body: string, range: Range): number {
  if (range.end <= range.start) return range.start;
  const hasCr = body.charCodeAt(range.end - 2) === 0x0d && range.end - 2 >= range.start;
  return hasCr ? range.end - 2 : range.end - 1;
}

interface PartSearch {
  readonly search: Search;
  readonly depth: number;
}

function replaceInPart(text: string, context: PartSearch): Result<string | undefined> {
  const { search } = context;
  const section = scanHeaderSection(text, 0);
  const contentType = partHeader(section, "content-type");
  if (contentType === undefined || section.end !== "empty-line") return ok(undefined);
  const parsed = parseContentType(contentType);
  if (!parsed.ok) return ok(undefined);
  const content = text.slice(section.bodyStart);
  const { mediaType } = parsed.value;
  const isWanted = mediaType === search.mediaType && isPlainEncoding(section);
  if (isWanted) search.isFound = true;
  const changed = isWanted
    ? ok(search.replace(content))
    : replaceNested({ mediaType, contentType, content }, context);
  if (!changed.ok || changed.value === undefined) return changed;
  return ok(partHead(text, { section, lengthBytes: changed.value.length }) + changed.value);
}

interface NestedPart {
  readonly mediaType: string;
  readonly contentType: string;
  readonly content: string;
}

function replaceNested(part: NestedPart, context: PartSearch): Result<string | undefined> {
  if (!part.mediaType.startsWith("multipart/")) return ok(undefined);
  if (context.depth >= MAX_BODY_DEPTH) {
    return err(`Cannot split body: more than ${MAX_BODY_DEPTH} multiparts inside each other`);
  }
  const { contentType, content } = part;
  return replaceInside({ contentType, body: content, depth: context.depth + 1 }, context.search);
}

function partHeader(section: HeaderSection, key: string): string | undefined {
  return section.headers.find((field) => field.key === key)?.value;
}

function isPlainEncoding(section: HeaderSection): boolean {
  const encoding = partHeader(section, "content-transfer-encoding")?.toLowerCase() ?? "binary";
  return encoding === "binary" || encoding === "8bit" || encoding === "7bit";
}

interface NewLength {
  readonly section: HeaderSection;
  readonly lengthBytes: number;
}

/** The header lines of a part with its empty line; only a Content-Length value in them may change. */
function partHead(text: string, change: NewLength): string {
  const head = text.slice(0, change.section.bodyStart);
  const field = change.section.headers.find(({ key }) => key === "content-length");
  if (field === undefined) return head;
  const at = head.startsWith(field.line) ? 0 : head.indexOf(`\n${field.line}`) + 1;
  const line = `${field.name}: ${change.lengthBytes}`;
  return head.slice(0, at) + line + head.slice(at + field.line.length);
}
