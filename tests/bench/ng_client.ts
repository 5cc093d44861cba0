/**
 * Sets up and ends calls at rtpengine by its ng protocol (bencode over UDP) from inside the router's
 * namespace, with the addresses that the RTP generator will use, and prints one line of media addresses a
 * call. It relays nothing. The rtpengine subject starts it as a program: `ping`, `open COUNT RUN`, `close
 * COUNT RUN`.
 *
 * @module
 */
import { decodeBencode, encodeBencode } from "./bencode.ts";
import type { Bencode } from "./bencode.ts";
import { REGISTRAR } from "./lab.ts";

/** rtpengine's control port; the namespace is our own, so the number is free. */
export const NG_PORT = 22_222 as const;
/** The same numbers as the SIP generator's phones and media ports. */
export const PHONES_PER_NET = 250 as const;
/** The first one's RTP port; every other phone has the next even one. */
export const FIRST_MEDIA_PORT = 30_000 as const;
/** One answer comes within milliseconds; a lost one is a failure, not something to wait for. */
const ANSWER_TIMEOUT_MS = 3_000;
/** A ping is repeated so often while the daemon starts. */
const PING_ATTEMPTS = 100;
const PING_TIMEOUT_MS = 100;

type Dictionary = { readonly [key: string]: Bencode };

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

class NgClient {
  readonly #socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  readonly #buffer = new Uint8Array(65_535);
  // rtpengine answers a repeated cookie from its memory, so each client needs its own.
  readonly #name = crypto.randomUUID().slice(0, 13);
  #asked = 0;

  async ask(request: Dictionary, timeoutMs: number): Promise<Dictionary> {
    const cookie = `${this.#name}-${++this.#asked}`;
    const bytes = new TextEncoder().encode(`${cookie} ${encodeBencode(request)}`);
    await this.#socket.send(bytes, { transport: "udp", hostname: "127.0.0.1", port: NG_PORT });
    const deadline = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => deadline.resolve(undefined), timeoutMs);
    const answer = await Promise.race([this.#socket.receive(this.#buffer), deadline.promise]);
    clearTimeout(timer);
    if (answer === undefined) {
      throw new Error(`Cannot reach rtpengine: no answer in ${timeoutMs} ms`);
    }
    const text = new TextDecoder().decode(answer[0]);
    const value = decodeBencode(text.slice(text.indexOf(" ") + 1));
    if (!isDictionary(value)) {
      throw new Error(`Cannot read rtpengine's answer "${text}": no dictionary`);
    }
    return value;
  }

  close(): void {
    this.#socket.close();
  }
}

function isDictionary(value: Bencode): value is Dictionary {
  return typeof value === "object" && !Array.isArray(value);
}

function sdpOf(endpoint: Endpoint): string {
  const { host, port } = endpoint;
  return `v=0\r\no=- 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\n` +
    `m=audio ${port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n`;
}

function mediaOf(answer: Dictionary): Endpoint {
  const sdp = String(answer["sdp"] ?? "");
  const host = /c=IN IP4 (\S+)/.exec(sdp)?.[1];
  const port = /m=audio (\d+)/.exec(sdp)?.[1];
  if (host === undefined || port === undefined) {
    throw new Error(`Cannot use rtpengine's answer: ${JSON.stringify(answer)}`);
  }
  return { host, port: Number(port) };
}

async function openCall(
  client: NgClient,
  call: { readonly index: number; readonly run: string },
): Promise<string> {
  const { index, run } = call;
  const id = `bench-${run}-${index}`;
  const octets = `${Math.floor(index / PHONES_PER_NET)}.${index % PHONES_PER_NET + 1}`;
  const phone = { host: `10.1.${octets}`, port: FIRST_MEDIA_PORT + 2 * index };
  const far = { host: REGISTRAR, port: FIRST_MEDIA_PORT + 2 * index };
  const common = {
    "call-id": id,
    "from-tag": "a",
    "replace": ["origin"],
    "ICE": "remove",
    "flags": ["trust-address"],
  };
  const offer = { ...common, command: "offer", sdp: sdpOf(phone), direction: ["lan", "wan"] };
  const wan = mediaOf(await client.ask(offer, ANSWER_TIMEOUT_MS));
  const answer = { ...common, "command": "answer", "to-tag": "b", "sdp": sdpOf(far) };
  const lan = mediaOf(await client.ask(answer, ANSWER_TIMEOUT_MS));
  return [phone, lan, far, wan].map((one) => `${one.host} ${one.port}`).join(" ");
}

async function closeCall(
  client: NgClient,
  call: { readonly index: number; readonly run: string },
): Promise<void> {
  const id = `bench-${call.run}-${call.index}`;
  await client.ask(
    { command: "delete", "call-id": id, "from-tag": "a", "delete-delay": 0 },
    ANSWER_TIMEOUT_MS,
  );
}

async function awaitPong(): Promise<void> {
  for (let attempt = 1;; attempt++) {
    // A fresh socket each time: an unanswered receive would swallow the next answer.
    const client = new NgClient();
    try {
      await client.ask({ command: "ping" }, PING_TIMEOUT_MS);
      return;
    } catch (error) {
      if (attempt === PING_ATTEMPTS) throw error;
    } finally {
      client.close();
    }
  }
}

async function main(args: readonly string[]): Promise<void> {
  const [command = "ping", count = "0", run = "0"] = args;
  if (command === "ping") return await awaitPong();
  const client = new NgClient();
  for (let index = 0; index < Number(count); index++) {
    if (command === "open") console.log(await openCall(client, { index, run }));
    else await closeCall(client, { index, run });
  }
  client.close();
}

if (import.meta.main) await main(Deno.args);
