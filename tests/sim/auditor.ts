import { parseIpAddress } from "../../src/base/ip_address.ts";
import { addressScope } from "../../src/base/ip_network.ts";
import { socketAddressText } from "../../src/base/socket_address.ts";
import { decodeLatin1 } from "../../src/base/text.ts";
import type { Action } from "../../src/proxy/outcome.ts";
import type { SipMessage } from "../../src/sip/message.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import { headerValue } from "../../src/sip/headers.ts";
import type { CoreWorld } from "../support/core_world.ts";
import { FinalAnswers, SentBefore } from "./final_answers.ts";
import { type Follow, followProblems, Forwarded } from "./follow_rules.ts";
import { forwardProblems, privacyProblems } from "./message_rules.ts";
import type { Packet } from "./network.ts";

type Send = Extract<Action, { kind: "send" }>;

/** What made the proxy do something: a packet, or the mere time. */
export interface Cause {
  readonly packet?: Packet;
  /** A message that the packet made came back undelivered: its sender is told so. */
  readonly kind?: "undelivered";
}

/** Actions after which another answer may be right. */
const CHANGES: ReadonlySet<Action["kind"]> = new Set([
  "binding",
  "dialog",
  "pend",
  "settle",
  "know",
]);

/** Watches everything that the proxy does, and writes down what breaks a rule. */
export class Auditor {
  readonly problems: string[] = [];
  readonly #streams = new Set<number>();
  readonly #phones: ReadonlySet<string>;
  readonly #forwarded = new Forwarded();
  readonly #finals = new FinalAnswers();
  readonly #sent = new SentBefore();
  #revision = 0;

  constructor(phones: readonly string[]) {
    this.#phones = new Set(phones);
  }

  /** Ids of the streams that are open now. */
  get openStreams(): readonly number[] {
    return [...this.#streams];
  }

  /** Looks at what one packet, or the mere time, made the proxy do. */
  observe(actions: readonly Action[], cause: Cause & { readonly world: CoreWorld }): void {
    const { packet, world } = cause;
    for (const action of actions) {
      if (CHANGES.has(action.kind)) this.#revision++;
      if (action.kind === "relay") this.#observeRelay(action);
      if (action.kind === "binding") this.#observeBinding(action, packet);
    }
    this.#compareStreams(world);
    const sent = actions.filter((action) => action.kind === "send");
    if (packet === undefined) {
      // What left a stream for UDP is repeated until it is answered (RFC 3261 §17.1).
      if (!sent.every((send) => this.#sent.has(send))) {
        this.#report("something is sent without a cause", "");
      }
      return;
    }
    for (const send of sent) this.#sent.add(send);
    if (sent.length > 1) this.#report("one packet makes more than one", decodeLatin1(packet.data));
    const arrived = parseMessage(packet.data, "datagram");
    if (arrived.ok) {
      for (
        const problem of this.#finals.judge(arrived.value, {
          sent,
          from: packet.from,
          world,
          revision: this.#revision,
        })
      ) {
        this.#report(problem, decodeLatin1(packet.data));
      }
    }
    for (const send of sent) {
      if (arrived.ok) this.#observeSend(send, { packet, arrived: arrived.value, world });
      if (!arrived.ok || cause.kind === "undelivered") continue;
      const { nowMs, state } = world;
      this.#observeFollow(send, { packet, arrived: arrived.value, nowMs, state });
    }
  }

  /** The stream's media stopped: the relay closed it. */
  forgetStream(streamId: number): void {
    this.#streams.delete(streamId);
  }

  #observeSend(
    send: Send,
    cause: { readonly packet: Packet; readonly arrived: SipMessage; readonly world: CoreWorld },
  ): void {
    const parsed = parseMessage(send.data, "datagram");
    if (!parsed.ok) {
      this.#report(`what is sent does not parse: ${parsed.error.reason}`, decodeLatin1(send.data));
      return;
    }
    const left = parsed.value;
    const { arrived } = cause;
    this.#checkTarget(send, cause);
    for (const problem of forwardProblems(arrived, left)) {
      this.#report(problem, decodeLatin1(send.data));
    }
    if (send.hop.side === "wan") {
      for (const problem of privacyProblems(left)) this.#report(problem, decodeLatin1(send.data));
    }
  }

  #observeFollow(
    send: Send,
    cause: Pick<Follow, "packet" | "arrived" | "nowMs" | "state">,
  ): void {
    const parsed = parseMessage(send.data, "datagram");
    if (!parsed.ok) return;
    const follow = { ...cause, left: parsed.value, send };
    for (const problem of followProblems(follow, this.#forwarded)) {
      this.#report(problem, decodeLatin1(cause.packet.data) + decodeLatin1(send.data));
    }
  }

  /** Own answers go to the asker; the rest to a phone, or to a public address. */
  #checkTarget(
    send: Send,
    { packet, arrived }: { readonly packet: Packet; readonly arrived: SipMessage },
  ): void {
    const { address } = send.hop.peer;
    const scope = addressScope(address);
    const isAnswer = arrived.kind === "request" && decodeLatin1(send.data).startsWith("SIP/2.0 ");
    const isBack = packet.from.startsWith(`${address}:`);
    if (isAnswer && !isBack) this.#report("an answer of ours goes to somebody else", address);
    if (send.hop.side === "lan" && !this.#phones.has(address) && !isBack) {
      this.#report("a host on the phones' side that is no phone gets a message", address);
    }
    if (send.hop.side === "wan" && scope !== "global") {
      this.#report(`the outside gets a message for a ${scope} address`, address);
    }
  }

  #observeRelay(action: Extract<Action, { kind: "relay" }>): void {
    const { command } = action;
    if (command.kind === "open") this.#streams.add(command.streamId);
    if (command.kind === "close" && !this.#streams.delete(command.streamId)) {
      this.#report("a stream is closed that was not open", `${command.streamId}`);
    }
    if (command.kind !== "announce") return;
    if (!this.#streams.has(command.streamId)) {
      this.#report("announced before open", `${command.streamId}`);
    }
    for (const target of [command.party.rtp, command.party.rtcp]) {
      if (target === undefined) continue;
      const isPhone = this.#phones.has(target.address);
      // Of a call between two phones whose second leg has ended, the first one's other party is a phone.
      const isFine = isPhone ||
        (command.side === "wan" && addressScope(target.address) === "global");
      if (!isFine) this.#report(`media may go to ${socketAddressText(target)}`, command.side);
    }
  }

  /** Nothing is bound without a 2xx of the registrar outside. */
  #observeBinding(action: Extract<Action, { kind: "binding" }>, packet: Packet | undefined): void {
    const { change } = action;
    if (packet === undefined) {
      if (change.kind === "bind") {
        this.#report("time alone binds a phone", change.binding.bindingId);
      }
      return;
    }
    const parsed = parseMessage(packet.data, "datagram");
    const message = parsed.ok ? parsed.value : undefined;
    const isGrant = message?.kind === "response" && message.statusCode >= 200 &&
      message.statusCode < 300 &&
      headerValue(message, "cseq")?.endsWith(" REGISTER") === true &&
      packet.to.startsWith("192.0.2.1:");
    if (!isGrant) this.#report("a registration changes without a 2xx", decodeLatin1(packet.data));
    if (change.kind === "bind" && parseIpAddress(change.binding.source.address) === undefined) {
      this.#report("a binding without an address", change.binding.contactUri);
    }
  }

  /** Each open stream belongs to a leg, and each stream of a leg is open. */
  #compareStreams(world: CoreWorld): void {
    const owned = world.state.dialogs.all().flatMap((dialog) =>
      dialog.streams.map((s) => s.streamId)
    );
    if (owned.length === this.#streams.size && owned.every((id) => this.#streams.has(id))) return;
    this.#report("streams and legs differ", `${owned.join()} ${[...this.#streams].join()}`);
  }

  #report(problem: string, shown: string): void {
    if (this.problems.length < 20) this.problems.push(`${problem}\n${shown}`);
  }
}
