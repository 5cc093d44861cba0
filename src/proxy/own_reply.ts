import type { SipResponse } from "../sip/message.ts";
import { toTag } from "../sip/tags.ts";
import type { AnyContext } from "./context.ts";
import type { Action } from "./outcome.ts";
import { pluginWorld, requestEvent } from "./plugin_view.ts";

/**
 * Shows plugins an answer of our own that is about to be sent: no other hook sees it, since it takes no way through the
 * proxy.
 *
 * @param response the answer
 * @param context the run of the request that it answers
 * @returns what plugins ask for
 */
export function showOwnReply(response: SipResponse, context: AnyContext): readonly Action[] {
  const { plugins } = context.state;
  if (context.kind !== "request" || !plugins.has("ownReply")) return [];
  const event = {
    kind: "reply",
    request: requestEvent(context),
    message: response,
    toTag: toTag(response),
  } as const;
  return plugins.ownReply(event, pluginWorld(context));
}
