/**
 * A phone on TCP that goes on during an attack.
 *
 * `deno run tcp_phone.ts ADDRESS PROXY` registers with the proxy's own registrar, then asks five
 * times a second over its connection and once a second over a new one; whatever reaches it is answered
 * with `486 Busy t0`. Prints `registered`, and after SIGTERM one JSON line.
 *
 * @module
 */
import { TcpPeer } from "../../../support/tcp_peer.ts";
import { answer, header, methodOf, statusOf } from "../../support/sip_text.ts";

const ASK_INTERVAL_MS = 200;
const NEW_CONNECTION_EVERY = 5;
const ANSWER_TIMEOUT_MS = 5_000;
const SIP_PORT = 5060;

/** An attack that is never over ends the phone all the same. */
const MAX_SECONDS = 240;
const [address = "", proxy = ""] = Deno.args;
let asked = 0;

function request(method: "REGISTER" | "OPTIONS", port: number): string {
  const id = `${method}-${++asked}-${Deno.pid}`;
  return [
    `${method} sip:${proxy} SIP/2.0`,
    `Via: SIP/2.0/TCP ${address}:${port};branch=z9hG4bK${id};rport`,
    "Max-Forwards: 70",
    `From: <sip:t0@${proxy}>;tag=${id}`,
    method === "REGISTER" ? `To: <sip:t0@${proxy}>` : `To: <sip:${proxy}>`,
    `Call-ID: ${method === "REGISTER" ? "register" : id}@${address}`,
    `CSeq: ${asked} ${method}`,
    ...(method === "REGISTER"
      ? [`Contact: <sip:t0@${address}:${port};transport=tcp>`, "Expires: 3600"]
      : []),
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

/** Sends a request and takes what comes until its answer is there; calls are refused meanwhile. */
async function ask(peer: TcpPeer, text: string): Promise<number> {
  await peer.send(text);
  const deadline = Date.now() + ANSWER_TIMEOUT_MS;
  for (;;) {
    const heard = await peer.next(Math.max(deadline - Date.now(), 1));
    if (heard === undefined) return 0;
    if (statusOf(heard) >= 200 && header(heard, "CSeq") === header(text, "CSeq")) {
      return statusOf(heard);
    }
    if (statusOf(heard) !== 0 || methodOf(heard) === "ACK") continue;
    await peer.send(answer(heard, "486 Busy t0", { tag: "t" }));
  }
}

async function connect(): Promise<TcpPeer> {
  return await TcpPeer.to({ hostname: proxy, port: SIP_PORT });
}

async function askOverNewConnection(): Promise<number> {
  const peer = await connect();
  try {
    return await ask(peer, request("OPTIONS", peer.port));
  } finally {
    peer.close();
  }
}

async function main(): Promise<void> {
  const peer = await connect();
  const status = await ask(peer, request("REGISTER", peer.port));
  console.log(status === 200 ? "registered" : `refused ${status}`);
  const tally = { asked: 0, answered: 0, newAsked: 0, newAnswered: 0 };
  let endMs = Date.now() + MAX_SECONDS * 1000;
  Deno.addSignalListener("SIGTERM", () => endMs = 0);
  for (let n = 1; Date.now() < endMs; n++) {
    tally.asked++;
    if (await ask(peer, request(n % 10 === 0 ? "REGISTER" : "OPTIONS", peer.port)) === 200) {
      tally.answered++;
    }
    if (n % NEW_CONNECTION_EVERY === 0) {
      tally.newAsked++;
      if (await askOverNewConnection().catch(() => 0) === 200) tally.newAnswered++;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_INTERVAL_MS));
  }
  console.log(JSON.stringify(tally));
  peer.close();
}

if (import.meta.main) await main();
