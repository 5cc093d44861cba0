import type { RequestContext } from "../context.ts";
import { followRequest, pluginWorld, requestEvent, steerRequest } from "../plugin_view.ts";
import { NEXT, type Verdict } from "../stage.ts";

/**
 * Lets plugins find a target for a request that nobody here is known for (siproxd's stage PROXY_UNK).
 *
 * @param context the run
 * @returns reply or drop as a plugin says, else next
 */
export function offerUnknown(context: RequestContext): Verdict {
  const { plugins } = context.state;
  if (context.direction !== undefined || !plugins.has("proxyUnknown")) return NEXT;
  const passage = plugins.proxyUnknown(requestEvent(context), pluginWorld(context));
  const { end } = passage;
  if (end?.kind === "target") {
    const { direction, nextHop, phone } = end;
    steerRequest({ direction, nextHop, phone }, context);
  }
  return followRequest(passage, context);
}
