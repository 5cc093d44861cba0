import { type AccessRight, evaluateAccess } from "../access/access_list.ts";
import { parseIpAddress } from "../base/ip_address.ts";
import { err, ok, type Result } from "../base/result.ts";
import type { Side } from "../base/socket_address.ts";
import { type CheckedMessage, checkMessage } from "../sip/check_message.ts";
import { replaceListElements } from "../sip/headers.ts";
import type { SipRequest } from "../sip/message.ts";
import { parseMessage } from "../sip/parse_message.ts";
import { formatVia, type Via, withViaParameter } from "../sip/via.ts";
import type { AnyContext } from "./context.ts";
import type { ProxyInput } from "./input.ts";
import { revealCallId } from "./obscured_call_id.ts";
import { arrivalSide } from "./own_address.ts";
import type { World } from "./state.ts";

/** Why a message gets no run: dropped in silence, or answered from what could be read of it. */
export type Refusal =
  | { readonly kind: "drop"; readonly reason: string }
  | {
    readonly kind: "answer";
    readonly reason: string;
    readonly statusCode: number;
    readonly partial: SipRequest;
  };

/** NAT keep-alives and fragments: nothing shorter can be SIP (siproxd's own bound). */
const MIN_MESSAGE_LENGTH_BYTES = 16;

/** RFC 8489 §5: a STUN message begins with two zero bits; SIP never does. */
const MAX_STUN_FIRST_BYTE = 3;

/**
 * Turns received bytes into a run: access lists, parsing, checks, and `received` and `rport` for the way back.
 *
 * @param input the message as it came
 * @param world state and environment, read only
 * @returns the context of a run, or why there is none
 */
export function receive(
  input: ProxyInput,
  world: World,
): Result<AnyContext, Refusal> {
  const { state, env } = world;
  const rawReason = checkRaw(input.data);
  if (rawReason !== undefined) return err({ kind: "drop", reason: rawReason });
  const side = arrivalSide(input, world);
  const right = accessRight(input, { ...world, side });
  if (right === "none") return err({ kind: "drop", reason: "access-denied" });
  const framing = input.connectionId === undefined ? "datagram" : "stream";
  const parsed = parseMessage(input.data, framing);
  if (!parsed.ok) {
    const { partial, statusCode, reason } = parsed.error;
    return err(
      partial === undefined
        ? { kind: "drop", reason: parsed.error.kind }
        : { kind: "answer", reason, statusCode, partial },
    );
  }
  const message = state.config.sip.obscureLoops && side === "wan"
    ? revealCallId(parsed.value)
    : parsed.value;
  const checked = checkMessage(message);
  if (checked.ok) return ok(begin(checked.value, { input, state, env, side, right }));
  const { statusCode, reason } = checked.error;
  return err(
    parsed.value.kind === "response"
      ? { kind: "drop", reason: "bad-response" }
      : { kind: "answer", reason, statusCode, partial: parsed.value },
  );
}

function checkRaw(data: Uint8Array): string | undefined {
  const first = data[0] ?? 0;
  if (data.length >= MIN_MESSAGE_LENGTH_BYTES) {
    return first <= MAX_STUN_FIRST_BYTE ? "stun" : undefined;
  }
  return data.every((byte) => byte === 0x0d || byte === 0x0a || byte === 0)
    ? "keep-alive"
    : "short";
}

function accessRight(
  input: ProxyInput,
  world: World & { readonly side: Side },
): AccessRight {
  const lookUp = (host: string) => {
    const query = { host, port: undefined, transport: undefined, method: "address" } as const;
    const answer = world.env.lookUp(query);
    return answer.kind === "targets" ? answer.targets.map((target) => target.peer.address) : [];
  };
  const question = { source: input.source.address, side: world.side };
  return evaluateAccess(question, { lists: world.state.access, lookUp });
}

function begin(
  checked: CheckedMessage,
  world: Pick<AnyContext, "input" | "state" | "env" | "side"> & { readonly right: AccessRight },
): AnyContext {
  const { input, state, env, side, right } = world;
  const common = {
    input,
    state,
    env,
    side,
    config: state.config,
    direction: undefined,
    binding: undefined,
    dialog: undefined,
    hop: undefined,
    branch: undefined,
    actions: [],
  };
  if (checked.kind === "response") {
    const { message } = checked;
    return { ...common, kind: "response", checked, message, trust: "unverified" };
  }
  const topmostVia = viaAtSource(checked.topmostVia, { input, force: state.config.sip.forceRport });
  const message = topmostVia === checked.topmostVia
    ? checked.message
    : withTopmostVia(checked.message, topmostVia);
  const annotated = topmostVia === checked.topmostVia ? checked : { ...checked, topmostVia };
  return {
    ...common,
    kind: "request",
    checked: annotated,
    right,
    message,
    received: message,
    recalled: undefined,
    requestUriRule: "contact",
    transactionKey: undefined,
  };
}

/**
 * RFC 3261 §18.2.1 and RFC 3581 §4: notes where the request really came from.
 *
 * The port is noted when the sender asks for it, when his sent-by is not where he sits (he is behind another NAT), by
 * `force_rport`, and on streams; else the answer goes to the sent-by port, as phones with ephemeral ports need it.
 */
function viaAtSource(
  via: Via,
  context: { readonly input: ProxyInput; readonly force: boolean },
): Via {
  const { source, connectionId } = context.input;
  const isElsewhere = parseIpAddress(via.host) !== source.address;
  const wantsPort = via.rport !== undefined || isElsewhere || context.force ||
    connectionId !== undefined;
  if (!wantsPort) return via;
  const received = withViaParameter(via, { name: "received", value: source.address });
  return withViaParameter(received, { name: "rport", value: `${source.port}` });
}

function withTopmostVia(request: SipRequest, via: Via): SipRequest {
  const text = formatVia(via);
  return replaceListElements(request, "via", (element, index) => index === 0 ? text : element);
}
