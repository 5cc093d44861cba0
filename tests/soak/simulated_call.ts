import type { Dice } from "../property/dice.ts";
import { sdpText } from "../support/phone_world.ts";
import type { Exchange } from "./exchange.ts";
import { callRequest, type Dialogue, phonePlace, PROVIDER_PLACE } from "./life_texts.ts";

/** What a call needs. */
export interface CallParts {
  readonly phone: number;
  /** Unique. */
  readonly number: number;
  readonly dice: Dice;
  readonly exchange: Exchange;
  readonly after: (delayMs: number, run: () => void) => void;
  readonly onOver: () => void;
}

/** rtp_timeout of the daemon. */
const SILENCE_MS = 300_000;

/** Ring and talk. */
const MAX_RING_MS = 15_000;
const MAX_TALK_MS = 600_000;

/** One call of the simulated days, from INVITE to its end, whichever of the many it is. */
export class SimulatedCall {
  readonly #parts: CallParts;
  readonly #direction: "out" | "in";
  #asked: Dialogue;
  #cseq = 1;

  constructor(parts: CallParts) {
    const { phone, number, dice, exchange } = parts;
    this.#parts = parts;
    this.#direction = dice.oneIn(2) ? "out" : "in";
    const callId = `call-${number}`;
    const [place, user] = [phonePlace(phone), `u${phone}`];
    this.#asked = this.#direction === "out"
      ? {
        callId,
        place,
        from: `<sip:${user}@${PROVIDER_PLACE}>;tag=c${number}`,
        to: `<sip:far${number}@${PROVIDER_PLACE}>`,
        uri: `sip:far${number}@${PROVIDER_PLACE}`,
        contact: `sip:${user}@${place}`,
      }
      : {
        callId,
        place: PROVIDER_PLACE,
        from: `<sip:far${number}@${PROVIDER_PLACE}>;tag=c${number}`,
        to: `<sip:${user}@${PROVIDER_PLACE}>`,
        uri: exchange.contactOf(phone),
        contact: `sip:far@${PROVIDER_PLACE}`,
      };
  }

  /** Sends the INVITE; the rest follows by itself. */
  begin(): void {
    const { dice, after } = this.#parts;
    const invite = this.#send("INVITE", `i${this.#parts.number}`);
    // A datagram that comes twice is one call.
    if (dice.oneIn(10)) this.#deliver(invite.text);
    if (invite.forwarded === undefined) return this.#over();
    const { forwarded } = invite;
    if (dice.oneIn(3)) this.#answer(forwarded, "180 Ringing");
    const fate = dice.pick(["up", "up", "up", "up", "busy", "cancelled", "never"] as const);
    if (fate === "never") return after(SILENCE_MS, () => this.#vanish());
    after(dice.below(MAX_RING_MS), () => {
      if (fate === "up") this.#pickUp(forwarded);
      if (fate === "busy") this.#fail(forwarded, "486 Busy Here");
      if (fate === "cancelled") this.#cancel(forwarded);
    });
  }

  #pickUp(invite: string): void {
    const { dice, after, number } = this.#parts;
    this.#answer(invite, "200 OK");
    this.#asked = { ...this.#asked, to: `${this.#asked.to};tag=${this.#answererTag()}` };
    this.#send("ACK", `a${number}`);
    const talkMs = dice.between(2_000, MAX_TALK_MS);
    if (dice.oneIn(4)) after(talkMs / 2, () => this.#reinvite());
    // A phone that loses its power says nothing.
    if (dice.oneIn(20)) after(talkMs + SILENCE_MS, () => this.#vanish());
    else after(talkMs, () => this.#hangUp());
  }

  #reinvite(): void {
    const { number } = this.#parts;
    this.#cseq++;
    const { forwarded } = this.#send("INVITE", `i${number}x${this.#cseq}`);
    if (forwarded === undefined) return;
    this.#answer(forwarded, "200 OK");
    this.#send("ACK", `a${number}x${this.#cseq}`);
  }

  #hangUp(): void {
    this.#cseq++;
    const { forwarded } = this.#send("BYE", `b${this.#parts.number}`);
    if (forwarded !== undefined) this.#answer(forwarded, "200 OK");
    this.#over();
  }

  #fail(invite: string, status: string): void {
    this.#answer(invite, status);
    this.#send("ACK", `i${this.#parts.number}`);
    this.#over();
  }

  #cancel(invite: string): void {
    const { forwarded } = this.#send("CANCEL", `i${this.#parts.number}`);
    if (forwarded !== undefined) this.#answer(forwarded, "200 OK");
    this.#fail(invite, "487 Request Terminated");
  }

  #vanish(): void {
    this.#parts.exchange.silence(this.#asked.callId);
    this.#over();
  }

  #over(): void {
    this.#parts.onOver();
  }

  #answererTag(): string {
    return this.#direction === "out" ? "tfar" : `tu${this.#parts.phone}`;
  }

  #send(
    method: string,
    branch: string,
  ): { readonly text: string; readonly forwarded: string | undefined } {
    const text = callRequest(this.#asked, { method, branch, cseq: this.#cseq });
    return { text, forwarded: this.#deliver(text) };
  }

  /** What leaves must be the request itself, not an answer of the daemon's own. */
  #deliver(text: string): string | undefined {
    const { exchange } = this.#parts;
    const side = this.#direction === "out" ? "lan" : "wan";
    const sent = exchange.deliver(text, { side, source: this.#asked.place });
    if (sent === undefined) return undefined;
    if (!sent.startLine.startsWith("SIP/2.0 ")) return sent.text;
    exchange.note(`answered ${sent.startLine} instead of forwarding\n${text}`);
    return undefined;
  }

  #answererSdp(): string {
    const place = this.#direction === "out" ? PROVIDER_PLACE : phonePlace(this.#parts.phone);
    return sdpText(place.split(":")[0] ?? "", 40_000);
  }

  #answer(request: string, status: string): void {
    const { exchange, phone } = this.#parts;
    const hasBody = status === "200 OK" && / INVITE\r\n/.test(request);
    const sent = exchange.answer(request, {
      status,
      from: this.#direction === "out" ? "provider" : phone,
      body: hasBody ? this.#answererSdp() : undefined,
    });
    if (sent?.startLine !== `SIP/2.0 ${status}`) {
      exchange.note(`"${status}" became "${sent?.startLine}"\n${request}`);
    }
  }
}
