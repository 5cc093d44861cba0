import type { RequestContext, ResponseContext } from "../context.ts";
import {
  followRequest,
  followResponse,
  pluginWorld,
  requestEvent,
  responseEvent,
  steerRequest,
} from "../plugin_view.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * Lets plugins change a request before we rewrite it, or give it a direction (siproxd's stage PRE_PROXY).
 *
 * @param context the run, its direction decided if it can be
 * @returns next
 */
export function preProxyRequest(context: RequestContext): Verdict {
  const { plugins } = context.state;
  if (!plugins.has("preProxy")) return NEXT;
  const passage = plugins.preProxy(requestEvent(context), pluginWorld(context));
  steerRequest({ ...passage.event, phone: passage.phone }, context);
  return followRequest(passage, context);
}

/**
 * The same stage for responses; our own Via still stands on top.
 *
 * @param context the run
 * @returns next
 */
export function preProxyResponse(context: ResponseContext): Verdict {
  const { plugins } = context.state;
  if (!plugins.has("preProxyResponse")) return NEXT;
  const passage = plugins.preProxyResponse(responseEvent(context), pluginWorld(context));
  return followResponse(passage, context);
}
