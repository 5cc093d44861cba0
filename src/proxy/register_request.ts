import { hostText } from "../base/ip_address.ts";
import { shownAddress } from "../base/side_addresses.ts";
import type {
  RegisterRequest,
  RegistrationContext,
  RegistrationRefusal,
} from "../registrar/registration_plan.ts";
import { readExpires } from "../sip/expires.ts";
import type { RequestContext } from "./context.ts";
import { refuse, reply } from "./reply.ts";
import type { Verdict } from "./stage.ts";

/**
 * Reads a REGISTER for the registrar's rules.
 *
 * @param context a run of a REGISTER
 * @returns its parts, or undefined when its To is no SIP URI
 */
export function readRegister(context: RequestContext): RegisterRequest | undefined {
  const { checked, input } = context;
  const addressOfRecord = checked.to.uri;
  if (addressOfRecord.kind !== "sip") return undefined;
  return {
    addressOfRecord,
    contacts: checked.contacts,
    callId: checked.callId,
    cseqNumber: checked.cseq.number,
    expiresSeconds: readExpires(context.message),
    source: input.source,
    transport: input.listenPoint.transport,
  };
}

/**
 * Gives what a registration is planned with.
 *
 * @param context a run of a REGISTER
 * @returns table, time and public place, or undefined while we have no public address
 */
export function registrationContext(context: RequestContext): RegistrationContext | undefined {
  const { env, state, config, hop } = context;
  const shown = hop === undefined
    ? undefined
    : shownAddress(env.own, { side: "wan", peer: hop.peer.address });
  const address = shown ?? env.own.advertised ?? env.own.wan ?? env.own.lan;
  if (address === undefined) return undefined;
  const transport = hop?.transport ?? "udp";
  return {
    table: state.bindings,
    nowMs: env.nowMs,
    defaultExpiresSeconds: config.sip.defaultExpiresSeconds,
    publicPlace: { host: hostText(address), port: config.sip.listenPort, transport },
    maskHosts: config.sip.maskHosts,
    randomHex: env.randomHex,
  };
}

/**
 * Answers a REGISTER that the registrar's rules refuse (RFC 3261 §10.3).
 *
 * @param refusal why
 * @param context the run
 * @returns the reply
 */
export function refuseRegister(refusal: RegistrationRefusal, context: RequestContext): Verdict {
  switch (refusal) {
    case "table-full": {
      const text = "URLMAP is full - registration failed";
      const event = { level: "error", component: "registrar", event: "reg.full", text } as const;
      context.actions.push({ kind: "log", event }, {
        kind: "count",
        counter: "registrations_refused",
        reason: refusal,
      });
      return refuse(context, { statusCode: 503, compatCode: 503 });
    }
    case "out-of-order":
      return reply(context, { statusCode: 500 });
    case "bad-wildcard":
    case "too-many-contacts":
      return reply(context, { statusCode: 400 });
  }
}
