import {
  answer,
  type AnswerOptions,
  header,
  methodOf,
  parameter,
  statusOf,
} from "../e2e/support/sip_text.ts";
import type { RequestPlan as PlainPlan } from "../e2e/support/sip_socket.ts";
import type { Place, SipPort } from "./sip_port.ts";

/** A request without the lines that the agent writes itself. */
export interface RequestPlan extends PlainPlan {
  readonly body?: string | undefined;
}

/** What an agent answers; undefined answers nothing. */
export type Reply = { readonly status: string; readonly options?: AnswerOptions } | undefined;

/** RFC 3261 §17: first wait before a repetition, longest wait, and the end of a transaction. */
const T1_MS = 500;
const T2_MS = 4_000;
const END_MS = 64 * T1_MS;

/** Answers that are kept for repetitions: more than come in 32 s of the busiest test. */
const MAX_KEPT_ANSWERS = 20_000;

interface KeptAnswer {
  readonly text: string;
  readonly atMs: number;
}

/** Transactions of RFC 3261 §17, as far as a well-behaved phone needs them: it repeats, and knows repetitions. */
export class SipAgent {
  readonly port: SipPort;
  /** Where all that it sends goes; a test moves it when the proxy moves. */
  proxy: Place;
  /** INVITEs that were sent again, because nothing was heard for half a second or more. */
  repeatedInvites = 0;
  readonly #onRequest: (request: string) => Reply;
  readonly #waiting = new Map<string, (response: string) => void>();
  readonly #answers = new Map<string, KeptAnswer>();
  #count = 0;

  constructor(
    port: SipPort,
    options: { readonly proxy: Place; readonly onRequest: (request: string) => Reply },
  ) {
    this.port = port;
    this.proxy = options.proxy;
    this.#onRequest = options.onRequest;
    port.onMessage = (message) => this.#receive(message);
  }

  /** Sends a request and waits for its final response; undefined when none comes in 32 s, or less. */
  async request(plan: RequestPlan, timeoutMs: number = END_MS): Promise<string | undefined> {
    const branch = plan.branch ?? this.#newBranch();
    const message = this.#write(plan, branch);
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    this.#waiting.set(`${branch} ${plan.method}`, resolve);
    const deadline = setTimeout(() => resolve(undefined), timeoutMs);
    const stopRepeating = this.#sendAndRepeat(message);
    const response = await promise;
    stopRepeating();
    clearTimeout(deadline);
    this.#waiting.delete(`${branch} ${plan.method}`);
    if (response !== undefined && plan.method === "INVITE" && statusOf(response) >= 300) {
      const to = header(response, "To");
      this.sendOnce({ ...plan, method: "ACK", to, branch, extra: [], body: undefined });
    }
    return response;
  }

  /** Sends a request that has no answer. */
  sendOnce(plan: RequestPlan): void {
    this.port.send(this.#write(plan, plan.branch ?? this.#newBranch()), this.proxy);
  }

  /** Closes its port. */
  close(): void {
    this.port.close();
  }

  #sendAndRepeat(message: string): () => void {
    this.port.send(message, this.proxy);
    let timer: number | undefined;
    let waitMs = T1_MS;
    const repeat = (): void => {
      this.port.send(message, this.proxy);
      if (message.startsWith("INVITE ")) this.repeatedInvites++;
      waitMs = Math.min(waitMs * 2, T2_MS);
      timer = setTimeout(repeat, waitMs);
    };
    // RFC 3261 §17.1: a stream repeats by itself.
    if (this.port.transport === "udp") timer = setTimeout(repeat, waitMs);
    return () => clearTimeout(timer);
  }

  #write(plan: RequestPlan, branch: string): string {
    const { local, transport } = this.port;
    const { body = "" } = plan;
    return [
      `${plan.method} ${plan.uri} SIP/2.0`,
      `Via: SIP/2.0/${transport.toUpperCase()} ${local.hostname}:${local.port};branch=${branch}`,
      "Max-Forwards: 70",
      `From: ${plan.from}`,
      `To: ${plan.to}`,
      `Call-ID: ${plan.callId}`,
      `CSeq: ${plan.cseq} ${plan.method}`,
      ...(plan.extra ?? []),
      ...(body === "" ? [] : ["Content-Type: application/sdp"]),
      `Content-Length: ${body.length}`,
      "",
      body,
    ].join("\r\n");
  }

  #receive(message: string): void {
    const status = statusOf(message);
    if (status >= 200) {
      const branch = parameter(header(message, "Via"), "branch");
      this.#waiting.get(`${branch} ${methodOf(message)}`)?.(message);
      return;
    }
    if (status === 0) this.#receiveRequest(message);
  }

  #receiveRequest(request: string): void {
    const key = `${methodOf(request)} ${parameter(header(request, "Via"), "branch")}`;
    const known = this.#answers.get(key);
    if (known !== undefined) {
      this.port.send(known.text, this.proxy);
      return;
    }
    const reply = this.#onRequest(request);
    if (reply === undefined) return;
    const text = answer(request, reply.status, reply.options);
    this.#keep(key, text);
    this.port.send(text, this.proxy);
  }

  /** The oldest stand first in the map. */
  #keep(key: string, text: string): void {
    const nowMs = performance.now();
    this.#answers.set(key, { text, atMs: nowMs });
    for (const [old, { atMs }] of this.#answers) {
      if (nowMs - atMs < END_MS && this.#answers.size <= MAX_KEPT_ANSWERS) return;
      this.#answers.delete(old);
    }
  }

  #newBranch(): string {
    const { hostname, port } = this.port.local;
    return `z9hG4bK${hostname.replaceAll(".", "x")}x${port}x${++this.#count}`;
  }
}
