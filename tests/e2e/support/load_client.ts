/**
 * A steady stream of OPTIONS transactions from one phone, with the time each took.
 *
 * `deno run load_client.ts ADDRESS PORT PROXY:PORT TARGET_URI RATE SECONDS` prints one JSON line:
 * `{"sent", "answered", "p50Ms", "p99Ms", "maxMs"}`. It measures from outside; a retransmission
 * would show as a transaction of more than 500 ms.
 *
 * @module
 */
import { SipSocket } from "./sip_socket.ts";
import { statusOf } from "./sip_text.ts";

const ANSWER_TIMEOUT_MS = 5000;

async function main(): Promise<void> {
  const [address = "", port = "", proxy = "", uri = "", rate = "", seconds = ""] = Deno.args;
  const [hostname = "", proxyPort = "5060"] = proxy.split(":");
  const phone = new SipSocket({ hostname: address, port: Number(port) });
  const times: number[] = [];
  const total = Number(rate) * Number(seconds);
  const startMs = performance.now();
  const running: Promise<void>[] = [];
  for (let n = 0; n < total; n++) {
    const dueMs = startMs + n * 1000 / Number(rate);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
    running.push(measure(phone, { n, uri, to: { hostname, port: Number(proxyPort) }, times }));
  }
  await Promise.all(running);
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
  console.log(JSON.stringify({
    sent: total,
    answered: times.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: times.at(-1) ?? 0,
  }));
  phone.close();
}

interface Measured {
  readonly n: number;
  readonly uri: string;
  readonly to: { readonly hostname: string; readonly port: number };
  readonly times: number[];
}

async function measure(phone: SipSocket, one: Measured): Promise<void> {
  const sentMs = performance.now();
  const response = await phone.request({
    method: "OPTIONS",
    uri: one.uri,
    from: `<sip:u0@203.0.113.10>;tag=l${one.n}`,
    to: `<${one.uri}>`,
    callId: `load-${one.n}-${Deno.pid}@${phone.hostname}`,
    cseq: 1,
  }, { to: one.to, timeoutMs: ANSWER_TIMEOUT_MS });
  if (response !== undefined && statusOf(response) === 200) {
    one.times.push(performance.now() - sentMs);
  }
}

if (import.meta.main) await main();
