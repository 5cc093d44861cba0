import type { RequestEvent } from "../../plugin/hooks.ts";
import type { RequestContext, ResponseContext } from "../context.ts";
import {
  followRequest,
  followResponse,
  foreseeDirection,
  pluginWorld,
  requestEvent,
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
  const event = withForesight(requestEvent(context), context);
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

/** Foreseeing a direction costs as much as a stage, and most hooks never ask for it: it is done when one does. */
function withForesight(event: RequestEvent, context: RequestContext): RequestEvent {
  let foreseen: { readonly direction: RequestEvent["direction"] } | undefined;
  return {
    ...event,
    get direction() {
      foreseen ??= { direction: foreseeDirection(context) };
      return foreseen.direction;
    },
  };
}
