import { splitList } from "./comma_list.ts";
import { headerKey } from "./header_name.ts";
import type { HeaderField, SipMessage, SipRequest, SipResponse } from "./message.ts";
import { trimBlanks } from "./scan.ts";

/**
 * Finds the first header field of a name.
 *
 * @param message any message
 * @param key canonical name in lower case, such as `call-id`
 * @returns undefined when there is none
 */
export function getHeader(message: SipMessage, key: string): HeaderField | undefined {
  for (const field of message.headers) if (field.key === key) return field;
  return undefined;
}

/**
 * Finds all header fields of a name.
 *
 * @param message any message
 * @param key canonical name in lower case
 * @returns them in order
 */
export function getHeaders(message: SipMessage, key: string): readonly HeaderField[] {
  return message.headers.filter((field) => field.key === key);
}

/**
 * Gives the value of the first header field of a name.
 *
 * @param message any message
 * @param key canonical name in lower case
 * @returns unfolded and trimmed; undefined when there is none
 */
export function headerValue(message: SipMessage, key: string): string | undefined {
  return getHeader(message, key)?.value;
}

/**
 * Gives all elements of a list header, over all its lines, in order.
 *
 * @param message any message
 * @param key canonical name in lower case of a header whose grammar is a comma list
 * @returns trimmed elements; commas in quotes and angle brackets do not separate
 */
export function listValues(message: SipMessage, key: string): readonly string[] {
  let elements: readonly string[] | undefined;
  for (const field of message.headers) {
    if (field.key !== key) continue;
    const more = splitList(field.value);
    elements = elements === undefined ? more : [...elements, ...more];
  }
  return elements ?? [];
}

/**
 * Makes a header field that goes out as `Name: value`.
 *
 * @param name the spelling to write
 * @param value one line of latin1 text; the serializer throws when it holds CR, LF or NUL (R9)
 * @returns the field
 */
export function makeHeader(name: string, value: string): HeaderField {
  const trimmed = trimBlanks(value);
  const line = trimmed === "" ? `${name}:` : `${name}: ${trimmed}`;
  return { key: headerKey(name), name, value: trimmed, line };
}

/**
 * Gives a message with another header list.
 *
 * @param message any message
 * @param headers the new list
 * @returns a new message of the same kind
 */
export function withHeaders<Message extends SipMessage>(
  message: Message,
  headers: readonly HeaderField[],
): Message {
  return { ...message, headers };
}

/**
 * Sets a header: the first field of that name is replaced in place and further ones go; a new one is appended,
 * before Content-Length when that stands last.
 *
 * @param message any message
 * @param name the spelling to write
 * @param value one line of text
 * @returns a new message
 */
// deno-lint-ignore house/max-parameters -- all list edits read (message, name, value)
export function setHeader<Message extends SipMessage>(
  message: Message,
  name: string,
  value: string,
): Message {
  const field = makeHeader(name, value);
  const headers: HeaderField[] = [];
  let isSet = false;
  for (const old of message.headers) {
    if (old.key !== field.key) {
      headers.push(old);
    } else if (!isSet) {
      headers.push(field);
      isSet = true;
    }
  }
  if (!isSet) {
    const isLengthLast = headers.at(-1)?.key === "content-length";
    headers.splice(isLengthLast ? headers.length - 1 : headers.length, 0, field);
  }
  return withHeaders(message, headers);
}

/**
 * Takes all header fields of a name out.
 *
 * @param message any message
 * @param key canonical name in lower case
 * @returns the message itself when it has none, else a new one
 */
export function removeHeaders<Message extends SipMessage>(message: Message, key: string): Message {
  return removeHeaderWhere(message, (field) => field.key === key);
}

/**
 * Takes out the header fields that a test picks.
 *
 * @param message any message
 * @param isRemoved called once a field, in order
 * @returns the message itself when none is picked, else a new one
 */
export function removeHeaderWhere<Message extends SipMessage>(
  message: Message,
  isRemoved: (field: HeaderField, index: number) => boolean,
): Message {
  const headers = message.headers.filter((field, index) => !isRemoved(field, index));
  return headers.length === message.headers.length ? message : withHeaders(message, headers);
}

/**
 * Puts a header field before the first of its name; without one, on top if it is a Via, else after the last Via.
 *
 * @param message any message
 * @param name the spelling to write
 * @param value one line of text
 * @returns a new message
 */
// deno-lint-ignore house/max-parameters -- all list edits read (message, name, value)
export function prependHeader<Message extends SipMessage>(
  message: Message,
  name: string,
  value: string,
): Message {
  const field = makeHeader(name, value);
  const first = message.headers.findIndex((old) => old.key === field.key);
  const index = field.key === "via" ? 0 : afterLast(message, "via");
  return withHeaders(message, message.headers.toSpliced(first >= 0 ? first : index, 0, field));
}

/**
 * Puts a header field after the last of its name; without one, after the last Via.
 *
 * @param message any message
 * @param name the spelling to write
 * @param value one line of text
 * @returns a new message
 */
// deno-lint-ignore house/max-parameters -- all list edits read (message, name, value)
export function appendHeaderAfterLast<Message extends SipMessage>(
  message: Message,
  name: string,
  value: string,
): Message {
  const field = makeHeader(name, value);
  const hasSome = message.headers.some((old) => old.key === field.key);
  const index = afterLast(message, hasSome ? field.key : "via");
  return withHeaders(message, message.headers.toSpliced(index, 0, field));
}

function afterLast(message: SipMessage, key: string): number {
  for (let index = message.headers.length - 1; index >= 0; index--) {
    if (message.headers[index]?.key === key) return index + 1;
  }
  return 0;
}

/**
 * Rewrites or deletes single elements of a list header.
 *
 * Lines of which no element changes stay byte for byte; a changed line is written anew with its name as written; a
 * line that loses all its elements goes.
 *
 * @param message any message
 * @param key canonical name in lower case
 * @param replace gets each element and its index over all lines; returns it as it is, another text, or undefined
 * @returns the message itself when nothing changes, else a new one
 */
// deno-lint-ignore house/max-parameters -- all list edits read (message, name, what to do)
export function replaceListElements<Message extends SipMessage>(
  message: Message,
  key: string,
  replace: (element: string, index: number) => string | undefined,
): Message {
  let index = 0;
  let isChanged = false;
  const headers: HeaderField[] = [];
  for (const field of message.headers) {
    if (field.key !== key) {
      headers.push(field);
      continue;
    }
    const elements = splitList(field.value);
    const results = elements.map((element) => replace(element, index++));
    if (results.every((result, at) => result === elements[at])) {
      headers.push(field);
      continue;
    }
    isChanged = true;
    const kept = results.filter((result) => result !== undefined);
    if (kept.length > 0) headers.push(makeHeader(field.name, kept.join(", ")));
  }
  return isChanged ? withHeaders(message, headers) : message;
}

/**
 * Sets the body together with Content-Length, which is added when missing.
 *
 * @param message any message
 * @param body latin1 text, one character an octet
 * @returns a new message
 */
export function withBody<Message extends SipMessage>(message: Message, body: string): Message {
  const name = getHeader(message, "content-length")?.name ?? "Content-Length";
  return { ...setHeader(message, name, String(body.length)), body };
}

/**
 * Sets the Request-URI, and the start line with it.
 *
 * @param request a request
 * @param uri the URI as it shall be written
 * @returns a new request
 */
export function withRequestUri(request: SipRequest, uri: string): SipRequest {
  return { ...request, requestUri: uri, startLine: `${request.method} ${uri} SIP/2.0` };
}

/** The two variable parts of a Status-Line. */
export interface Status {
  /** 100 … 699. */
  readonly statusCode: number;
  /** One line of text. */
  readonly reasonPhrase: string;
}

/**
 * Sets status code and reason phrase, and the start line with them.
 *
 * @param response a response
 * @param status what it shall say
 * @returns a new response
 */
export function withStatus(response: SipResponse, status: Status): SipResponse {
  const { statusCode, reasonPhrase } = status;
  return {
    ...response,
    statusCode,
    reasonPhrase,
    startLine: `SIP/2.0 ${statusCode} ${reasonPhrase}`,
  };
}
