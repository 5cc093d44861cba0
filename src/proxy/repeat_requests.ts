import type { Action } from "./outcome.ts";
import type { World } from "./state.ts";

/**
 * Sends what is due once more.
 *
 * @param world where the table is, and the world at this moment
 * @returns actions to carry out
 */
export function repeatRequests(world: World): readonly Action[] {
  const actions: Action[] = [];
  for (const { request, news } of world.state.retransmissions.takeDue(world.env.nowMs)) {
    const { data, hop } = request;
    actions.push({ kind: "send", data, hop });
    if (news === "silent" && hop.side === "wan") {
      actions.push({ kind: "peer-health", peer: hop.peer, health: "silent" });
    }
  }
  return actions;
}
