import type { Dice } from "../property/dice.ts";
import { headerValue, listValues } from "../../src/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../src/sip/message.ts";
import { type Answer, Call, type CallParty } from "./call.ts";
import type { Network } from "./network.ts";
import { answerTo, placeOf, tagOf, uriOf, wireOf } from "./sip_text.ts";
import { Transactions } from "./transactions.ts";

/** Who a user agent is. */
export interface AgentOptions {
  readonly user: string;
  /** `address:port` on the network; the outer place of a NAT where `claimed` differs. */
  readonly place: string;
  /** `address:port` that it writes into Via and, its address, into SDP. */
  readonly claimed: string;
  /** Where all requests go; undefined sends each to its target. */
  readonly proxy: string | undefined;
  /** How its own requests go; UDP when left out. */
  readonly transport?: "udp" | "tcp";
}

/** A phone, or a party of the outside; the outside's one is a registrar too. */
export class UserAgent implements CallParty {
  readonly options: AgentOptions;
  readonly dice: Dice;
  readonly network: Network;
  readonly transactions: Transactions;
  /** Contact URI by registered user, as REGISTER requests showed it. */
  readonly registered: Map<string, string> = new Map<string, string>();
  readonly #calls = new Map<string, Call>();
  #count = 0;
  #registerCseq = 0;

  constructor(options: AgentOptions, world: { readonly network: Network; readonly dice: Dice }) {
    this.options = options;
    this.network = world.network;
    this.dice = world.dice;
    this.transactions = new Transactions(world.network, {
      place: options.place,
      onRequest: (request) => this.#receive(request),
    });
  }

  /** Contact URI that this agent gives out. */
  get contactUri(): string {
    const line = this.options.proxy === undefined ? "" : ";line=1";
    const transport = this.options.transport === "tcp" ? ";transport=tcp" : "";
    return `sip:${this.options.user}@${this.options.place}${line}${transport}`;
  }

  /** A number that no other name of this agent has. */
  nextNumber(): number {
    return ++this.#count;
  }

  /** Lines that every request of this agent begins with; gives its branch too. */
  requestHead(
    method: string,
    uri: string,
  ): { readonly lines: readonly string[]; readonly branch: string } {
    const branch = `z9hG4bK${this.options.user}${this.nextNumber()}`;
    const transport = this.options.transport === "tcp" ? "TCP" : "UDP";
    const rport = this.options.claimed === this.options.place ? "" : ";rport";
    return {
      branch,
      lines: [
        `${method} ${uri} SIP/2.0`,
        `Via: SIP/2.0/${transport} ${this.options.claimed};branch=${branch}${rport}`,
        "Max-Forwards: 70",
      ],
    };
  }

  /** Registers with the far end, or takes the registration back with 0 seconds. */
  register(expiresSeconds: number): void {
    const uri = "sip:192.0.2.10:5070";
    const { lines, branch } = this.requestHead("REGISTER", uri);
    const aor = `<sip:${this.options.user}@192.0.2.10>`;
    const data = wireOf([
      ...lines,
      `From: ${aor};tag=r${this.#registerCseq}`,
      `To: ${aor}`,
      `Call-ID: reg-${this.options.user}`,
      `CSeq: ${++this.#registerCseq} REGISTER`,
      `Contact: <${this.contactUri}>;expires=${expiresSeconds}`,
      `X-Trace: register ${this.options.user}`,
    ], undefined);
    const to = this.options.proxy ?? placeOf(uri);
    const onResponse = (response: SipResponse) => {
      if (response.statusCode === 401) this.register(expiresSeconds);
    };
    this.transactions.start({ method: "REGISTER", branch, to, data, onResponse });
  }

  /** Calls somebody. */
  invite(uri: string): void {
    const call = new Call(this, { kind: "caller", uri });
    this.#calls.set(call.callId, call);
    call.invite();
  }

  /** Answers a request at once. */
  answer(request: SipRequest, answer: Answer): void {
    const { code, body } = answer;
    const contact = code >= 200 && code < 300 || code < 200 ? `<${this.contactUri}>` : undefined;
    const data = answerTo(request, { code, toTag: this.tagFor(request), contact, body });
    this.transactions.answer(request, { code, data });
  }

  /** The To tag of this agent in one call. */
  tagFor(request: SipRequest): string {
    return `${this.options.user}-${headerValue(request, "call-id")}`;
  }

  #receive(request: SipRequest): void {
    const call = this.#calls.get(headerValue(request, "call-id") ?? "");
    switch (request.method) {
      case "ACK":
        return;
      case "REGISTER":
        return this.#serveRegister(request);
      case "INVITE":
        if (call === undefined || tagOf(request, "to") === "") return this.#ring(request);
        return call.takeReinvite(request);
      case "CANCEL":
        this.answer(request, { code: call === undefined ? 481 : 200 });
        return call?.takeCancel();
      case "BYE":
        this.answer(request, { code: call === undefined ? 481 : this.dice.oneIn(12) ? 407 : 200 });
        return call?.end();
      case "UPDATE":
        return call === undefined
          ? this.answer(request, { code: 481 })
          : call.takeReinvite(request);
      default:
        return this.answer(request, { code: this.dice.pick([200, 200, 202, 405, 489]) });
    }
  }

  #ring(request: SipRequest): void {
    const call = new Call(this, { kind: "callee", request });
    this.#calls.set(call.callId, call);
    call.ring(request);
  }

  /** The outside's registrar: challenges, refuses and keeps silent now and then. */
  #serveRegister(request: SipRequest): void {
    if (this.dice.oneIn(10)) return;
    const code = this.dice.oneIn(8) ? this.dice.pick([401, 403, 500, 423]) : 200;
    const contact = listValues(request, "contact")[0];
    const user = /^<?sip:([^@]*)@/.exec(uriOf(request, "to") ?? "")?.[1] ?? "";
    if (code === 200) this.registered.set(user, uriOf(request, "contact") ?? "");
    const data = answerTo(request, {
      code,
      toTag: "registrar",
      contact: code === 200 ? contact : undefined,
      body: undefined,
    });
    this.transactions.answer(request, { code, data });
  }
}
