/**
 * SIP as text, for peers that a test plays itself.
 *
 * Finds headers in raw messages and writes answers. Deliberately apart from the daemon's own
 * parser: a test that used it would share its mistakes. Called by the test programs and the matrix.
 *
 * @module
 */

const COMPACT: Readonly<Record<string, string>> = {
  v: "via",
  f: "from",
  t: "to",
  i: "call-id",
  m: "contact",
  c: "content-type",
  l: "content-length",
  k: "supported",
  e: "content-encoding",
  s: "subject",
};

/** The first line. */
export function startLine(message: string): string {
  return message.split("\r\n", 1)[0] ?? "";
}

/** The Request-URI, or an empty text for a response. */
export function requestUri(message: string): string {
  const [method, uri] = startLine(message).split(" ");
  return method === "SIP/2.0" ? "" : uri ?? "";
}

/** Status code of a response; 0 for a request. */
export function statusOf(message: string): number {
  return message.startsWith("SIP/2.0 ") ? Number(message.slice(8, 11)) : 0;
}

/** Method of a request; for a response that of its CSeq. */
export function methodOf(message: string): string {
  if (statusOf(message) !== 0) return header(message, "CSeq").split(" ")[1] ?? "";
  return startLine(message).split(" ")[0] ?? "";
}

/** Everything after the empty line. */
export function bodyOf(message: string): string {
  const at = message.indexOf("\r\n\r\n");
  return at === -1 ? "" : message.slice(at + 4);
}

/** Header lines as received, without the start line. */
export function headerLines(message: string): readonly string[] {
  const at = message.indexOf("\r\n\r\n");
  const head = at === -1 ? message : message.slice(0, at);
  return head.replaceAll(/\r\n[ \t]+/g, " ").split("\r\n").slice(1);
}

/** All values of a header, compact names included; a value list in one line stays one value. */
export function headers(message: string, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headerLines(message).flatMap((line) => {
    const colon = line.indexOf(":");
    const found = line.slice(0, colon).trim().toLowerCase();
    return (COMPACT[found] ?? found) === wanted ? [line.slice(colon + 1).trim()] : [];
  });
}

/** The first value of a header, or an empty text. */
export function header(message: string, name: string): string {
  return headers(message, name)[0] ?? "";
}

/** All values of a header that may be a list, one entry each (no commas inside quotes or `<>`). */
export function listed(message: string, name: string): readonly string[] {
  return headers(message, name).flatMap((value) =>
    value.match(/(?:<[^>]*>|"[^"]*"|[^,<"])+/g) ?? []
  ).map((value) => value.trim());
}

/** The URI of a name-addr or addr-spec. */
export function uriOf(value: string): string {
  const angle = /<([^>]*)>/.exec(value);
  return angle?.[1] ?? value.split(";")[0]?.trim() ?? "";
}

/** A `;name=value` parameter of a header value, or an empty text. */
export function parameter(value: string, name: string): string {
  const outside = value.replace(/<[^>]*>/, "");
  const found = new RegExp(`;\\s*${name}\\s*=\\s*([^;,\\s]*)`, "i").exec(outside);
  return found?.[1] ?? "";
}

/** What an answer may carry beyond the copied headers. */
export interface AnswerOptions {
  /** To tag; absent: To as received. */
  readonly tag?: string;
  /** Further header lines. */
  readonly extra?: readonly string[];
  readonly body?: string;
  readonly contentType?: string;
}

/** Writes the answer to a request: Via, From, To, Call-ID, CSeq, Record-Route copied. */
export function answer(request: string, status: string, options: AnswerOptions = {}): string {
  const body = options.body ?? "";
  const copied = headerLines(request).filter((line) =>
    /^(via|v|from|f|call-id|i|cseq|record-route)\s*:/i.test(line)
  );
  const tag = options.tag === undefined ? "" : `;tag=${options.tag}`;
  return [
    `SIP/2.0 ${status}`,
    ...copied,
    `To: ${header(request, "To")}${tag}`,
    ...(options.extra ?? []),
    ...(body === "" ? [] : [`Content-Type: ${options.contentType ?? "application/sdp"}`]),
    `Content-Length: ${new TextEncoder().encode(body).length}`,
    "",
    body,
  ].join("\r\n");
}
