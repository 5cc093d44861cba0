import { deepEqual, equal } from "node:assert/strict";
import { decodeLatin1, encodeLatin1 } from "../base/text.ts";
import { StreamFramer } from "./stream_framer.ts";

const FIRST = "INVITE sip:a SIP/2.0\r\nContent-Length: 4\r\n\r\nbody";
const SECOND = "SIP/2.0 200 OK\r\nl :0\r\n\r\n";

/** Feeds texts and writes the events in short form. */
function feed(framer: StreamFramer, texts: readonly string[]): readonly string[] {
  const events: string[] = [];
  for (const text of texts) {
    for (const event of framer.push(encodeLatin1(text))) {
      if (event.kind === "message") events.push(decodeLatin1(event.data));
      else events.push(event.kind === "error" ? event.reason : event.kind);
    }
  }
  return events;
}

Deno.test("StreamFramer.push() cuts by Content-Length however the octets arrive", () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["one message", [FIRST]],
    ["head and body apart", [FIRST.slice(0, -4), "bo", "dy"]],
    ["cut inside the start line", ["INV", FIRST.slice(3)]],
    ["cut inside the empty line", [FIRST.slice(0, -6), FIRST.slice(-6)]],
    ["cut before the last LF", [FIRST.slice(0, -5), FIRST.slice(-5)]],
    ["octet by octet", FIRST.split("")],
  ];
  for (const [what, texts] of rows) {
    deepEqual(feed(new StreamFramer(), texts), [FIRST], what);
  }
});

Deno.test("StreamFramer.push() gives all messages of one read", () => {
  const framer = new StreamFramer();
  deepEqual(feed(framer, [FIRST + SECOND + FIRST]), [FIRST, SECOND, FIRST]);
  equal(framer.pendingBytes, 0);
});

Deno.test("StreamFramer.push() gives the same messages for every cut in two", () => {
  const stream = FIRST + SECOND + FIRST;
  for (let cut = 0; cut <= stream.length; cut++) {
    const texts = [stream.slice(0, cut), stream.slice(cut)];
    deepEqual(feed(new StreamFramer(), texts), [FIRST, SECOND, FIRST], `cut at ${cut}`);
  }
});

Deno.test("StreamFramer.push() takes bare LF line ends", () => {
  const message = "OPTIONS sip:a SIP/2.0\nl: 1\n\nx";
  deepEqual(feed(new StreamFramer(), [message, message]), [message, message]);
});

Deno.test("StreamFramer.push() takes a body of line ends and SIP for a body", () => {
  const body = `\r\n\r\n${SECOND}`;
  const message = `MESSAGE sip:a SIP/2.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  deepEqual(feed(new StreamFramer(), [message]), [message]);
});

Deno.test("StreamFramer.push() tells pings from pongs", () => {
  const rows: readonly (readonly [readonly string[], readonly string[]])[] = [
    [["\r\n\r\n"], ["ping"]],
    [["\r\n"], ["pong"]],
    [["\r\n", "\r\n"], ["pong", "ping"]],
    [["\r", "\n\r", "\n"], ["pong", "ping"]],
    [["\r\n\r\n\r\n"], ["ping", "pong"]],
    [["\r\n".repeat(1000)], ["ping"]],
    [[`\r\n${SECOND}`], ["pong", SECOND]],
    [[`${SECOND}\r\n\r\n${SECOND}`], [SECOND, "ping", SECOND]],
    [[`${SECOND}\r\n\r\n${SECOND}\r\n\r\n`], [SECOND, "ping", SECOND]],
    [["\r\n\r\n", "\r\n\r\n"], ["ping", "ping"]],
    [["\r\n", SECOND, "\r\n"], ["pong", SECOND, "pong"]],
  ];
  for (const [texts, events] of rows) {
    deepEqual(feed(new StreamFramer(), texts), events, JSON.stringify(texts));
  }
});

Deno.test("StreamFramer.push() does not take line ends inside a message for keep-alives", () => {
  const head = "MESSAGE sip:a SIP/2.0\r\nl: 4\r\n";
  deepEqual(feed(new StreamFramer(), [head, "\r\n", "\r\n", "\r\n"]), [`${head}\r\n\r\n\r\n`]);
});

Deno.test("StreamFramer.push() ends a stream that it cannot follow", () => {
  const start = "OPTIONS sip:a SIP/2.0\r\n";
  const foreign = "Cannot frame stream: first line is no SIP start line";
  const tooLong = "Cannot frame stream: message longer than 65536 octets";
  const rows: readonly (readonly [string, string])[] = [
    ["POST / HTTP/1.1\r\n", foreign],
    ["\x16\x03\x01\n", foreign],
    ["\rOPTIONS sip:a SIP/2.0\r\n", foreign],
    [`${start}Via: a\r\n\r\n`, "Cannot frame stream: missing Content-Length"],
    [`${start}l: 5\r\nl: 5\r\n\r\n`, "Cannot frame stream: more than one Content-Length"],
    [`${start}l: -9\r\n\r\n`, "Cannot parse Content-Length: not a number of digits"],
    [`${start}l: 9999999999\r\n\r\n`, "Cannot use Content-Length: highest is 2147483647"],
    [`${start}l: 65536\r\n\r\n`, tooLong],
    [start + "X: y\r\n".repeat(11000), tooLong],
    ["A".repeat(65537), "Cannot frame stream: first line never ends"],
  ];
  for (const [text, reason] of rows) {
    const framer = new StreamFramer();
    deepEqual(feed(framer, [text]), [reason]);
    equal(framer.pendingBytes, 0);
    deepEqual(feed(framer, [SECOND]), [], "nothing more is taken");
  }
});

Deno.test("StreamFramer.push() gives what came before the error", () => {
  const events = feed(new StreamFramer(), [`${FIRST}GET / HTTP/1.1\r\n\r\n`]);
  deepEqual(events, [FIRST, "Cannot frame stream: first line is no SIP start line"]);
});

Deno.test("StreamFramer.push() hands the octets of a bad message over, but nothing foreign", () => {
  const bad = "OPTIONS sip:a SIP/2.0\r\nVia: a\r\n\r\n";
  deepEqual(new StreamFramer().push(encodeLatin1(bad)), [{
    kind: "error",
    reason: "Cannot frame stream: missing Content-Length",
    data: encodeLatin1(bad),
  }]);
  deepEqual(new StreamFramer().push(encodeLatin1("GET / HTTP/1.1\r\n")), [{
    kind: "error",
    reason: "Cannot frame stream: first line is no SIP start line",
    data: undefined,
  }]);
});

Deno.test("StreamFramer.push() takes a message of exactly 64 KiB", () => {
  const head = "MESSAGE sip:a SIP/2.0\r\nl: 65501\r\n\r\n";
  const message = head + "x".repeat(65501);
  equal(message.length, 65536);
  deepEqual(feed(new StreamFramer(), [message]), [message]);
});

Deno.test("StreamFramer.push() keeps nothing of the caller's buffer", () => {
  const framer = new StreamFramer();
  const buffer = encodeLatin1(FIRST.slice(0, 10));
  framer.push(buffer);
  buffer.fill(0);
  deepEqual(feed(framer, [FIRST.slice(10)]), [FIRST]);
});

Deno.test("StreamFramer.pendingBytes tells what a slow peer owes", () => {
  const framer = new StreamFramer();
  equal(framer.pendingBytes, 0);
  feed(framer, ["INVITE sip:a SIP/2.0\r\n"]);
  equal(framer.pendingBytes, 22);
  feed(framer, ["l: 2\r\n\r\nx"]);
  equal(framer.pendingBytes, 31);
  feed(framer, ["y\r\n"]);
  equal(framer.pendingBytes, 0);
});
