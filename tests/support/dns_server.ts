import type { NaptrRecord, SrvRecord } from "../../src/dns/dns_record.ts";
import type { NameServer } from "../../src/shell/signalling/ask_name_server.ts";

/** What a zone holds under `TYPE name`: addresses, SRV or NAPTR records. */
export type Zone = Readonly<Record<string, readonly (string | SrvRecord | NaptrRecord)[]>>;

/** How a server treats a question: a delay in milliseconds, silence, or a failure. */
export type Treatment = number | "silent" | "servfail";

const TYPES: ReadonlyMap<number, string> = new Map([
  [1, "A"],
  [28, "AAAA"],
  [33, "SRV"],
  [35, "NAPTR"],
]);

/** A name server on a loopback port that serves a zone over UDP, as slowly as a test wants. */
export class DnsServer implements AsyncDisposable {
  readonly asked: string[] = [];
  readonly #socket: Deno.DatagramConn;
  readonly #zone: Zone;
  readonly #treat: (question: string) => Treatment;
  readonly #timers = new Set<number>();
  readonly #done: Promise<void>;

  constructor(zone: Zone, treat: (question: string) => Treatment = () => 0) {
    this.#zone = zone;
    this.#treat = treat;
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    this.#done = this.#serve();
  }

  /** Where to ask. */
  get nameServer(): NameServer {
    const { addr } = this.#socket;
    return { ipAddr: "127.0.0.1", port: addr.transport === "udp" ? addr.port : 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#socket.close();
    await this.#done;
  }

  async #serve(): Promise<void> {
    for await (const [query, from] of this.#socket) {
      const question = readQuestion(query);
      this.asked.push(question.text);
      const treatment = this.#treat(question.text);
      if (treatment === "silent") continue;
      const records = treatment === "servfail" ? undefined : this.#zone[question.text] ?? [];
      const reply = buildReply(query, { end: question.end, type: question.type, records });
      if (treatment === "servfail" || treatment === 0) {
        await this.#socket.send(reply, from);
        continue;
      }
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#socket.send(reply, from).catch(() => {});
      }, treatment);
      this.#timers.add(timer);
    }
  }
}

interface Question {
  /** `TYPE name`. */
  readonly text: string;
  readonly type: number;
  /** Offset behind the question. */
  readonly end: number;
}

function readQuestion(query: Uint8Array): Question {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(new TextDecoder().decode(query.subarray(at + 1, at + 1 + length)));
    at += length + 1;
  }
  const type = (query[at + 1] ?? 0) * 256 + (query[at + 2] ?? 0);
  return {
    text: `${TYPES.get(type) ?? type} ${labels.join(".").toLowerCase()}`,
    type,
    end: at + 5,
  };
}

/** RFC 1035 §4.1: header, the question again, answers that point at its name. */
function buildReply(
  query: Uint8Array,
  answer: {
    readonly end: number;
    readonly type: number;
    readonly records: readonly (string | SrvRecord | NaptrRecord)[] | undefined;
  },
): Uint8Array {
  const { records = [] } = answer;
  const failure = answer.records === undefined ? 2 : records.length === 0 ? 3 : 0;
  const header = [
    query[0] ?? 0,
    query[1] ?? 0,
    0x85,
    0x80 | failure,
    0,
    1,
    ...word(records.length),
  ];
  const bytes = [...header, 0, 0, 0, 0, ...query.subarray(12, answer.end)];
  for (const record of records) {
    const data = recordData(record);
    bytes.push(0xc0, 12, ...word(answer.type), 0, 1, 0, 0, 0, 60, ...word(data.length), ...data);
  }
  return new Uint8Array(bytes);
}

function recordData(record: string | SrvRecord | NaptrRecord): number[] {
  if (typeof record === "string") {
    return record.includes(":") ? ipv6Data(record) : record.split(".").map(Number);
  }
  if ("weight" in record) {
    const { priority, weight, port, target } = record;
    return [...word(priority), ...word(weight), ...word(port), ...name(target)];
  }
  const { order, preference, flags, services, replacement } = record;
  return [
    ...word(order),
    ...word(preference),
    ...text(flags),
    ...text(services),
    0,
    ...name(replacement),
  ];
}

/** Full form only: eight groups. */
function ipv6Data(address: string): number[] {
  return address.split(":").flatMap((group) => word(parseInt(group, 16)));
}

function word(value: number): number[] {
  return [value >> 8, value & 255];
}

function text(value: string): number[] {
  return [value.length, ...new TextEncoder().encode(value)];
}

function name(value: string): number[] {
  return [...value.split(".").filter((label) => label !== "").flatMap(text), 0];
}
