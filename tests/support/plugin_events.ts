import { parseIpAddress } from "../../src/base/ip_address.ts";
import type { Side } from "../../src/base/socket_address.ts";
import type { Direction, RequestEvent, ResponseEvent } from "../../src/plugin/api.ts";
import { checkMessage } from "../../src/sip/check_message.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import { encodeLatin1 } from "../../src/base/text.ts";

/** What an event differs in from an outgoing INVITE of alice to bob. */
export interface EventPlan {
  readonly method?: string;
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly direction?: Direction | undefined;
  readonly side?: Side;
  readonly sourceAddress?: string;
  /** Further header lines. */
  readonly extra?: readonly string[];
  readonly body?: string;
}

/** A request as plugins get it. */
export function requestEvent(plan: EventPlan = {}): RequestEvent {
  const method = plan.method ?? "INVITE";
  const checked = checkedOf([
    `${method} ${plan.uri ?? "sip:bob@example.org"} SIP/2.0`,
    "Via: SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKevent",
    "Max-Forwards: 70",
    `From: ${plan.from ?? "<sip:alice@example.org>;tag=a"}`,
    `To: ${plan.to ?? "<sip:bob@example.org>"}`,
    "Call-ID: event@10.0.0.10",
    `CSeq: 1 ${method}`,
    "Contact: <sip:alice@10.0.0.10:5062>",
    ...plan.extra ?? [],
  ], plan.body ?? "");
  if (checked.kind !== "request") throw new Error("it is no request");
  return { ...common(plan), kind: "request", message: checked.message, checked };
}

/** A response as plugins get it; `uri` and `method` of the plan are those of its request. */
export function responseEvent(status: string, plan: EventPlan = {}): ResponseEvent {
  const checked = checkedOf([
    `SIP/2.0 ${status}`,
    "Via: SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKevent",
    `From: ${plan.from ?? "<sip:alice@example.org>;tag=a"}`,
    `To: ${plan.to ?? "<sip:bob@example.org>;tag=b"}`,
    "Call-ID: event@10.0.0.10",
    `CSeq: 1 ${plan.method ?? "INVITE"}`,
    ...plan.extra ?? [],
  ], plan.body ?? "");
  if (checked.kind !== "response") throw new Error("it is no response");
  return { ...common(plan), kind: "response", message: checked.message, checked };
}

function common(plan: EventPlan) {
  const address = parseIpAddress(plan.sourceAddress ?? "10.0.0.10");
  if (address === undefined) throw new Error("it is no address");
  return {
    source: { address, port: 5062 },
    side: plan.side ?? "lan",
    transport: "udp",
    direction: "direction" in plan ? plan.direction : "outgoing",
    nextHop: undefined,
  } as const;
}

function checkedOf(lines: readonly string[], body: string) {
  const head = [...lines, `Content-Length: ${body.length}`, "", ""].join("\r\n");
  const parsed = parseMessage(encodeLatin1(head + body), "datagram");
  if (!parsed.ok) throw new Error(parsed.error.reason);
  const checked = checkMessage(parsed.value);
  if (!checked.ok) throw new Error(checked.error.reason);
  return checked.value;
}
