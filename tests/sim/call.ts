import type { Dice } from "../property/dice.ts";
import { headerValue, listValues } from "../../src/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../src/sip/message.ts";
import type { Network } from "./network.ts";
import { type Offer, placeOf, sdpOf, uriOf, wireOf } from "./sip_text.ts";
import type { Transactions } from "./transactions.ts";

/** What a user agent answers. */
export interface Answer {
  readonly code: number;
  readonly body?: string | undefined;
}

/** What a call needs of its user agent. */
export interface CallParty {
  readonly options: {
    readonly user: string;
    readonly claimed: string;
    readonly proxy: string | undefined;
  };
  readonly dice: Dice;
  readonly network: Network;
  readonly transactions: Transactions;
  readonly contactUri: string;
  nextNumber(): number;
  requestHead(
    method: string,
    uri: string,
  ): { readonly lines: readonly string[]; readonly branch: string };
  answer(request: SipRequest, answer: Answer): void;
  tagFor(request: SipRequest): string;
}

/** How a call begins: by calling, or by being called. */
export type CallStart =
  | { readonly kind: "caller"; readonly uri: string }
  | { readonly kind: "callee"; readonly request: SipRequest };

/** Longest talk; shorter than rtp_timeout would matter to nobody here. */
const MAX_TALK_MS = 40_000;

/** One party's view of one call: it does by chance what phones do. */
export class Call {
  readonly callId: string;
  readonly #party: CallParty;
  #local: string;
  #remote: string;
  #target: string;
  #routes: readonly string[] = [];
  #cseq = 0;
  #phase: "trying" | "up" | "over" = "trying";
  #ringing: SipRequest | undefined;
  #offer: Offer;

  constructor(party: CallParty, start: CallStart) {
    const { user, claimed } = party.options;
    const number = party.nextNumber();
    this.#party = party;
    const address = claimed.split(":")[0] ?? "";
    const media = party.dice.oneIn(4) ? 2 : 1;
    this.#offer = { address, port: 20_000 + 10 * number, version: 1, media, flow: "sendrecv" };
    if (start.kind === "caller") {
      this.callId = `call-${user}-${number}`;
      this.#local = `<sip:${user}@192.0.2.10>;tag=${user}${number}`;
      this.#remote = `<${start.uri}>`;
      this.#target = start.uri;
      return;
    }
    const { request } = start;
    this.callId = headerValue(request, "call-id") ?? "";
    this.#local = `${headerValue(request, "to")};tag=${party.tagFor(request)}`;
    this.#remote = headerValue(request, "from") ?? "";
    this.#target = uriOf(request, "contact") ?? "";
    this.#routes = listValues(request, "record-route");
  }

  /** Sends the first INVITE, or the one again that was challenged. */
  invite(): void {
    const { dice, network } = this.#party;
    const cancelAfterMs = dice.oneIn(5) ? dice.between(50, 6_000) : undefined;
    const sent = this.#request("INVITE", {
      body: dice.oneIn(8) ? undefined : sdpOf(this.#offer),
      onResponse: (response) => this.#takeAnswer(response, sent),
    });
    if (cancelAfterMs !== undefined) network.after(cancelAfterMs, () => this.#cancel(sent));
  }

  /** Lets a called phone ring, and decides what its owner does. */
  ring(request: SipRequest): void {
    const { dice, network } = this.#party;
    this.#ringing = request;
    if (dice.oneIn(3)) this.#party.answer(request, { code: 100 });
    const early = dice.oneIn(4) ? 183 : 180;
    this.#party.answer(request, {
      code: early,
      body: early === 183 ? sdpOf(this.#offer) : undefined,
    });
    if (dice.oneIn(8)) return;
    network.after(dice.between(10, 4_000), () => {
      if (this.#ringing === undefined) return;
      const code = dice.oneIn(4) ? dice.pick([302, 404, 407, 486, 603]) : 200;
      this.#finish(request, code);
    });
  }

  /** The caller gave up: 487, unless the call is up by now. */
  takeCancel(): void {
    if (this.#ringing !== undefined) this.#finish(this.#ringing, 487);
  }

  /** A re-INVITE or UPDATE: takes the new place of the other party, answers with an own description. */
  takeReinvite(request: SipRequest): void {
    const { dice } = this.#party;
    this.#target = uriOf(request, "contact") ?? this.#target;
    const code = dice.oneIn(6) ? dice.pick([488, 491, 500]) : 200;
    this.#party.answer(request, {
      code: code,
      body: code === 200 ? sdpOf(this.#offer) : undefined,
    });
  }

  /** The other party said BYE. */
  end(): void {
    this.#phase = "over";
  }

  #finish(request: SipRequest, code: number): void {
    this.#ringing = undefined;
    this.#party.answer(request, {
      code: code,
      body: code === 200 ? sdpOf(this.#offer) : undefined,
    });
    this.#phase = code === 200 ? "up" : "over";
    if (code === 200) this.#talk();
  }

  #takeAnswer(response: SipResponse, sent: SentRequest): void {
    const { statusCode } = response;
    if (statusCode < 200) return;
    if (statusCode >= 300) {
      this.#acknowledgeFailure(response, sent);
      const isAgain = statusCode === 407 && this.#cseq < 3 && this.#phase === "trying";
      if (isAgain) this.invite();
      else if (this.#phase === "trying") this.#phase = "over";
      return;
    }
    const isFirst = this.#phase === "trying";
    if (isFirst) {
      this.#phase = "up";
      this.#remote = headerValue(response, "to") ?? "";
      this.#routes = [...listValues(response, "record-route")].reverse();
    }
    this.#target = uriOf(response, "contact") ?? this.#target;
    const remote = headerValue(response, "to") ?? "";
    this.#request("ACK", {
      remote,
      cseq: sent.cseq,
      body: sent.hadOffer ? undefined : sdpOf(this.#offer),
    });
    if (isFirst) this.#talk();
  }

  /** Things that happen in a call, then most often a BYE. */
  #talk(): void {
    const { dice, network } = this.#party;
    for (let count = dice.below(4); count > 0; count--) {
      network.after(dice.below(MAX_TALK_MS), () => this.#doSomething());
    }
    if (dice.oneIn(6)) return;
    network.after(dice.below(MAX_TALK_MS), () => {
      if (this.#phase !== "up") return;
      this.#phase = "over";
      this.#request("BYE", {});
    });
  }

  #doSomething(): void {
    if (this.#phase !== "up") return;
    const { dice } = this.#party;
    const what = dice.below(7);
    if (what < 2) {
      this.#request(dice.pick(["INFO", "OPTIONS", "MESSAGE", "REFER"]), {});
      return;
    }
    this.#offer = this.#nextOffer(what);
    if (what === 6) {
      this.#request("UPDATE", { body: sdpOf(this.#offer) });
      return;
    }
    const sent = this.#request("INVITE", {
      body: what === 5 ? undefined : sdpOf(this.#offer),
      onResponse: (response) => this.#takeAnswer(response, sent),
    });
  }

  #nextOffer(what: number): Offer {
    const { dice } = this.#party;
    const version = this.#offer.version + 1;
    const offer = { ...this.#offer, version };
    if (what === 2) {
      return { ...offer, flow: dice.pick(["sendonly", "inactive", "zero", "sendrecv"]) };
    }
    if (what === 3) return { ...offer, port: offer.port + 100 };
    if (what === 4) return { ...offer, media: dice.between(1, 3) };
    return offer;
  }

  #cancel(sent: SentRequest): void {
    if (this.#phase !== "trying") return;
    const data = wireOf([
      `CANCEL ${sent.uri} SIP/2.0`,
      ...sent.lines.filter((line) => /^(?:Via|Max-Forwards|From|To|Call-ID|Route):/.test(line)),
      `CSeq: ${sent.cseq} CANCEL`,
      "X-Trace: cancel",
    ], undefined);
    const { branch, to } = sent;
    this.#party.transactions.start({ method: "CANCEL", branch, to, data, onResponse: () => {} });
  }

  /** RFC 3261 §17.1.1.3: in the INVITE's own transaction, so with its branch. */
  #acknowledgeFailure(response: SipResponse, sent: SentRequest): void {
    const data = wireOf([
      `ACK ${sent.uri} SIP/2.0`,
      ...sent.lines.filter((line) => /^(?:Via|Max-Forwards|From|Call-ID|Route):/.test(line)),
      `To: ${headerValue(response, "to")}`,
      `CSeq: ${sent.cseq} ACK`,
      "X-Trace: ack",
    ], undefined);
    const { branch, to } = sent;
    this.#party.transactions.start({ method: "ACK", branch, to, data, onResponse: () => {} });
  }

  #request(method: string, parts: RequestParts): SentRequest {
    const { options, contactUri, transactions } = this.#party;
    const cseq = parts.cseq ?? ++this.#cseq;
    const head = this.#party.requestHead(method, this.#target);
    const lines = [
      ...head.lines,
      ...this.#routes.map((route) => `Route: ${route}`),
      `From: ${this.#local}`,
      `To: ${parts.remote ?? this.#remote}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: "${options.user}" <${contactUri}>`,
      `X-Trace: ${method} ${this.callId} ${cseq}`,
    ];
    const route = /<([^>]*)>/.exec(this.#routes[0] ?? "")?.[1];
    const to = options.proxy ?? placeOf(route ?? this.#target);
    const { branch } = head;
    const data = wireOf(lines, parts.body);
    transactions.start({ method, branch, to, data, onResponse: parts.onResponse ?? (() => {}) });
    const hadOffer = parts.body !== undefined;
    return { uri: this.#target, lines, cseq, branch, to, hadOffer };
  }
}

interface RequestParts {
  readonly body?: string | undefined;
  /** To, where it is not the dialog's. */
  readonly remote?: string;
  readonly cseq?: number;
  readonly onResponse?: (response: SipResponse) => void;
}

interface SentRequest {
  readonly uri: string;
  readonly lines: readonly string[];
  readonly cseq: number;
  readonly branch: string;
  readonly to: string;
  readonly hadOffer: boolean;
}
