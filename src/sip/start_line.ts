import { excerpt } from "./excerpt.ts";
import { MAX_LINE_LENGTH_BYTES } from "./limits.ts";
import { isBlankCode, isToken } from "./scan.ts";

/** What is wrong with a message that is SIP nevertheless, and the status code that says so. */
export interface Fault {
  readonly statusCode: 400 | 413 | 414 | 505;
  readonly reason: string;
}

/** A request's first line; with a fault, the parts are what could be read. */
export interface RequestLine {
  readonly kind: "request-line";
  readonly method: string;
  readonly requestUri: string;
  readonly fault: Fault | undefined;
}

/** A response's first line. */
export interface StatusLine {
  readonly kind: "status-line";
  readonly statusCode: number;
  readonly reasonPhrase: string;
  readonly fault: Fault | undefined;
}

/** A first line that belongs to another protocol or to none. */
export interface ForeignLine {
  readonly kind: "foreign";
}

const VERSION = "SIP/2.0";

/**
 * Reads a start line (RFC 3261 §7.1, §7.2) strictly: single blanks, version 2.0, three digits.
 *
 * Whatever names no SIP version is foreign and never answered: HTTP, TURN, keep-alives, noise (R24).
 *
 * @param line the first line without its line end
 * @returns the parts and the first fault
 */
export function parseStartLine(line: string): RequestLine | StatusLine | ForeignLine {
  if (startsWithSip(line, 0)) return parseStatusLine(line);
  let end = line.length;
  while (end > 0 && isBlankCode(line.charCodeAt(end - 1))) end--;
  const beforeVersion = line.lastIndexOf(" ", end - 1);
  if (beforeVersion < 1 || !startsWithSip(line, beforeVersion + 1)) return { kind: "foreign" };
  const afterMethod = line.indexOf(" ");
  const method = line.slice(0, afterMethod);
  if (!isToken(method)) return { kind: "foreign" };
  const requestUri = line.slice(afterMethod + 1, Math.max(beforeVersion, afterMethod + 1));
  const version = line.slice(beforeVersion + 1, end);
  const fault = end < line.length
    ? badRequest("Cannot parse Request-Line: blank after the version")
    : requestFault({ line, requestUri, version });
  return { kind: "request-line", method, requestUri, fault };
}

interface RequestLineParts {
  readonly line: string;
  readonly requestUri: string;
  readonly version: string;
}

function requestFault(parts: RequestLineParts): Fault | undefined {
  const { requestUri, version } = parts;
  if (version !== VERSION && version.toUpperCase() !== VERSION) {
    return {
      statusCode: 505,
      reason: `Cannot use SIP version ${excerpt(version)}: only 2.0 is known`,
    };
  }
  if (parts.line.length > MAX_LINE_LENGTH_BYTES) {
    const reason = `Cannot use Request-Line: longer than ${MAX_LINE_LENGTH_BYTES} octets`;
    return { statusCode: 414, reason };
  }
  if (requestUri.length === 0) return badRequest("Cannot parse Request-Line: missing Request-URI");
  if (requestUri.indexOf(" ") >= 0 || requestUri.indexOf("\t") >= 0) {
    return badRequest("Cannot parse Request-Line: blank in the Request-URI");
  }
  return undefined;
}

function parseStatusLine(line: string): StatusLine {
  const digits = line.slice(8, 11);
  const statusCode = /^[1-6][0-9][0-9]$/.test(digits) ? Number(digits) : 0;
  const ending = line.charCodeAt(11);
  const reasonPhrase = line.slice(12);
  const version = line.slice(0, 7).toUpperCase();
  if (version !== VERSION || line.charCodeAt(7) !== 0x20) {
    const fault = badRequest("Cannot parse Status-Line: unknown version");
    return { kind: "status-line", statusCode, reasonPhrase, fault };
  }
  if (line.length > MAX_LINE_LENGTH_BYTES) {
    const fault = badRequest(`Cannot use Status-Line: longer than ${MAX_LINE_LENGTH_BYTES} octets`);
    return { kind: "status-line", statusCode, reasonPhrase, fault };
  }
  const isComplete = line.length === 11 || ending === 0x20;
  const fault = statusCode > 0 && isComplete
    ? undefined
    : badRequest("Cannot parse Status-Line: status code is not 100 … 699");
  return { kind: "status-line", statusCode, reasonPhrase, fault };
}

function startsWithSip(line: string, at: number): boolean {
  return line.charCodeAt(at + 3) === 0x2f && line.slice(at, at + 3).toUpperCase() === "SIP";
}

function badRequest(reason: string): Fault {
  return { statusCode: 400, reason };
}
