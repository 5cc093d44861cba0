import type { Side, Transport } from "../base/socket_address.ts";

/** Methods that are counted by name (RFC 3261 and its extensions); all others are `other`, however they are called. */
const METHODS: readonly string[] = [
  "INVITE",
  "ACK",
  "BYE",
  "CANCEL",
  "REGISTER",
  "OPTIONS",
  "SUBSCRIBE",
  "NOTIFY",
  "MESSAGE",
  "REFER",
  "INFO",
  "UPDATE",
  "PRACK",
  "PUBLISH",
];

/** What a message can be: a method by name, another one, or a response by its class. */
const KINDS: readonly string[] = [
  ...METHODS,
  "other",
  ...["1xx", "2xx", "3xx", "4xx", "5xx", "6xx"],
];

const OTHER = METHODS.length;

/** What a response begins with; its status code follows (RFC 3261 §7.2). */
const STATUS_LINE_START = new TextEncoder().encode("SIP/2.0 ");

/** Each method with the blank behind it, as bytes. */
const METHOD_STARTS: readonly Uint8Array[] = METHODS.map((method) =>
  new TextEncoder().encode(`${method} `)
);

const DIRECTIONS = ["received", "sent"] as const;
const SIDES: readonly Side[] = ["lan", "wan"];
const TRANSPORTS: readonly Transport[] = ["udp", "tcp"];

/** Which way a message went. */
export interface MessageWay {
  readonly side: Side;
  readonly transport: Transport;
}

/** One counter of the tally. */
export interface MessageCount extends MessageWay {
  readonly dir: typeof DIRECTIONS[number];
  /** A method, `other`, or a class such as `2xx`. */
  readonly kind: string;
  readonly count: number;
}

/**
 * Counts SIP messages by direction, side, transport, and method or class of status.
 *
 * It is asked for every message, so it looks at the first bytes alone and allocates nothing; 168 numbers are all it has.
 */
export class MessageTally {
  readonly #counts = new Float64Array(
    DIRECTIONS.length * SIDES.length * TRANSPORTS.length * KINDS.length,
  );

  /** A message came in. */
  received(data: Uint8Array, way: MessageWay): void {
    this.#add(0, slotOf(data, way));
  }

  /** A message went out. */
  sent(data: Uint8Array, way: MessageWay): void {
    this.#add(1, slotOf(data, way));
  }

  /** Lists what was counted at least once, in a fixed order. */
  figures(): readonly MessageCount[] {
    const counts: MessageCount[] = [];
    let at = 0;
    for (const dir of DIRECTIONS) {
      for (const side of SIDES) {
        for (const transport of TRANSPORTS) {
          for (const kind of KINDS) {
            const count = this.#counts[at++] ?? 0;
            if (count > 0) counts.push({ dir, side, transport, kind, count });
          }
        }
      }
    }
    return counts;
  }

  #add(direction: 0 | 1, slot: number): void {
    const at = direction * SIDES.length * TRANSPORTS.length * KINDS.length + slot;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }
}

function slotOf(data: Uint8Array, { side, transport }: MessageWay): number {
  const way = (side === "lan" ? 0 : 2) + (transport === "udp" ? 0 : 1);
  return way * KINDS.length + kindOf(data);
}

function kindOf(data: Uint8Array): number {
  if (startsWith(data, STATUS_LINE_START)) {
    const digit = (data[STATUS_LINE_START.length] ?? 0) - 0x30;
    return digit >= 1 && digit <= 6 ? OTHER + digit : OTHER;
  }
  const first = data[0];
  for (let index = 0; index < METHOD_STARTS.length; index++) {
    const start = METHOD_STARTS[index];
    if (start !== undefined && start[0] === first && startsWith(data, start)) return index;
  }
  return OTHER;
}

function startsWith(data: Uint8Array, start: Uint8Array): boolean {
  if (data.length < start.length) return false;
  for (let at = 0; at < start.length; at++) if (data[at] !== start[at]) return false;
  return true;
}
