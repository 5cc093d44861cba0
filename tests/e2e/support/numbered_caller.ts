/** Calls whose media are numbered packets, over one socket. */

import { NumberedRtp, type RtpBooks } from "./numbered_rtp.ts";
import { bodyOf, header, statusOf } from "./sip_text.ts";

const FIRST_RTP_PORT = 40_000;
const RESEND_MS = 500;
const ANSWER_TIMEOUT_MS = 20_000;

const sleep = (delayMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayMs));

/** Writes an offer or an answer of one audio stream. */
export function sdp(
  where: { readonly hostname: string; readonly port: number },
  flow: string,
): string {
  return [
    "v=0",
    `o=- 1 ${Date.now()} IN IP4 ${where.hostname}`,
    "s=-",
    `c=IN IP4 ${where.hostname}`,
    "t=0 0",
    `m=audio ${where.port} RTP/AVP 8`,
    "a=rtpmap:8 PCMA/8000",
    `a=${flow}`,
    "",
  ].join("\r\n");
}

/** Sends where a message says. */
export function aimAt(media: NumberedRtp, message: string): void {
  const body = bodyOf(message);
  const host = /^c=IN IP4 (\S+)/m.exec(body)?.[1];
  const port = Number(/^m=audio (\d+)/m.exec(body)?.[1] ?? 0);
  if (host !== undefined && port > 0) media.aim(host, port);
}

/** Who calls whom, through what. */
export interface CallPlan {
  readonly hostname: string;
  readonly port: number;
  readonly paceMs: number;
  readonly proxy: string;
  readonly domain: string;
  readonly user: string;
  readonly target: string;
}

/** The calls of one caller. */
export class Caller {
  readonly #plan: CallPlan;
  readonly #socket: Deno.DatagramConn;
  readonly #peer: Deno.NetAddr;
  readonly #waiting = new Map<string, (response: string) => void>();
  #branches = 0;

  constructor(plan: CallPlan) {
    const [hostname = "", port = "5060"] = plan.proxy.split(":");
    this.#plan = plan;
    this.#peer = { transport: "udp", hostname, port: Number(port) };
    this.#socket = Deno.listenDatagram({
      transport: "udp",
      hostname: plan.hostname,
      port: plan.port,
    });
    this.#read();
  }

  /** Opens a call; one that is refused in the crowd is tried again, as a telephone's user does. */
  async open(number: number, tries = 5): Promise<NumberedCall> {
    const { hostname, paceMs } = this.#plan;
    const media = new NumberedRtp({ hostname, port: FIRST_RTP_PORT + 4 * number }, paceMs);
    const call = { callId: `n${number}-${tries}-${Deno.pid}@${hostname}`, to: "", cseq: 0, media };
    try {
      await this.invite(call, { port: media.port, flow: "sendrecv" });
      return call;
    } catch (error) {
      media.close();
      if (tries === 1) throw error;
      await sleep(RESEND_MS);
      return await this.open(number, tries - 1);
    }
  }

  /** Sends an INVITE, first or again, and does as the answer says. */
  async invite(
    call: NumberedCall,
    offer: { readonly port: number; readonly flow: string },
  ): Promise<void> {
    call.cseq++;
    const body = sdp({ hostname: this.#plan.hostname, port: offer.port }, offer.flow);
    const response = await this.#ask(call, { method: "INVITE", body });
    if (statusOf(response) !== 200) throw new Error(`INVITE: ${response.split("\r\n")[0]}`);
    call.to = header(response, "To");
    call.route = header(response, "Record-Route");
    call.remote = /<([^>]*)>/.exec(header(response, "Contact"))?.[1] ?? this.#plan.target;
    await this.#send(this.#text(call, { method: "ACK", body: "" }, this.#branch()));
    aimAt(call.media, response);
  }

  /** Lets a call fall silent on both sides, and no session description says so. */
  async silence(call: NumberedCall): Promise<void> {
    call.media.quiet();
    call.cseq++;
    await this.#ask(call, { method: "INFO", body: "" });
  }

  /** Ends a call; gives what was heard. */
  async close(call: NumberedCall): Promise<RtpBooks> {
    call.media.quiet();
    await sleep(200);
    const books = call.media.books();
    call.cseq++;
    await this.#ask(call, { method: "BYE", body: "" });
    call.media.close();
    return books;
  }

  async #ask(call: NumberedCall, request: Question): Promise<string> {
    const branch = this.#branch();
    const text = this.#text(call, request, branch);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#waiting.set(branch, resolve);
    const late = setTimeout(
      () => reject(new Error(`no answer to ${request.method}`)),
      ANSWER_TIMEOUT_MS,
    );
    const again = setInterval(() => void this.#send(text), RESEND_MS);
    await this.#send(text);
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      clearInterval(again);
      this.#waiting.delete(branch);
    }
  }

  #text(call: NumberedCall, { method, body }: Question, branch: string) {
    const { hostname, port, user, domain, target } = this.#plan;
    return [
      `${method} ${call.remote ?? target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${hostname}:${port};branch=${branch}`,
      "Max-Forwards: 70",
      ...(call.route === undefined || call.route === "" ? [] : [`Route: ${call.route}`]),
      `From: <sip:${user}@${domain}>;tag=caller`,
      `To: ${call.to === "" ? `<${target}>` : call.to}`,
      `Call-ID: ${call.callId}`,
      `CSeq: ${call.cseq} ${method}`,
      `Contact: <sip:${user}@${hostname}:${port}>`,
      ...(body === "" ? [] : ["Content-Type: application/sdp"]),
      `Content-Length: ${body.length}`,
      "",
      body,
    ].join("\r\n");
  }

  #branch(): string {
    return `z9hG4bKn${Deno.pid}x${++this.#branches}`;
  }

  async #send(text: string): Promise<void> {
    await this.#socket.send(new TextEncoder().encode(text), this.#peer).catch(() => 0);
  }

  async #read(): Promise<void> {
    for await (const [bytes] of this.#socket) {
      const message = new TextDecoder().decode(bytes);
      if (statusOf(message) < 200) continue;
      const branch = /branch=([^;,\s]+)/.exec(header(message, "Via"))?.[1] ?? "";
      this.#waiting.get(branch)?.(message);
    }
  }
}

interface Question {
  readonly method: "INVITE" | "ACK" | "BYE" | "INFO";
  readonly body: string;
}

/** A call that is up. */
export interface NumberedCall {
  readonly callId: string;
  readonly media: NumberedRtp;
  to: string;
  cseq: number;
  route?: string;
  remote?: string;
}
