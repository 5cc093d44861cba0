import { socketAddressText } from "../../src/base/socket_address.ts";
import { decodeLatin1 } from "../../src/base/text.ts";
import type { Action } from "../../src/proxy/outcome.ts";
import type { ProxyState } from "../../src/proxy/state.ts";
import { headerValue, listValues } from "../../src/sip/headers.ts";
import type { SipMessage } from "../../src/sip/message.ts";
import { parseVia } from "../../src/sip/via.ts";
import type { Packet } from "./network.ts";

/** How long the proxy remembers a transaction: later ones are new to it. */
const MEMO_LIFETIME_MS = 64_000;

/** What a CANCEL of an unknown transaction would be told. */
const FORGOTTEN: ReadonlySet<number> = new Set([403, 404, 480, 481]);

interface Way {
  readonly output: string;
  readonly hop: string;
  readonly ownBranch: string;
  readonly requestUri: string;
  readonly atMs: number;
  /** Legs of its call and registrations at that moment: a retransmission after a change is masqueraded anew. */
  readonly known: string;
}

/** What became of each request. */
export class Forwarded {
  readonly byInput: Map<string, Way> = new Map<string, Way>();
  readonly byTransaction: Map<string, Way> = new Map<string, Way>();
}

/** A request that was forwarded, or a response. */
export interface Follow {
  readonly arrived: SipMessage;
  readonly left: SipMessage;
  readonly send: Extract<Action, { kind: "send" }>;
  readonly packet: Packet;
  readonly nowMs: number;
  readonly state: ProxyState;
}

/**
 * Compares a forwarded request with earlier ones: a retransmission leaves as its first copy did, CANCEL and the ACK to a
 * failure go where their INVITE went, under the same branch (RFC 3261 §16.10, §17.1.1.3).
 *
 * @param follow what came and what left
 * @param forwarded what left before; this request is added
 * @returns what is wrong
 */
export function followProblems(follow: Follow, forwarded: Forwarded): readonly string[] {
  const { arrived, left, packet, nowMs } = follow;
  if (arrived.kind !== "request") return [];
  const transaction = transactionOf(arrived, packet);
  if (left.kind === "response") {
    const isKnown = fresh(forwarded.byTransaction.get(transaction), nowMs) !== undefined;
    const isForgotten = arrived.method === "CANCEL" && isKnown && FORGOTTEN.has(left.statusCode);
    return isForgotten ? ["the CANCEL of a forwarded INVITE is refused"] : [];
  }
  const way = wayOf(follow);
  const inputKey = `${packet.from} ${decodeLatin1(packet.data)}`;
  const problems: string[] = [];
  const earlier = fresh(forwarded.byInput.get(inputKey), nowMs);
  if (earlier !== undefined && earlier.hop !== way.hop) {
    problems.push("a retransmission goes elsewhere");
  }
  if (earlier !== undefined && earlier.known === way.known && earlier.output !== way.output) {
    problems.push("a retransmission leaves otherwise than the first time");
  }
  const invite = fresh(forwarded.byTransaction.get(transaction), nowMs);
  if (invite !== undefined && (arrived.method === "CANCEL" || arrived.method === "ACK")) {
    const same = invite.hop === way.hop && invite.ownBranch === way.ownBranch &&
      invite.requestUri === way.requestUri;
    if (!same) problems.push(`${arrived.method} does not follow its INVITE`);
  }
  if (earlier === undefined) forwarded.byInput.set(inputKey, way);
  if (arrived.method === "INVITE" && invite === undefined) {
    forwarded.byTransaction.set(transaction, way);
  }
  return problems;
}

function fresh(way: Way | undefined, nowMs: number): Way | undefined {
  return way !== undefined && nowMs - way.atMs < MEMO_LIFETIME_MS ? way : undefined;
}

function wayOf({ left, send, nowMs, state }: Follow): Way {
  const via = parseVia(listValues(left, "via")[0] ?? "");
  const callId = headerValue(left, "call-id");
  const phones = state.bindings.all().map((binding) =>
    `${binding.contactUri} ${binding.publicUri}`
  );
  const legs = state.dialogs.all().filter((dialog) => dialog.callId === callId).map((dialog) =>
    `${dialog.dialogId} ${dialog.streams.map((s) => `${s.mediaIndex}:${s.streamId}`).join()}`
  );
  return {
    output: decodeLatin1(send.data),
    hop: `${send.hop.side} ${socketAddressText(send.hop.peer)}`,
    ownBranch: via.ok ? via.value.branch ?? "" : "",
    requestUri: left.kind === "request" ? left.requestUri : "",
    atMs: nowMs,
    known: [...legs, ...phones].join("\n"),
  };
}

function transactionOf(arrived: SipMessage, packet: Packet): string {
  const via = parseVia(listValues(arrived, "via")[0] ?? "");
  const number = headerValue(arrived, "cseq")?.split(" ")[0] ?? "";
  return `${packet.from} ${via.ok ? via.value.branch : ""} ${number}`;
}
