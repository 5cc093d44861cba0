import { decodeLatin1 } from "../../src/base/text.ts";
import { headerValue, listValues } from "../../src/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../src/sip/message.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import { parseVia } from "../../src/sip/via.ts";
import type { Network, Packet } from "./network.ts";

/** RFC 3261 §17: T1, T2 and the end of a transaction. */
const T1_MS = 500;
const T2_MS = 4_000;
const END_MS = 64 * T1_MS;

/** A request under way. */
export interface Client {
  readonly method: string;
  readonly branch: string;
  readonly to: string;
  readonly data: Uint8Array;
  readonly onResponse: (response: SipResponse) => void;
}

interface ClientState extends Client {
  phase: "calling" | "proceeding" | "done";
}

interface ServerState {
  last: { readonly data: Uint8Array; readonly to: string } | undefined;
  phase: "trying" | "answered" | "confirmed";
}

/** RFC 3261 §17 over UDP, for one user agent: repeats requests, answers repetitions, drops what matches nothing. */
export class Transactions {
  readonly #clients = new Map<string, ClientState>();
  readonly #servers = new Map<string, ServerState>();
  readonly #network: Network;
  readonly #place: string;
  readonly #onRequest: (request: SipRequest, packet: Packet) => void;

  constructor(
    network: Network,
    options: {
      readonly place: string;
      readonly onRequest: (request: SipRequest, packet: Packet) => void;
    },
  ) {
    this.#network = network;
    this.#place = options.place;
    this.#onRequest = options.onRequest;
    network.attach(options.place, (packet) => this.#receive(packet));
  }

  /** Sends a request and repeats it until it is answered (timers A, B, E, F). An ACK goes once. */
  start(client: Client): void {
    if (client.method === "ACK") {
      this.#send(client.data, client.to);
      return;
    }
    const state: ClientState = { ...client, phase: "calling" };
    this.#clients.set(clientKey(client), state);
    this.#repeat(state, { waitMs: T1_MS, untilMs: this.#network.nowMs + END_MS });
  }

  /** Answers a request; a final answer to an INVITE goes again until its ACK comes (timers G, H). */
  answer(
    request: SipRequest,
    response: { readonly code: number; readonly data: Uint8Array },
  ): void {
    const via = parseVia(listValues(request, "via")[0] ?? "");
    if (!via.ok) return;
    const state = this.#servers.get(serverKey(request)) ?? { last: undefined, phase: "trying" };
    this.#servers.set(serverKey(request), state);
    state.last = { data: response.data, to: `${via.value.host}:${via.value.port ?? 5060}` };
    this.#send(state.last.data, state.last.to);
    if (response.code < 200) return;
    state.phase = "answered";
    if (request.method !== "INVITE") return;
    this.#repeatAnswer(state, { waitMs: T1_MS, untilMs: this.#network.nowMs + END_MS });
  }

  /** Takes note that the ACK to an INVITE's answer came. */
  confirm(ack: SipRequest): void {
    const scope = transactionScope(ack);
    for (const [key, state] of this.#servers) {
      if (key.startsWith("INVITE ") && key.endsWith(scope)) state.phase = "confirmed";
    }
  }

  #repeat(client: ClientState, clock: { readonly waitMs: number; readonly untilMs: number }): void {
    this.#send(client.data, client.to);
    if (transportOf(client.data) === "tcp") return;
    this.#network.after(clock.waitMs, () => {
      const isOver = client.phase === "done" || this.#network.nowMs >= clock.untilMs ||
        (client.phase === "proceeding" && client.method === "INVITE");
      const waitMs = client.method === "INVITE"
        ? clock.waitMs * 2
        : Math.min(clock.waitMs * 2, T2_MS);
      if (!isOver) this.#repeat(client, { ...clock, waitMs });
    });
  }

  #repeatAnswer(
    server: ServerState,
    clock: { readonly waitMs: number; readonly untilMs: number },
  ): void {
    this.#network.after(clock.waitMs, () => {
      if (server.phase === "confirmed" || this.#network.nowMs >= clock.untilMs) return;
      if (server.last !== undefined) this.#send(server.last.data, server.last.to);
      this.#repeatAnswer(server, { ...clock, waitMs: Math.min(clock.waitMs * 2, T2_MS) });
    });
  }

  #receive(packet: Packet): void {
    const parsed = parseMessage(packet.data, "datagram");
    if (!parsed.ok) return;
    const message = parsed.value;
    if (message.kind === "request") {
      this.#receiveRequest(message, packet);
      return;
    }
    const via = parseVia(listValues(message, "via")[0] ?? "");
    const method = headerValue(message, "cseq")?.split(" ")[1] ?? "";
    if (!via.ok || listValues(message, "via").length > 1) return;
    const client = this.#clients.get(clientKey({ method, branch: via.value.branch ?? "" }));
    if (client === undefined) return;
    if (client.phase !== "done") client.phase = message.statusCode < 200 ? "proceeding" : "done";
    client.onResponse(message);
  }

  #receiveRequest(request: SipRequest, packet: Packet): void {
    const known = this.#servers.get(serverKey(request));
    if (request.method === "ACK") this.confirm(request);
    if (known === undefined) {
      this.#servers.set(serverKey(request), { last: undefined, phase: "trying" });
      this.#onRequest(request, packet);
    } else if (known.last !== undefined) {
      this.#send(known.last.data, known.last.to);
    }
  }

  #send(data: Uint8Array, to: string): void {
    this.#network.send({ from: this.#place, to, data, transport: transportOf(data) });
  }
}

/** What the topmost Via says: requests write how they go, responses go back that way. */
export function transportOf(data: Uint8Array): "udp" | "tcp" {
  const via = /^Via: SIP\/2\.0\/(\w+)/m.exec(decodeLatin1(data));
  return via?.[1] === "TCP" ? "tcp" : "udp";
}

function clientKey(client: Pick<Client, "method" | "branch">): string {
  return `${client.method} ${client.branch}`;
}

function serverKey(request: SipRequest): string {
  const via = parseVia(listValues(request, "via")[0] ?? "");
  return `${request.method} ${via.ok ? via.value.branch : ""} ${transactionScope(request)}`;
}

function transactionScope(request: SipRequest): string {
  const number = headerValue(request, "cseq")?.split(" ")[0] ?? "";
  return `${headerValue(request, "call-id")} ${number}`;
}
