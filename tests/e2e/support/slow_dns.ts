/**
 * A name server with bad manners.
 *
 * `deno run slow_dns.ts ADDRESS PORT ANSWER_ADDRESS`: names that start with `never` get no answer at
 * all, names that start with `slow` get one after 8 s, others at once. A queries get the address
 * given, every other type an empty answer. It prints each question. Started by the resolver suite.
 *
 * @module
 */

const SLOW_ANSWER_MS = 8000;
/** RFC 1035 §4.2.1. */
const DNS_UDP_BYTES = 512;
const TYPE_A = 1;

/** A question: its name, its type and where it ends in the message. */
interface Question {
  readonly name: string;
  readonly type: number;
  readonly end: number;
}

function readQuestion(query: Uint8Array): Question {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(new TextDecoder().decode(query.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  const type = ((query[at + 1] ?? 0) << 8) | (query[at + 2] ?? 0);
  return { name: labels.join("."), type, end: at + 5 };
}

function writeAnswer(query: Uint8Array, question: Question, address: string): Uint8Array {
  const answered = question.type === TYPE_A;
  const head = [query[0] ?? 0, query[1] ?? 0, 0x81, 0x80, 0, 1, 0, answered ? 1 : 0, 0, 0, 0, 0];
  const record = answered
    ? [0xc0, 12, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split(".").map(Number)]
    : [];
  return Uint8Array.from([...head, ...query.subarray(12, question.end), ...record]);
}

async function main(): Promise<void> {
  const [hostname = "127.0.0.1", port = "53", address = "127.0.0.1"] = Deno.args;
  const socket = Deno.listenDatagram({ transport: "udp", hostname, port: Number(port) });
  console.log("dns ready");
  for (;;) {
    const [query, from] = await socket.receive(new Uint8Array(DNS_UDP_BYTES));
    const question = readQuestion(query);
    console.log(`question ${question.type} ${question.name}`);
    if (question.name.startsWith("never")) continue;
    const reply = writeAnswer(query, question, address);
    const delayMs = question.name.startsWith("slow") ? SLOW_ANSWER_MS : 0;
    setTimeout(() => socket.send(reply, from).catch(() => 0), delayMs);
  }
}

if (import.meta.main) await main();
