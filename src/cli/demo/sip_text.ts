/**
 * The demo: two simulated phones and a registrar that talk through the real daemon on loopback addresses.
 * Its parties build and read SIP as plain text on purpose, so that they share no code with what they show.
 * The command `siproxd demo` calls it.
 *
 * @module
 */

/** One header line. */
export type HeaderLine = readonly [name: string, value: string];

/**
 * Writes a message; Content-Length is added.
 *
 * @param startLine request line or status line
 * @param rest headers in their order, text of the body
 * @returns the message
 */
export function sipText(
  startLine: string,
  { headers, body = "" }: { readonly headers: readonly HeaderLine[]; readonly body?: string },
): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [startLine, ...lines, `Content-Length: ${body.length}`, "", body].join("\r\n");
}

/**
 * Reads all values of a header, in their order; names without regard to case, long form only.
 *
 * @param text a message
 * @param name such as `Via`
 * @returns one value a line
 */
export function headerValues(text: string, name: string): readonly string[] {
  const prefix = `${name.toLowerCase()}:`;
  const head = text.split("\r\n\r\n", 1)[0] ?? "";
  return head.split("\r\n").slice(1)
    .filter((line) => line.toLowerCase().startsWith(prefix))
    .map((line) => line.slice(prefix.length).trim());
}

/** Reads the first value of a header, or an empty text. */
export function headerValue(text: string, name: string): string {
  return headerValues(text, name)[0] ?? "";
}

/** Reads the first line. */
export function startLineOf(text: string): string {
  return text.split("\r\n", 1)[0] ?? "";
}

/** Reads the body. */
export function bodyOf(text: string): string {
  const at = text.indexOf("\r\n\r\n");
  return at < 0 ? "" : text.slice(at + 4);
}

/** Reads the method of a request, or undefined of a response. */
export function methodOf(text: string): string | undefined {
  return text.startsWith("SIP/2.0 ") ? undefined : text.split(" ", 1)[0];
}

/** Reads the status of a response, or undefined of a request. */
export function statusOf(text: string): number | undefined {
  return text.startsWith("SIP/2.0 ") ? Number(text.slice(8, 11)) : undefined;
}

/** Takes the URI out of a name-addr. */
export function uriIn(nameAddr: string): string {
  return /<([^>]*)>/.exec(nameAddr)?.[1] ?? nameAddr.split(";", 1)[0] ?? "";
}

/** Reads host and port of a `sip:user@host:port` URI. */
export function placeIn(uri: string): { readonly hostname: string; readonly port: number } {
  const [, hostname = "", port = "5060"] = /^sip:(?:[^@]*@)?([^:;>?]+)(?::(\d+))?/.exec(uri) ?? [];
  return { hostname, port: Number(port) };
}

/**
 * Answers a request: Via, From, To, Call-ID and CSeq as received.
 *
 * @param request the request
 * @param answer status, To tag, further headers and a body
 * @returns the response
 */
export function responseTo(
  request: string,
  answer: {
    /** Such as `200 OK`. */
    readonly status: string;
    readonly toTag?: string;
    readonly headers?: readonly HeaderLine[];
    readonly body?: string;
  },
): string {
  const to = headerValue(request, "To");
  const tagged = to.includes(";tag=") || answer.toTag === undefined
    ? to
    : `${to};tag=${answer.toTag}`;
  const headers: HeaderLine[] = [
    ...headerValues(request, "Via").map((value): HeaderLine => ["Via", value]),
    ...headerValues(request, "Record-Route").map((value): HeaderLine => ["Record-Route", value]),
    ["From", headerValue(request, "From")],
    ["To", tagged],
    ["Call-ID", headerValue(request, "Call-ID")],
    ["CSeq", headerValue(request, "CSeq")],
    ...(answer.headers ?? []),
  ];
  const { status, body = "" } = answer;
  return sipText(`SIP/2.0 ${status}`, { headers, body });
}
