import type { Result } from "../base/result.ts";
import { changeRequest, changeResponse } from "./check_change.ts";
import { readDirection, readPlace } from "./check_verdict.ts";
import type { Continue, Drop, Reply, RequestEvent, ResponseEvent, Steer } from "./hooks.ts";

/**
 * Leaves an event as it is.
 *
 * @param event any
 * @returns the same
 */
export function keep<Event>(event: Event): Result<Event> {
  return { ok: true, value: event };
}

/**
 * Puts the request that a hook changed into the event.
 *
 * @param event as the hook got it
 * @param verdict what the hook returned
 * @returns the event with the changed request, or why the change is not taken
 */
export function editRequest(
  event: RequestEvent,
  verdict: Continue<RequestEvent["message"]> | Drop | Reply,
): Result<RequestEvent> {
  if (verdict.kind !== "continue" || verdict.message === undefined) return keep(event);
  return verdict.message === event.message ? keep(event) : changeRequest(event, verdict.message);
}

/**
 * Puts the response that a hook changed into the event.
 *
 * @param event as the hook got it
 * @param verdict what the hook returned
 * @returns the event with the changed response, or why the change is not taken
 */
export function editResponse(
  event: ResponseEvent,
  verdict: Continue<ResponseEvent["message"]> | Drop,
): Result<ResponseEvent> {
  if (verdict.kind !== "continue" || verdict.message === undefined) return keep(event);
  return verdict.message === event.message ? keep(event) : changeResponse(event, verdict.message);
}

/**
 * Puts the request, the direction and the next hop that a hook changed into the event.
 *
 * @param event as the hook got it
 * @param verdict what the hook returned
 * @returns the event with what changed, or why the change is not taken
 */
export function steer(event: RequestEvent, verdict: Steer): Result<RequestEvent> {
  const edited = editRequest(event, verdict);
  const direction = readDirection(verdict.direction);
  const nextHop = readPlace(verdict.nextHop ?? undefined);
  if (!direction.ok) return direction;
  if (!nextHop.ok) return nextHop;
  if (!edited.ok || (direction.value === undefined && nextHop.value === undefined)) return edited;
  return keep({
    ...edited.value,
    direction: direction.value ?? event.direction,
    nextHop: nextHop.value ?? event.nextHop,
  });
}
