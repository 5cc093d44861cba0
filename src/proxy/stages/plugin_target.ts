import type { RequestContext, ResponseContext } from "../context.ts";
import {
  followRequest,
  followResponse,
  foreseenRequestEvent,
  pluginWorld,
  responseEvent,
} from "../plugin_view.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * Lets plugins decide where a request goes, before registrar and proxy do (siproxd's stage DETERMINE_TARGET).
 *
 * @param context the run
 * @returns reply (a redirection) or drop as a plugin says, else next
 */
export function determineRequestTarget(context: RequestContext): Verdict {
  const { plugins } = context.state;
  if (!plugins.has("determineTarget")) return NEXT;
  const event = foreseenRequestEvent(context);
  return followRequest(plugins.determineTarget(event, pluginWorld(context)), context);
}

/**
 * The same stage for responses, where plugins may only change or drop.
 *
 * @param context the run
 * @returns drop as a plugin says, else next
 */
export function determineResponseTarget(context: ResponseContext): Verdict {
  const { plugins } = context.state;
  if (!plugins.has("determineTargetResponse")) return NEXT;
  const passage = plugins.determineTargetResponse(responseEvent(context), pluginWorld(context));
  return followResponse(passage, context);
}
