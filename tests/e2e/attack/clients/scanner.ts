/**
 * A scanner of the Internet side: many numbers, or all methods.
 *
 * `deno run scanner.ts numbers ADDRESS PROXY FIRST COUNT PER_SECOND` sends one INVITE to each number and
 * prints one JSON line with the numbers that were answered, by status. `deno run scanner.ts methods
 * ADDRESS PROXY USER` sends every method, known or not, whole and broken, to a number over UDP and over
 * TCP and prints how many octets came back over each.
 *
 * @module
 */
import { statusOf } from "../../support/sip_text.ts";

const SIP_PORT = 5060;
/** Time for late answers; siproxd's own come within milliseconds. */
const DRAIN_MS = 2_000;
const METHODS: readonly string[] = [
  ...["INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "PRACK", "SUBSCRIBE", "NOTIFY"],
  ...["PUBLISH", "INFO", "REFER", "MESSAGE", "UPDATE", "PING", "RE%47IST%45R", "GET"],
];
/** What is no SIP, or nearly. */
const NOISE: readonly string[] = [
  "\r\n\r\n",
  "\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  "\0\0\0\0",
];

interface Place {
  readonly address: string;
  readonly port: number;
  readonly proxy: string;
}

function request(
  method: string,
  user: string,
  place: Place & { readonly transport: "UDP" | "TCP" },
): string {
  const { address, port, proxy, transport } = place;
  const id = crypto.randomUUID();
  return [
    `${method} sip:${user}@${proxy} SIP/2.0`,
    `Via: SIP/2.0/${transport} ${address}:${port};branch=z9hG4bK${id};rport`,
    "Max-Forwards: 70",
    `From: <sip:${user}@${proxy}>;tag=${id}`,
    `To: <sip:${user}@${proxy}>`,
    `Call-ID: ${id}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:scan@${address}:${port}>`,
    "User-Agent: friendly-scanner",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

/** Each method whole, without a Call-ID, with a length that is wrong, and cut in the middle. */
function variants(text: string): readonly string[] {
  return [
    text,
    text.replace(/Call-ID: .*\r\n/, ""),
    text.replace("Content-Length: 0", "Content-Length: -1"),
    text.replace("SIP/2.0\r\n", "SIP/7.0\r\n"),
    text.replace("sip:", "mailto:"),
    text.slice(0, text.length / 2),
  ];
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

function openSocket(address: string, onHeard: (text: string) => void): Deno.DatagramConn {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: address, port: 0 });
  (async () => {
    for await (const [bytes] of socket) onHeard(new TextDecoder("latin1").decode(bytes));
  })();
  return socket;
}

function portOf(socket: Deno.DatagramConn): number {
  return socket.addr.transport === "udp" ? socket.addr.port : 0;
}

async function scanNumbers(args: readonly string[]): Promise<void> {
  const [address = "", proxy = "", first = "", count = "", rate = ""] = args;
  const answered: Record<string, string[]> = {};
  const socket = openSocket(address, (text) => {
    const number = /^To:\s*<sip:([^@>]*)@/im.exec(text)?.[1] ?? "?";
    (answered[statusOf(text)] ??= []).push(number);
  });
  const target: Deno.NetAddr = { transport: "udp", hostname: proxy, port: SIP_PORT };
  const startedMs = performance.now();
  for (let n = 0; n < Number(count); n++) {
    const dueMs = startedMs + n * 1000 / Number(rate);
    await pause(Math.max(0, dueMs - performance.now()));
    const place = { address, port: portOf(socket), proxy, transport: "UDP" } as const;
    const text = request("INVITE", `u${Number(first) + n}`, place);
    await socket.send(new TextEncoder().encode(text), target);
  }
  await pause(DRAIN_MS);
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(JSON.stringify({ seconds, answered }));
  socket.close();
}

async function scanMethods(args: readonly string[]): Promise<void> {
  const [address = "", proxy = "", user = ""] = args;
  let udpOctets = 0;
  const socket = openSocket(address, (text) => udpOctets += text.length);
  const target: Deno.NetAddr = { transport: "udp", hostname: proxy, port: SIP_PORT };
  const texts = (transport: "UDP" | "TCP", port: number): readonly string[] => [
    ...METHODS.flatMap((method) =>
      variants(request(method, user, { address, port, proxy, transport }))
    ),
    ...NOISE,
  ];
  const datagrams = texts("UDP", portOf(socket));
  for (const text of datagrams) await socket.send(new TextEncoder().encode(text), target);
  let tcpOctets = 0;
  const streams = texts("TCP", SIP_PORT);
  for (let at = 0; at < streams.length; at += 20) {
    const heard = await Promise.all(
      streams.slice(at, at + 20).map((text) => octetsOver(proxy, text)),
    );
    for (const octets of heard) tcpOctets += octets;
  }
  await pause(DRAIN_MS);
  const asked = { udp: datagrams.length, tcp: streams.length };
  console.log(JSON.stringify({ ...asked, udpOctets, tcpOctets }));
  socket.close();
}

/** Says something over a connection of its own, with a keep-alive behind it; gives what came back. */
async function octetsOver(proxy: string, text: string): Promise<number> {
  const stream = await Deno.connect({ hostname: proxy, port: SIP_PORT });
  const timer = setTimeout(() => stream.close(), 1_000);
  let octets = 0;
  try {
    await stream.write(new TextEncoder().encode(text));
    await stream.write(new TextEncoder().encode("\r\n\r\n"));
    const buffer = new Uint8Array(4096);
    for (;;) {
      const length = await stream.read(buffer);
      if (length === null) break;
      octets += length;
    }
    clearTimeout(timer);
    stream.close();
  } catch {
    // It was closed, by the far end or by the timer.
    clearTimeout(timer);
  }
  return octets;
}

async function main(): Promise<void> {
  const [what = "", ...args] = Deno.args;
  await (what === "numbers" ? scanNumbers(args) : scanMethods(args));
}

if (import.meta.main) await main();
