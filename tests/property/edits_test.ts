import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { decodeLatin1, encodeLatin1 } from "../../src/base/text.ts";
import {
  appendHeaderAfterLast,
  getHeader,
  getHeaders,
  headerValue,
  listValues,
  prependHeader,
  removeHeaders,
  replaceListElements,
  setHeader,
  withBody,
  withRequestUri,
} from "../../src/sip/headers.ts";
import type { SipMessage } from "../../src/sip/message.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import { serializeMessage } from "../../src/sip/serialize_message.ts";
import { Dice } from "./dice.ts";
import { requestText, responseText } from "./grammar.ts";
import { sipSeeds } from "./seeds.ts";

/** Messages that parse, half of them made up, half of them fixtures; the same in every run. */
function goodMessages(count: number): readonly SipMessage[] {
  const dice = new Dice(3261);
  const seeds = sipSeeds();
  const messages: SipMessage[] = [];
  while (messages.length < count) {
    const text = dice.oneIn(2)
      ? dice.pick(seeds)
      : dice.oneIn(3)
      ? responseText(dice)
      : requestText(dice);
    const parsed = parseMessage(encodeLatin1(text), "datagram");
    if (parsed.ok) messages.push(parsed.value);
  }
  return messages;
}

const MESSAGES = goodMessages(400);

function written(message: SipMessage): string {
  return decodeLatin1(serializeMessage(message));
}

function again(message: SipMessage): SipMessage {
  const parsed = parseMessage(serializeMessage(message), "datagram");
  if (!parsed.ok) throw new Error(parsed.error.reason);
  return parsed.value;
}

/** Keys that messages have, and one that none has. */
const KEYS = [
  "via",
  "contact",
  "record-route",
  "route",
  "max-forwards",
  "x-unknown",
  "x-nobody",
] as const;

Deno.test("parseMessage() reads back everything that serializeMessage() wrote", () => {
  for (const message of MESSAGES) {
    // Octets behind Content-Length are not part of the message, so its body decides.
    const { headers, startLine, kind } = again(message);
    deepStrictEqual([headers, startLine, kind], [message.headers, message.startLine, message.kind]);
  }
});

Deno.test("serializeMessage() writes the same octets a second time", () => {
  for (const message of MESSAGES) strictEqual(written(again(message)), written(message));
});

Deno.test("setHeader() twice is setHeader() once", () => {
  for (const message of MESSAGES) {
    for (const name of ["Max-Forwards", "User-Agent", "X-New"]) {
      const once = setHeader(message, name, "7");
      deepStrictEqual(setHeader(once, name, "7"), once);
      deepStrictEqual(getHeaders(once, name.toLowerCase()).map(({ value }) => value), ["7"]);
    }
  }
});

Deno.test("setHeader() touches no other field", () => {
  for (const message of MESSAGES) {
    const others = (edited: SipMessage) => edited.headers.filter(({ key }) => key !== "user-agent");
    deepStrictEqual(others(setHeader(message, "User-Agent", "x")), others(message));
  }
});

Deno.test("removeHeaders() leaves none, and gives the same message where there is none", () => {
  for (const message of MESSAGES) {
    for (const key of KEYS) {
      const removed = removeHeaders(message, key);
      strictEqual(getHeader(removed, key), undefined);
      strictEqual(removed === message, getHeader(message, key) === undefined);
      deepStrictEqual(removed.headers, message.headers.filter((field) => field.key !== key));
    }
  }
});

Deno.test("prependHeader() puts its value first of all, and what was there behind it", () => {
  for (const message of MESSAGES) {
    for (const name of ["Via", "Record-Route", "Path"]) {
      const key = name.toLowerCase();
      const longer = prependHeader(message, name, "<sip:new@x>");
      deepStrictEqual(listValues(longer, key), ["<sip:new@x>", ...listValues(message, key)]);
      strictEqual(longer.headers.length, message.headers.length + 1);
    }
  }
});

Deno.test("appendHeaderAfterLast() puts its value last of all", () => {
  for (const message of MESSAGES) {
    const longer = appendHeaderAfterLast(message, "Record-Route", "<sip:new@x>");
    deepStrictEqual(listValues(longer, "record-route"), [
      ...listValues(message, "record-route"),
      "<sip:new@x>",
    ]);
  }
});

Deno.test("prependHeader() undone gives the message back", () => {
  for (const message of MESSAGES) {
    const longer = prependHeader(message, "Via", "SIP/2.0/UDP new");
    const undone = replaceListElements(
      longer,
      "via",
      (element, index) => index === 0 ? undefined : element,
    );
    deepStrictEqual(undone.headers, message.headers);
  }
});

Deno.test("replaceListElements() without a change gives the very same message", () => {
  for (const message of MESSAGES) {
    for (const key of KEYS) {
      strictEqual(replaceListElements(message, key, (element) => element), message);
    }
  }
});

Deno.test("replaceListElements() gives each element its number over all lines", () => {
  for (const message of MESSAGES) {
    const seen: string[] = [];
    replaceListElements(message, "via", (element, index) => {
      strictEqual(index, seen.length);
      seen.push(element);
      return element;
    });
    deepStrictEqual(seen, listValues(message, "via"));
  }
});

Deno.test("replaceListElements() changes what it is told, element by element", () => {
  for (const message of MESSAGES) {
    const marked = replaceListElements(message, "record-route", (element) => `${element};x`);
    deepStrictEqual(
      listValues(marked, "record-route"),
      listValues(message, "record-route").map((element) => `${element};x`),
    );
    const emptied = replaceListElements(message, "record-route", () => undefined);
    strictEqual(getHeader(emptied, "record-route"), undefined);
  }
});

Deno.test("replaceListElements() keeps the bytes of lines in which nothing changes", () => {
  for (const message of MESSAGES) {
    const lines = getHeaders(message, "via").map(({ line }) => line);
    const edited = replaceListElements(
      message,
      "via",
      (element, index) => index === 0 ? `${element};x` : element,
    );
    deepStrictEqual(getHeaders(edited, "via").map(({ line }) => line).slice(1), lines.slice(1));
  }
});

Deno.test("withBody() keeps Content-Length in step", () => {
  for (const message of MESSAGES) {
    for (const body of ["", "x", "\xff\0\r\n".repeat(50)]) {
      const edited = withBody(message, body);
      const read = again(edited);
      deepStrictEqual([read.body, headerValue(read, "content-length")], [body, `${body.length}`]);
    }
  }
});

Deno.test("withRequestUri() changes the start line alone", () => {
  for (const message of MESSAGES) {
    if (message.kind !== "request") continue;
    const edited = withRequestUri(message, "sip:new@192.0.2.9");
    const read = again(edited);
    strictEqual(read.kind === "request" ? read.requestUri : "", "sip:new@192.0.2.9");
    deepStrictEqual([edited.headers, edited.body, edited.method], [
      message.headers,
      message.body,
      message.method,
    ]);
  }
});

Deno.test("edits never change the message that they were given", () => {
  for (const message of MESSAGES.slice(0, 100)) {
    const before = written(message);
    setHeader(message, "Via", "x");
    prependHeader(message, "Via", "x");
    appendHeaderAfterLast(message, "Via", "x");
    removeHeaders(message, "via");
    replaceListElements(message, "via", () => "x");
    withBody(message, "x");
    strictEqual(written(message), before);
  }
});
