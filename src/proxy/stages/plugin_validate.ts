import type { RequestContext, ResponseContext } from "../context.ts";
import {
  followRequest,
  followResponse,
  pluginWorld,
  requestEvent,
  responseEvent,
} from "../plugin_view.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * Lets plugins judge a request that is well formed (siproxd's stage VALIDATE).
 *
 * @param context the run
 * @returns drop or reply as a plugin says, else next
 */
export function validateRequest(context: RequestContext): Verdict {
  const { plugins } = context.state;
  if (!plugins.has("validate")) return NEXT;
  return followRequest(plugins.validate(requestEvent(context), pluginWorld(context)), context);
}

/**
 * The same for a response.
 *
 * @param context the run
 * @returns drop as a plugin says, else next
 */
export function validateResponse(context: ResponseContext): Verdict {
  const { plugins } = context.state;
  if (!plugins.has("validateResponse")) return NEXT;
  const passage = plugins.validateResponse(responseEvent(context), pluginWorld(context));
  return followResponse(passage, context);
}
