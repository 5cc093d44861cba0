import { decodeLatin1 } from "../../src/base/text.ts";
import { socketAddressText } from "../../src/base/socket_address.ts";
import type { Action } from "../../src/proxy/outcome.ts";
import { StreamFramer } from "../../src/sip/stream_framer.ts";
import { address, CoreWorld } from "../support/core_world.ts";
import { configOf, sipText } from "../support/phone_world.ts";
import { describeLeft, type Outcome, type Scene } from "./describe.ts";
import { messageOnWire, NAMES, type Places, type Setting, USERS } from "./settings.ts";

/** None of them stands in a message of the RFCs. */
const PLACES: Places = {
  lan: "10.0.0.1:5081",
  wan: "198.51.100.1:5081",
  phone: "10.0.0.10:5062",
  far: "198.51.100.10:5060",
};

/** Port of a connection's sender: another one than its UDP port. */
const STREAM_PORT = 40_123;

function hostOf(place: string): string {
  return place.split(":")[0] ?? "";
}

function makeWorld(): CoreWorld {
  const config = configOf([
    "sip_listen_port = 5081",
    `outbound_proxy_host = ${hostOf(PLACES.far)}`,
    "outbound_proxy_port = 5060",
  ].join("\n"));
  const wan = address(hostOf(PLACES.wan));
  const hosts = Object.fromEntries(NAMES.map((name) => [name, hostOf(PLACES.far)]));
  const world = new CoreWorld({ config, own: { wan, advertised: wan }, hosts, pairs: 10 });
  world.streamServers = new Set([PLACES.far]);
  for (const user of USERS) register(world, user);
  return world;
}

/** The REGISTER of the phone for one user. */
export function registerOf(
  user: string,
  call: { readonly places: Places; readonly callId: string },
): string {
  const { places, callId } = call;
  return sipText(`REGISTER sip:${places.far} SIP/2.0`, [
    `Via: SIP/2.0/UDP ${places.phone};branch=z9hG4bKr${callId}`,
    "Max-Forwards: 70",
    `From: <sip:${user}@${places.far}>;tag=r`,
    `To: <sip:${user}@${places.far}>`,
    `Call-ID: ${callId}`,
    "CSeq: 1 REGISTER",
    `Contact: <sip:${user}@${places.phone};line=abc>;expires=600`,
  ]);
}

/** The provider's 200 to it, as it reached him. */
export function acceptOf(register: string): string {
  return register.replace(/^[^\r]*/, "SIP/2.0 200 OK").replace(/^(To: [^\r]*)/m, "$1;tag=p");
}

function register(world: CoreWorld, user: string): void {
  const request = registerOf(user, { places: PLACES, callId: `live-${user}` });
  for (const action of world.receive(request, { side: "lan", source: PLACES.phone })) {
    if (action.kind !== "send") continue;
    world.receive(acceptOf(decodeLatin1(action.data)), { side: "wan", source: PLACES.far });
  }
}

/**
 * Plays one message through the pure core, with a phone registered.
 *
 * @param name of the fixture
 * @param setting how it comes
 * @returns what came of it
 */
export function playInCore(name: string, setting: Setting): Outcome {
  const world = makeWorld();
  const data = messageOnWire(name, { setting, places: PLACES });
  const { side, transport } = setting;
  const place = PLACES[side === "lan" ? "phone" : "far"];
  if (transport === "udp") {
    const scene = { places: PLACES, source: place, sent: [decodeLatin1(data)] };
    return outcomeOf(world.receiveBytes(data, { side, source: place }), scene);
  }
  const source = `${hostOf(place)}:${STREAM_PORT}`;
  const framer = new StreamFramer();
  const lines: string[] = [];
  for (const event of framer.push(data)) {
    if ((event.kind === "message" || event.kind === "error") && event.data !== undefined) {
      const scene = { places: PLACES, source, sent: [decodeLatin1(event.data)] };
      const actions = world.receiveBytes(event.data, { side, source, transport });
      lines.push(...outcomeOf(actions, scene));
    }
    if (event.kind === "error") lines.push("close");
  }
  return framer.pendingBytes > 0 ? [...lines, "wait"] : lines;
}

function outcomeOf(actions: readonly Action[], scene: Scene): Outcome {
  const lines = actions.flatMap((action) => {
    if (action.kind !== "send") return [];
    const { transport, peer } = action.hop;
    const left = { to: socketAddressText(peer), transport, text: decodeLatin1(action.data) };
    return describeLeft(left, scene);
  });
  if (lines.length > 0) return lines;
  return actions.flatMap((action) =>
    action.kind === "count" && action.counter === "sip_dropped" ? [`drop ${action.reason}`] : []
  );
}
