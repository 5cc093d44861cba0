import { socketAddressText } from "../../src/base/socket_address.ts";
import { decodeLatin1 } from "../../src/base/text.ts";
import type { Action } from "../../src/proxy/outcome.ts";
import { headerValue, listValues } from "../../src/sip/headers.ts";
import type { SipMessage } from "../../src/sip/message.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import { parseVia } from "../../src/sip/via.ts";
import type { CoreWorld } from "../support/core_world.ts";

/** How long a request is the same request: what a client of RFC 3261 §17.1 repeats at most. */
const TRANSACTION_LIFETIME_MS = 32_000;

type Send = Extract<Action, { kind: "send" }>;

interface Given {
  readonly statusCode: number;
  readonly atMs: number;
  readonly situation: string;
}

/** Final answers of our own: a request gets one at most, and its repetitions the same one while nothing else changes. */
export class FinalAnswers {
  readonly #given = new Map<string, Given>();

  /**
   * Looks at what one request made the proxy send.
   *
   * @param request as it arrived
   * @param cause what was sent for it, and when
   * @returns what is wrong
   */
  judge(
    request: SipMessage,
    cause: {
      readonly sent: readonly Send[];
      readonly from: string;
      readonly world: CoreWorld;
      /** How often the state has changed so far. */
      readonly revision: number;
    },
  ): readonly string[] {
    if (request.kind !== "request") return [];
    const finals = cause.sent.flatMap((send) => {
      const parsed = parseMessage(send.data, "datagram");
      const isFinal = parsed.ok && parsed.value.kind === "response" &&
        parsed.value.statusCode >= 200;
      return isFinal ? [{ send, statusCode: parsed.value.statusCode }] : [];
    });
    const [final] = finals;
    if (final === undefined) return [];
    if (finals.length > 1) return ["one request gets two final answers of ours"];
    if (request.method === "ACK") return ["an ACK is answered"];
    const problems: string[] = [];
    if (cause.sent.length > 1) problems.push("a request is answered and forwarded");
    const host = socketAddressText(final.send.hop.peer);
    const key = `${cause.from} ${keyOf(request)}`;
    const before = this.#given.get(key);
    const { nowMs } = cause.world;
    const situation = `${cause.revision} ${situationOf(cause.world)}`;
    const isSame = before === undefined || nowMs - before.atMs >= TRANSACTION_LIFETIME_MS ||
      before.situation !== situation || before.statusCode === final.statusCode;
    if (!isSame) {
      problems.push(`${host} is told ${before.statusCode}, then ${final.statusCode}`);
    }
    this.#given.set(key, { statusCode: final.statusCode, atMs: nowMs, situation });
    return problems;
  }
}

/** What an answer may depend on besides its request and the state: the line, what fails just now. */
function situationOf({ own, outages, unreachable }: CoreWorld): string {
  return `${own.wan ?? "down"} ${[...outages].join()} ${[...unreachable].join()}`;
}

function keyOf(request: SipMessage): string {
  const via = parseVia(listValues(request, "via")[0] ?? "");
  return `${via.ok ? via.value.branch : ""} ${headerValue(request, "cseq")}`;
}

/** Everything that was sent, byte for byte: what goes again without a cause must be one of these. */
export class SentBefore {
  readonly #sent = new Set<string>();

  /** Takes note. */
  add(send: Send): void {
    this.#sent.add(this.#key(send));
  }

  /** Whether the very same octets went to the very same place. */
  has(send: Send): boolean {
    return this.#sent.has(this.#key(send));
  }

  #key({ data, hop }: Send): string {
    return `${socketAddressText(hop.peer)} ${hop.transport} ${decodeLatin1(data)}`;
  }
}
