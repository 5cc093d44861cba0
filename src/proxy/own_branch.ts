import { ownBranch } from "./branch.ts";
import type { RequestContext } from "./context.ts";

/**
 * Gives our own branch of a request, made once a run.
 *
 * @param context a run whose direction is known
 * @returns the branch
 * @throws Error when the direction is not known yet: a stage stands in the wrong order
 */
export function branchOf(context: RequestContext): string {
  if (context.branch !== undefined) return context.branch;
  const { direction } = context;
  if (direction === undefined) throw new Error("Cannot make branch: direction unknown");
  const { topmostVia, callId, cseq, fromTag = "" } = context.checked;
  const identity = { direction, via: topmostVia, callId, cseqNumber: cseq.number, fromTag };
  context.branch = ownBranch(identity, context.env);
  return context.branch;
}
