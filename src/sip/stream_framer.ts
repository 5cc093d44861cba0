import { decodeLatin1 } from "../base/text.ts";
import { parseContentLength } from "./content_length.ts";
import { scanHeaderSection } from "./header_section.ts";
import { MAX_MESSAGE_LENGTH_BYTES } from "./limits.ts";
import { parseStartLine } from "./start_line.ts";

/** What the octets of a connection turn out to be. */
export type StreamEvent =
  /** One whole message, for parseMessage(data, "stream"). */
  | { readonly kind: "message"; readonly data: Uint8Array<ArrayBuffer> }
  /** CRLF CRLF between messages: answer with CRLF (RFC 5626 §3.5.1). */
  | { readonly kind: "ping" }
  /** A single CRLF between messages: an answer to a ping, or a phone's keep-alive. */
  | { readonly kind: "pong" }
  /** The stream cannot be followed any more: close it. `data` may be parsed for a last 400. */
  | {
    readonly kind: "error";
    readonly reason: string;
    readonly data: Uint8Array<ArrayBuffer> | undefined;
  };

const CR = 0x0d;
const LF = 0x0a;

/** First size of the buffer: one usual message with SDP; idle connections hold no more than that. */
const INITIAL_BUFFER_BYTES = 2048;

/**
 * Cuts a byte stream into SIP messages by Content-Length (RFC 3261 §18.3).
 *
 * Octets are looked at once, however they are chopped up, and never more than one message is held. What is no SIP is
 * recognised by its first line and ends the stream (R24). After an error the framer takes nothing more.
 */
export class StreamFramer {
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL_BUFFER_BYTES);
  #length = 0;
  /** Offset up to which the end of the header section has been looked for. */
  #scanned = 0;
  /** Whether the first line has been found to be SIP. */
  #hasStartLine = false;
  /** Length of the message being received, once its header section is complete. */
  #messageLengthBytes: number | undefined;
  /** Line ends that were seen since the last message, modulo 2. */
  #openLineEnds = 0;
  #isBroken = false;
  #hasPinged = false;

  /** Octets held of a message that is not complete: as long as it is not 0, the peer owes the rest. */
  get pendingBytes(): number {
    return this.#length;
  }

  /**
   * Takes what a read gave.
   *
   * @param bytes the octets; they may be reused afterwards
   * @returns what they complete, in order; at most one ping, so that a flood of CRLF is answered once
   */
  push(bytes: Uint8Array): readonly StreamEvent[] {
    if (this.#isBroken) return [];
    this.#append(bytes);
    this.#hasPinged = false;
    const events: StreamEvent[] = [];
    let start = this.#skipKeepAlives(0, events);
    while (start < this.#length && !this.#isBroken && !this.#isHalfLineEnd(start)) {
      const end = this.#messageEnd(start, events);
      if (end < 0) break;
      events.push({ kind: "message", data: this.#buffer.slice(start, end) });
      this.#resetMessage();
      start = this.#skipKeepAlives(end, events);
    }
    this.#discard(start);
    return events;
  }

  #append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = needed;
  }

  /** Drops what is done with, and a buffer that has become far larger than what it holds. */
  #discard(count: number): void {
    if (this.#isBroken) {
      this.#buffer = new Uint8Array(0);
      this.#length = 0;
      return;
    }
    const rest = this.#buffer.subarray(count, this.#length);
    this.#scanned = Math.max(0, this.#scanned - count);
    this.#length = rest.length;
    if (rest.length === 0 && this.#buffer.length > INITIAL_BUFFER_BYTES) {
      this.#buffer = new Uint8Array(INITIAL_BUFFER_BYTES);
    } else if (count > 0) {
      this.#buffer.copyWithin(0, count, count + rest.length);
    }
  }

  #resetMessage(): void {
    this.#hasStartLine = false;
    this.#messageLengthBytes = undefined;
    this.#scanned = 0;
  }

  /** Gives the offset of the first octet of a message. A CR without its LF waits for the next read. */
  #skipKeepAlives(start: number, events: StreamEvent[]): number {
    if (this.#hasStartLine || this.#scanned > start) return start;
    let at = start;
    let lineEnds = this.#openLineEnds;
    while (at < this.#length) {
      if (this.#buffer[at] === LF) at += 1;
      else if (this.#buffer[at] === CR && this.#buffer[at + 1] === LF && at + 1 < this.#length) {
        at += 2;
      } else break;
      lineEnds++;
    }
    if (at > start) this.#reportKeepAlives(lineEnds, events);
    if (at < this.#length && this.#buffer[at] !== CR) this.#openLineEnds = 0;
    this.#scanned = at;
    return at;
  }

  #isHalfLineEnd(start: number): boolean {
    return this.#buffer[start] === CR && start + 1 === this.#length;
  }

  #reportKeepAlives(lineEnds: number, events: StreamEvent[]): void {
    if (lineEnds >= 2 && !this.#hasPinged) {
      events.push({ kind: "ping" });
      this.#hasPinged = true;
    }
    if (lineEnds % 2 === 1) events.push({ kind: "pong" });
    this.#openLineEnds = lineEnds % 2;
  }

  /** Gives the offset after the message that begins at `start`, or -1 while it is incomplete or after an error. */
  #messageEnd(start: number, events: StreamEvent[]): number {
    if (this.#messageLengthBytes === undefined && !this.#readHead(start, events)) return -1;
    const end = start + (this.#messageLengthBytes ?? 0);
    return end <= this.#length ? end : -1;
  }

  /** Looks for the end of the header section and works out the length of the message. */
  #readHead(start: number, events: StreamEvent[]): boolean {
    if (!this.#hasStartLine && !this.#checkStartLine(start, events)) return false;
    const bodyStart = this.#findBody(start);
    if (bodyStart < 0) {
      if (this.#length - start > MAX_MESSAGE_LENGTH_BYTES) this.#fail(start, tooLong(events));
      return false;
    }
    const head = decodeLatin1(this.#buffer.subarray(start, bodyStart));
    const bodyLengthBytes = contentLengthOf(head);
    if (typeof bodyLengthBytes === "string") {
      this.#fail(start, { events, reason: bodyLengthBytes });
      return false;
    }
    const lengthBytes = bodyStart - start + bodyLengthBytes;
    if (lengthBytes > MAX_MESSAGE_LENGTH_BYTES) {
      this.#fail(start, tooLong(events));
      return false;
    }
    this.#messageLengthBytes = lengthBytes;
    return true;
  }

  #checkStartLine(start: number, events: StreamEvent[]): boolean {
    const lineEnd = this.#buffer.subarray(0, this.#length).indexOf(
      LF,
      Math.max(start, this.#scanned),
    );
    if (lineEnd < 0) {
      this.#scanned = this.#length;
      if (this.#length - start > MAX_MESSAGE_LENGTH_BYTES) {
        this.#fail(start, { events, reason: "Cannot frame stream: first line never ends" });
      }
      return false;
    }
    const textEnd = this.#buffer[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    const line = decodeLatin1(this.#buffer.subarray(start, Math.max(start, textEnd)));
    if (parseStartLine(line).kind === "foreign") {
      this.#fail(start, { events, reason: "Cannot frame stream: first line is no SIP start line" });
      return false;
    }
    this.#hasStartLine = true;
    this.#scanned = lineEnd;
    return true;
  }

  /** Offset after the empty line, or -1; every octet is looked at once over all calls. */
  #findBody(start: number): number {
    const held = this.#buffer.subarray(0, this.#length);
    let at = held.indexOf(LF, Math.max(start, this.#scanned));
    while (at >= 0) {
      const next = held[at + 1];
      if (next === LF) return at + 2;
      if (next === CR && held[at + 2] === LF) return at + 3;
      if (at + 2 >= this.#length) {
        this.#scanned = at;
        return -1;
      }
      at = held.indexOf(LF, at + 1);
    }
    this.#scanned = this.#length;
    return -1;
  }

  #fail(start: number, failure: Failure): void {
    const end = Math.min(this.#length, start + MAX_MESSAGE_LENGTH_BYTES);
    const data = this.#hasStartLine ? this.#buffer.slice(start, end) : undefined;
    failure.events.push({ kind: "error", reason: failure.reason, data });
    this.#isBroken = true;
  }
}

interface Failure {
  readonly events: StreamEvent[];
  readonly reason: string;
}

function tooLong(events: StreamEvent[]): Failure {
  const reason = `Cannot frame stream: message longer than ${MAX_MESSAGE_LENGTH_BYTES} octets`;
  return { events, reason };
}

/** Gives the Content-Length of a header section, or why it has none that can be trusted (RFC 3261 §18.3). */
function contentLengthOf(head: string): number | string {
  const section = scanHeaderSection(head, head.indexOf("\n") + 1);
  const fields = section.headers.filter((field) => field.key === "content-length");
  const [field] = fields;
  if (field === undefined) return "Cannot frame stream: missing Content-Length";
  if (fields.length > 1) return "Cannot frame stream: more than one Content-Length";
  const length = parseContentLength(field.value);
  return length.ok ? length.value : length.error;
}
