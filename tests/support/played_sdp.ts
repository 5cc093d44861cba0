import type { Action } from "../../src/proxy/outcome.ts";
import { socketAddressText } from "../../src/base/socket_address.ts";
import type { CoreWorld } from "./core_world.ts";
import { type From, sendsOf } from "./phone_world.ts";

/** What the relay is told, one line a command. */
export function relayOf(actions: readonly Action[]): readonly string[] {
  return actions.flatMap((action) => {
    if (action.kind !== "relay") return [];
    const { command } = action;
    if (command.kind === "close") return [`close ${command.streamId}`];
    if (command.kind === "open") {
      return [`open ${command.streamId} ${command.mediaIndex} ${command.payload}`];
    }
    const { rtp, flow } = command.party;
    const target = rtp === undefined ? "wait" : socketAddressText(rtp);
    return [`announce ${command.streamId} ${command.side} ${target} ${flow}`];
  });
}

/** Lines of a body that name addresses or ports. */
function placesIn(text: string | undefined): readonly string[] {
  return (text ?? "").split("\r\n").filter((line) => /^(?:o=|c=|m=|a=rtcp:)/.test(line));
}

/** What came of a message. */
export interface Played {
  readonly actions: readonly Action[];
  readonly relay: readonly string[];
  readonly places: readonly string[];
}

/** Plays a message, and tells what the relay was told and what was shown in its description. */
export function play(
  world: CoreWorld,
  message: { readonly text: string; readonly from: From },
): Played {
  const actions = world.receive(message.text, message.from);
  return { actions, relay: relayOf(actions), places: placesIn(sendsOf(actions)[0]?.text) };
}
