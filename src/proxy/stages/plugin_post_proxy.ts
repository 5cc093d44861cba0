import type { RequestContext, ResponseContext } from "../context.ts";
import { pluginWorld, requestEvent, responseEvent } from "../plugin_view.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * Lets plugins see and change a request as it is about to be sent (siproxd's stage POST_PROXY).
 *
 * @param context the run, its next hop known
 * @returns next
 */
export function postProxyRequest(context: RequestContext): Verdict {
  const { plugins } = context.state;
  if (!plugins.has("postProxy")) return NEXT;
  const { event, actions } = plugins.postProxy(requestEvent(context), pluginWorld(context));
  context.message = event.message;
  context.actions.push(...actions);
  return NEXT;
}

/**
 * The same for a response.
 *
 * @param context the run
 * @returns next
 */
export function postProxyResponse(context: ResponseContext): Verdict {
  const { plugins } = context.state;
  if (!plugins.has("postProxyResponse")) return NEXT;
  const { event, actions } = plugins.postProxyResponse(
    responseEvent(context),
    pluginWorld(context),
  );
  context.message = event.message;
  context.actions.push(...actions);
  return NEXT;
}
