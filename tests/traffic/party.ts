/**
 * Telephones and a provider that a test plays itself: they register, call, talk, move and hang up.
 *
 * They keep to RFC 3261 as well as simple phones do and count every message and packet, so that a test can compare
 * with what the daemon counted. They judge nothing. Called by the fault tests and the soak.
 *
 * @module
 */
import { header, methodOf, parameter, statusOf, uriOf } from "../e2e/support/sip_text.ts";
import { CallLeg, type CallOwner, type Dialed, isInDialog } from "./call_leg.ts";
import type { RtpCounts, RtpPump } from "./rtp_leg.ts";
import { type Reply, SipAgent } from "./sip_agent.ts";
import type { Place, SipPort } from "./sip_port.ts";

/** Who a party is. */
export interface PartyOptions {
  readonly user: string;
  readonly port: SipPort;
  /** Where all that it sends goes. */
  readonly proxy: Place;
  /** `host:port` of the provider. */
  readonly domain: string;
  readonly pump: RtpPump;
  readonly totals: RtpCounts;
}

/** What a REGISTER came to. */
export interface Registered {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly expiresSeconds: number;
  /** When the answer came, on performance's clock. */
  readonly atMs: number;
}

/** What a provider knows of a phone. */
export interface ProviderBinding {
  readonly contact: string;
  readonly atMs: number;
}

/** Longest wait for an answer to REGISTER. */
const REGISTER_TIMEOUT_MS = 10_000;

/** A telephone; the provider is one that takes REGISTER requests too. */
export class Party implements CallOwner {
  readonly user: string;
  readonly domain: string;
  readonly contact: string;
  readonly mediaHost: string;
  readonly agent: SipAgent;
  readonly pump: RtpPump;
  readonly totals: RtpCounts;
  /** Calls that are up, by Call-ID. */
  readonly legs: Map<string, CallLeg> = new Map<string, CallLeg>();
  /** As a provider: what REGISTER requests showed. */
  readonly bindings: Map<string, ProviderBinding> = new Map<string, ProviderBinding>();
  /** Whether it takes a call. */
  picksUp: (request: string) => boolean = () => true;
  onCall: (leg: CallLeg) => void = () => {};
  #cseq = 0;

  constructor(options: PartyOptions) {
    const { user, port, proxy, domain, pump, totals } = options;
    const { hostname } = port.local;
    this.user = user;
    this.domain = domain;
    this.mediaHost = hostname;
    this.pump = pump;
    this.totals = totals;
    const transport = port.transport === "tcp" ? ";transport=tcp" : "";
    this.contact = `sip:${user}@${hostname}:${port.local.port}${transport}`;
    this.agent = new SipAgent(port, { proxy, onRequest: (request) => this.#serve(request) });
  }

  /** Registers for so long. */
  async register(
    expiresSeconds: number,
    timeoutMs: number = REGISTER_TIMEOUT_MS,
  ): Promise<Registered> {
    const { hostname, port } = this.agent.port.local;
    const aor = `<sip:${this.user}@${this.domain}>`;
    const response = await this.agent.request({
      method: "REGISTER",
      uri: `sip:${this.domain}`,
      from: `${aor};tag=r`,
      to: aor,
      callId: `reg-${this.user}-${port}@${hostname}`,
      cseq: ++this.#cseq,
      extra: [`Contact: <${this.contact}>`, `Expires: ${expiresSeconds}`],
    }, timeoutMs);
    const granted = response === undefined ? "" : parameter(header(response, "Contact"), "expires");
    return {
      status: response === undefined ? 0 : statusOf(response),
      expiresSeconds: Number(granted || expiresSeconds),
      atMs: performance.now(),
    };
  }

  /** Calls somebody. */
  async call(uri: string): Promise<Dialed> {
    const dialed = await CallLeg.dial(this, uri);
    if (dialed.leg !== undefined) this.legs.set(dialed.leg.callId, dialed.leg);
    return dialed;
  }

  /** Asks somebody outside of a call; gives the status. */
  async ask(uri: string, timeoutMs: number = REGISTER_TIMEOUT_MS): Promise<number> {
    const response = await this.agent.request({
      method: "OPTIONS",
      uri,
      from: `<sip:${this.user}@${this.domain}>;tag=o`,
      to: `<${uri}>`,
      callId: `ask-${++this.#cseq}-${performance.now()}@${this.mediaHost}`,
      cseq: 1,
      // Strangers are answered nothing that is larger than their request.
      extra: [`User-Agent: test/${"1".repeat(100)}`],
    }, timeoutMs);
    return response === undefined ? 0 : statusOf(response);
  }

  /** Forgets a call that is over. */
  forget(leg: CallLeg): void {
    this.legs.delete(leg.callId);
  }

  /** Ends all calls without a word, and closes everything. */
  close(): void {
    for (const leg of [...this.legs.values()]) leg.end();
    this.agent.close();
  }

  #serve(request: string): Reply {
    const leg = this.legs.get(header(request, "Call-ID"));
    switch (methodOf(request)) {
      case "ACK":
        return undefined;
      case "REGISTER":
        return this.#takeRegister(request);
      case "INVITE":
        return isInDialog(request) ? this.#takeReinvite(leg, request) : this.#takeCall(request);
      case "BYE":
        leg?.end();
        return leg === undefined ? { status: "481 Call/Transaction Does Not Exist" } : OK;
      default:
        return { status: "200 OK", options: { tag: "x" } };
    }
  }

  #takeReinvite(leg: CallLeg | undefined, request: string): Reply {
    return leg?.takeReinvite(request) ?? { status: "481 Call/Transaction Does Not Exist" };
  }

  #takeCall(request: string): Reply {
    if (!this.picksUp(request)) return { status: "486 Busy Here", options: { tag: "b" } };
    const { leg, reply } = CallLeg.accept(this, request);
    this.legs.set(leg.callId, leg);
    this.onCall(leg);
    return reply;
  }

  #takeRegister(request: string): Reply {
    const user = /^sip:([^@]*)@/.exec(uriOf(header(request, "To")))?.[1] ?? "";
    const contact = uriOf(header(request, "Contact"));
    const expires = header(request, "Expires") || parameter(header(request, "Contact"), "expires");
    this.bindings.set(user, { contact, atMs: performance.now() });
    const extra = [`Contact: <${contact}>;expires=${expires}`];
    return { status: "200 OK", options: { tag: "r", extra } };
  }
}

const OK: Reply = { status: "200 OK" };
