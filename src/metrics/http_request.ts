/** What a request asks for, as far as it is looked at. */
export type HttpRequestVerdict =
  /** Its end is still to come. */
  | "incomplete"
  | "metrics"
  /** Same as `metrics`, without the text. */
  | "metrics-head"
  | "other-path"
  | "other-method"
  | "bad";

/** Longest request: a scraper's has some 200 bytes. */
export const MAX_HTTP_REQUEST_LENGTH_BYTES = 4096;

/** Requests that are answered with metrics; a query behind the path changes nothing. */
const METRICS = /^(GET|HEAD) \/(?:metrics)?(?:\?[!-~]*)? HTTP\/1\.[01]$/;

/** Requests that are HTTP at all. */
const REQUEST_LINE = /^([A-Z]{1,16}) [!-~]+ HTTP\/1\.[01]$/;

/**
 * Judges a request by its first line; nothing else of it is ever read, and its connection ends with the answer.
 *
 * @param text everything that came so far, as latin1
 * @returns what to answer, once the empty line is there
 */
export function judgeHttpRequest(text: string): HttpRequestVerdict {
  const isWhole = text.includes("\r\n\r\n") || text.includes("\n\n");
  if (!isWhole) return text.length > MAX_HTTP_REQUEST_LENGTH_BYTES ? "bad" : "incomplete";
  const [line = ""] = text.split(/\r?\n/, 1);
  const method = METRICS.exec(line)?.[1];
  if (method === "GET") return "metrics";
  if (method === "HEAD") return "metrics-head";
  const other = REQUEST_LINE.exec(line)?.[1];
  if (other === undefined) return "bad";
  return other === "GET" || other === "HEAD" ? "other-path" : "other-method";
}

/** An answer without its text. */
export interface HttpAnswer {
  readonly status: string;
  readonly contentType: string;
  readonly lengthBytes: number;
}

/**
 * Writes the head of an answer after which the connection ends.
 *
 * @param answer status line and what follows
 * @returns status line, headers and the empty line
 */
export function httpAnswerHead(answer: HttpAnswer): string {
  return [
    `HTTP/1.1 ${answer.status}`,
    `Content-Type: ${answer.contentType}`,
    `Content-Length: ${answer.lengthBytes}`,
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    "Connection: close",
    "",
    "",
  ].join("\r\n");
}
