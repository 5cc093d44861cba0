/** A UDP socket that speaks SIP: client transactions with retransmission, answers by a handler. */

import { authorization } from "./digest.ts";
import { header, methodOf, parameter, statusOf } from "./sip_text.ts";

/** Where to send. */
export interface Target {
  readonly hostname: string;
  readonly port: number;
}

/** A request without the lines that the socket writes itself. */
export interface RequestPlan {
  readonly method: string;
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: number;
  readonly extra?: readonly string[];
  /** Branch to re-use (ACK to a non-2xx); absent: a new one. */
  readonly branch?: string;
}

/** RFC 3261 §17.1: first retransmission after T1, doubling up to T2. */
const T1_MS = 500;
const T2_MS = 4000;
let branches = 0;

/** The socket. */
export class SipSocket {
  readonly hostname: string;
  readonly port: number;
  /** Requests sent, without retransmissions. */
  requestsSent = 0;
  #socket: Deno.DatagramConn;
  #waiting: Map<string, (response: string) => void> = new Map();
  #onRequest: (request: string) => string | undefined;

  constructor(
    where: Target,
    onRequest: (request: string) => string | undefined = () => undefined,
  ) {
    this.hostname = where.hostname;
    this.port = where.port;
    this.#onRequest = onRequest;
    this.#socket = Deno.listenDatagram({ transport: "udp", ...where });
    this.#read();
  }

  /** Sends a request and waits for its final response; undefined when none came in time. */
  async request(
    plan: RequestPlan,
    options: { readonly to: Target; readonly timeoutMs: number },
  ): Promise<string | undefined> {
    const branch = plan.branch ?? newBranch();
    const bytes = new TextEncoder().encode(this.#write(plan, branch));
    const peer: Deno.NetAddr = { transport: "udp", ...options.to };
    this.requestsSent++;
    let timer: number | undefined;
    let waitMs = T1_MS;
    const resend = (): void => {
      this.#socket.send(bytes, peer).catch(() => 0);
      timer = setTimeout(resend, waitMs);
      waitMs = Math.min(waitMs * 2, T2_MS);
    };
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const deadline = setTimeout(() => resolve(undefined), options.timeoutMs);
    this.#waiting.set(branch, resolve);
    resend();
    const response = await promise;
    clearTimeout(timer);
    clearTimeout(deadline);
    this.#waiting.delete(branch);
    if (response !== undefined && plan.method === "INVITE" && statusOf(response) >= 300) {
      this.#acknowledge(plan, { branch, response, peer });
    }
    return response;
  }

  /** Like request(), and answers one 401 or 407 with the user's password. */
  async authenticated(
    plan: RequestPlan,
    options: {
      readonly to: Target;
      readonly timeoutMs: number;
      readonly user: string;
      readonly password: string;
    },
  ): Promise<string | undefined> {
    const first = await this.request(plan, options);
    const status = first === undefined ? 0 : statusOf(first);
    if (first === undefined || (status !== 401 && status !== 407)) return first;
    const [asked, given] = status === 401
      ? ["WWW-Authenticate", "Authorization"]
      : ["Proxy-Authenticate", "Proxy-Authorization"];
    const value = authorization(header(first, asked), { ...options, ...plan });
    const extra = [...(plan.extra ?? []), `${given}: ${value}`];
    return await this.request({ ...plan, cseq: plan.cseq + 1, extra }, options);
  }

  /** Closes the socket. */
  close(): void {
    this.#socket.close();
  }

  #write(plan: RequestPlan, branch: string): string {
    return [
      `${plan.method} ${plan.uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.hostname}:${this.port};branch=${branch};rport`,
      "Max-Forwards: 70",
      `From: ${plan.from}`,
      `To: ${plan.to}`,
      `Call-ID: ${plan.callId}`,
      `CSeq: ${plan.cseq} ${plan.method}`,
      ...(plan.extra ?? []),
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n");
  }

  #acknowledge(
    plan: RequestPlan,
    what: { readonly branch: string; readonly response: string; readonly peer: Deno.NetAddr },
  ): void {
    const ack = this.#write(
      { ...plan, method: "ACK", to: header(what.response, "To"), extra: [] },
      what.branch,
    );
    this.#socket.send(new TextEncoder().encode(ack), what.peer).catch(() => 0);
  }

  async #read(): Promise<void> {
    for await (const [bytes, from] of this.#socket) {
      const message = new TextDecoder().decode(bytes);
      if (statusOf(message) >= 200) {
        this.#waiting.get(parameter(header(message, "Via"), "branch"))?.(message);
        continue;
      }
      if (statusOf(message) !== 0 || methodOf(message) === "") continue;
      const reply = this.#onRequest(message);
      if (reply === undefined) continue;
      await this.#socket.send(new TextEncoder().encode(reply), from).catch(() => 0);
    }
  }
}

function newBranch(): string {
  return `z9hG4bK${Deno.pid}x${++branches}x${Math.floor(Math.random() * 1e9).toString(36)}`;
}
