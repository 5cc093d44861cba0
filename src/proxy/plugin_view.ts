import type { RawPacket, RequestEvent, ResponseEvent } from "../plugin/hooks.ts";
import type { Passage } from "../plugin/host.ts";
import type { PluginCall } from "../plugin/plugin_host.ts";
import type { PluginWorld } from "../plugin/plugin_world.ts";
import type { AnyContext, RequestContext, ResponseContext } from "./context.ts";
import type { DialogRecord } from "./dialog_table.ts";
import type { ProxyInput } from "./input.ts";
import { arrivalSide } from "./own_address.ts";
import { reply } from "./reply.ts";
import { findDialog } from "./stages/known_dialog.ts";
import { findDirection } from "./stages/direction.ts";
import { drop, NEXT, type Verdict } from "./stage.ts";
import type { World } from "./state.ts";

/**
 * Shows the proxy to plugins, as it is at this moment.
 *
 * @param world state and environment
 * @returns what hooks may read
 */
export function pluginWorld(world: World): PluginWorld {
  return new WorldView(world);
}

/** Most hooks read nothing of it: it costs nothing until they do. */
class WorldView implements PluginWorld {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  get nowMs(): number {
    return this.#world.env.nowMs;
  }

  get own(): PluginWorld["own"] {
    return this.#world.env.own;
  }

  get listenPort(): number {
    return this.#world.state.config.sip.listenPort;
  }

  get lookUp(): PluginWorld["lookUp"] {
    return this.#world.env.lookUp;
  }

  get randomHex(): PluginWorld["randomHex"] {
    return this.#world.env.randomHex;
  }

  get bindings(): PluginWorld["bindings"] {
    return this.#world.state.bindings;
  }

  calls(): readonly PluginCall[] {
    return this.#world.state.dialogs.all().map(callOf);
  }
}

function callOf(dialog: DialogRecord): PluginCall {
  const { callId, direction, method, phase, phone } = dialog;
  return {
    callId,
    direction,
    method,
    phase,
    phoneAddress: phone.address,
    phoneContactUri: phone.contactUri,
    streams: dialog.streams.map((stream) => ({
      mediaIndex: stream.mediaIndex,
      lanLocal: stream.lanPair.address,
      wanLocal: stream.wanPair.address,
      lanRemote: stream.lanParty?.rtp?.address,
      wanRemote: stream.wanParty?.rtp?.address,
    })),
  };
}

/**
 * Shows a packet that nothing has looked at yet.
 *
 * @param input the packet
 * @param world to tell its side
 * @returns the packet for processRaw hooks
 */
export function rawPacket(input: ProxyInput, world: World): RawPacket {
  const { data, source, listenPoint } = input;
  return { data, source, side: arrivalSide(input, world), transport: listenPoint.transport };
}

/**
 * Shows a request.
 *
 * @param context the run
 * @returns the event for its hooks
 */
export function requestEvent(context: RequestContext): RequestEvent {
  const { message, checked, input, side, direction, hop } = context;
  const { source, listenPoint } = input;
  const { transport } = listenPoint;
  return {
    kind: "request",
    message,
    checked,
    source,
    side,
    transport,
    direction,
    nextHop: hop?.peer,
  };
}

/**
 * Shows a response; before it is matched to its request its direction follows from the network it came from.
 *
 * @param context the run
 * @returns the event for its hooks
 */
export function responseEvent(context: ResponseContext): ResponseEvent {
  const { message, checked, input, side, hop } = context;
  const { source, listenPoint } = input;
  return {
    kind: "response",
    message,
    checked,
    source,
    side,
    transport: listenPoint.transport,
    direction: context.direction ?? (side === "wan" ? "incoming" : "outgoing"),
    nextHop: hop?.peer,
  };
}

/**
 * Shows a request before its direction is decided: the one it is going to have.
 *
 * @param context the run, which stays as it is
 * @returns the event for its hooks
 */
export function foreseenRequestEvent(context: RequestContext): RequestEvent {
  const { message, checked, input, side, hop } = context;
  const { source, listenPoint } = input;
  let foreseen: { readonly direction: RequestEvent["direction"] } | undefined;
  // Foreseeing a direction costs as much as a stage, and most hooks never ask for it: it is done when one does. It is a
  // field of the event's own all the same, so that a copy of the event has it.
  return {
    kind: "request",
    message,
    checked,
    source,
    side,
    transport: listenPoint.transport,
    get direction() {
      foreseen ??= { direction: foreseeDirection(context) };
      return foreseen.direction;
    },
    nextHop: hop?.peer,
  };
}

function foreseeDirection(context: RequestContext): RequestEvent["direction"] {
  const trial: RequestContext = { ...context };
  findDialog(trial);
  findDirection(trial);
  return trial.direction;
}

/**
 * Takes over what the hooks of a stage made of a request.
 *
 * @param passage what came out of the hooks
 * @param context the run
 * @returns how the run goes on
 */
export function followRequest(passage: Passage<RequestEvent>, context: RequestContext): Verdict {
  keepActions(passage, context);
  const { event, end } = passage;
  if (event.message !== context.message) {
    context.message = event.message;
    context.checked = event.checked;
  }
  if (end === undefined || end.kind === "target") return NEXT;
  if (end.kind === "drop") return drop(`plugin-${end.reason}`);
  const { statusCode, headers = [] } = end;
  return reply(context, { statusCode, headers });
}

/**
 * Takes over what the hooks of a stage made of a response.
 *
 * @param passage what came out of the hooks
 * @param context the run
 * @returns how the run goes on
 */
export function followResponse(passage: Passage<ResponseEvent>, context: ResponseContext): Verdict {
  keepActions(passage, context);
  const { event, end } = passage;
  if (event.message !== context.message) {
    context.message = event.message;
    context.checked = event.checked;
  }
  return end?.kind === "drop" ? drop(`plugin-${end.reason}`) : NEXT;
}

function keepActions(passage: Pick<Passage<unknown>, "actions">, context: AnyContext): void {
  if (passage.actions.length > 0) context.actions.push(...passage.actions);
}

/**
 * Lets a plugin's choice of direction, phone and next hop count.
 *
 * @param choice what it chose
 * @param context the run
 */
export function steerRequest(
  choice: Pick<RequestEvent, "direction" | "nextHop"> & Pick<Passage<unknown>, "phone">,
  context: RequestContext,
): void {
  const { direction, nextHop, phone } = choice;
  if (direction !== undefined) context.direction = direction;
  const binding = phone === undefined ? undefined : context.state.bindings.byId(phone.bindingId);
  if (binding !== undefined) context.binding = binding;
  if (phone?.requestUri === "keep") context.requestUriRule = "keep";
  if (nextHop === undefined || nextHop === context.hop?.peer) return;
  const side = context.direction === "incoming" ? "lan" : "wan";
  const { transport } = context.input.listenPoint;
  context.hop = { side, transport, peer: nextHop, connectionId: undefined };
}
