import type { Action } from "../../src/proxy/outcome.ts";
import type { Arrival, CoreWorld } from "../support/core_world.ts";
import {
  answerText,
  linesOfHeader,
  outcomeOf,
  sendsOf,
  type Sent,
} from "../support/phone_world.ts";
import { phonePlace, PROVIDER_PLACE } from "./life_texts.ts";

/** Problems kept: the first ones say what is wrong. */
const MAX_PROBLEMS = 20;

/** What the provider does with a REGISTER. */
export interface RegisterPlan {
  readonly n: number;
  readonly text: string;
  readonly outcome: "granted" | "deaf" | "refused";
}

/** An answer, and whose it is. */
export interface ExchangeAnswer {
  readonly status: string;
  readonly from: "provider" | number;
  readonly body?: string | undefined;
}

/** Carries messages between the phones, the core and the provider, and notes what nobody should see. */
export class Exchange {
  /** Messages that the core took. */
  messages = 0;
  readonly problems: string[] = [];
  readonly #world: CoreWorld;
  readonly #contacts = new Map<number, string>();
  /** Streams that are open, by Call-ID. */
  readonly #streams = new Map<string, Set<number>>();

  constructor(world: CoreWorld) {
    this.#world = world;
  }

  /** URI under which the provider knows a phone. */
  contactOf(n: number): string {
    return this.#contacts.get(n) ?? "";
  }

  /** Brings a REGISTER to the provider and its answer back; true when the phone was told 200. */
  register(plan: RegisterPlan): boolean {
    const phone = { side: "lan", source: phonePlace(plan.n) } as const;
    const forwarded = this.deliver(plan.text, phone);
    if (forwarded === undefined || plan.outcome === "deaf") return false;
    const contact = /<([^>]*)>/.exec(linesOfHeader(forwarded.text, "Contact")[0] ?? "")?.[1] ?? "";
    if (plan.outcome === "granted") this.#contacts.set(plan.n, contact);
    const status = plan.outcome === "granted" ? "200 OK" : "503 Service Unavailable";
    return this.answer(forwarded.text, { status, from: "provider" })?.startLine ===
      "SIP/2.0 200 OK";
  }

  /** Lets the provider, or the phone of a number, answer; gives what reached the other one. */
  answer(request: string, answer: ExchangeAnswer): Sent | undefined {
    const { status, body, from } = answer;
    const place = from === "provider" ? PROVIDER_PLACE : phonePlace(from);
    const user = from === "provider" ? "far" : `u${from}`;
    const isInvite = / INVITE\r\n/.test(request);
    const headers = [
      ...linesOfHeader(request, "Record-Route"),
      ...(isInvite ? [`Contact: <sip:${user}@${place}>`] : []),
    ];
    const text = answerText(request, status, {
      toTag: `t${user}`,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return this.deliver(text, { side: from === "provider" ? "wan" : "lan", source: place });
  }

  /** Gives a message to the core; gives what left. Nothing left is a problem, unless it is an ACK. */
  deliver(text: string, from: Arrival): Sent | undefined {
    this.messages++;
    const actions = this.#world.receive(text, from);
    this.#watchStreams(actions);
    const [sent] = sendsOf(actions);
    if (sent === undefined && !text.startsWith("ACK ")) {
      this.note(`nothing left: ${outcomeOf(actions)}\n${text}`);
    }
    return sent;
  }

  /** Lets time pass. */
  pass(byMs: number): void {
    this.#watchStreams(this.#world.advance(byMs));
  }

  /** No packet came for rtp_timeout: the relay closes what a call still has. */
  silence(callId: string): void {
    for (const streamId of this.#streams.get(callId) ?? []) {
      this.#watchStreams(this.#world.mediaExpired(streamId));
    }
    this.#streams.delete(callId);
  }

  /** Writes down what should not be. */
  note(problem: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }

  #watchStreams(actions: readonly Action[]): void {
    for (const action of actions) {
      if (action.kind !== "relay") continue;
      const { command } = action;
      if (command.kind === "open") {
        const known = this.#streams.get(command.callId) ?? new Set();
        this.#streams.set(command.callId, known.add(command.streamId));
      }
      if (command.kind !== "close") continue;
      for (const [callId, streams] of this.#streams) {
        if (streams.delete(command.streamId) && streams.size === 0) this.#streams.delete(callId);
      }
    }
  }
}
