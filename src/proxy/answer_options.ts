import { makeHeader } from "../sip/headers.ts";
import type { HeaderField } from "../sip/message.ts";
import type { RequestContext } from "./context.ts";
import { reply } from "./reply.ts";
import type { Verdict } from "./stage.ts";

const METHODS =
  "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, PRACK, UPDATE, INFO, REFER, SUBSCRIBE, NOTIFY, MESSAGE, PUBLISH";

/** RFC 3261 §11.2: what an OPTIONS answer tells; only phones get it, strangers get the bare answer (R17). */
const CAPABILITIES: readonly HeaderField[] = [
  makeHeader("Allow", METHODS),
  makeHeader("Accept", "application/sdp"),
];

/**
 * Answers an OPTIONS that ends here.
 *
 * @param context the run
 * @returns the reply
 */
export function answerOptions(context: RequestContext): Verdict {
  return reply(context, { statusCode: 200, headers: context.side === "lan" ? CAPABILITIES : [] });
}
