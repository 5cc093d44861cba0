import { type RequestContext, sourceAddress } from "../context.ts";
import { drop, NEXT, type Verdict } from "../stage.ts";

/**
 * Admits a REGISTER by the access lists: from the phones' side unless a list says otherwise, from outside only where
 * hosts_allow_reg names the source.
 *
 * @param context the run
 * @returns drop without the right, else next
 */
export function checkRegisterRight(context: RequestContext): Verdict {
  if (context.message.method !== "REGISTER" || context.right === "sip-and-register") return NEXT;
  const text = `non-authorized registration attempt from ${sourceAddress(context)}`;
  const event = { level: "warning", component: "access", event: "reg.denied", text } as const;
  context.actions.push({ kind: "log", event });
  return drop("register-denied");
}
