import { strictEqual } from "node:assert/strict";
import { parseIpAddress } from "../../src/base/ip_address.ts";
import type { SocketAddress } from "../../src/base/socket_address.ts";
import { createArrival, decideRelay } from "../../src/rtp/relay_decision.ts";
import {
  announceEnd,
  createRelayEnd,
  type MediaSocket,
  type RelayEnd,
} from "../../src/rtp/relay_end.ts";
import { VERDICT_NAMES } from "../../src/rtp/verdict.ts";

/** A socket that nothing is sent by: the pure relay never calls it. */
export const UNUSED_SOCKET: MediaSocket = { send: () => Promise.resolve(0) };

/** The party of {@linkcode relayEnd}. */
export const PHONE: SocketAddress = mediaAddress("10.0.0.10", 4000);

/** Parses a literal that must be one. */
export function mediaAddress(text: string, port: number): SocketAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`Cannot use "${text}": not an address`);
  return { address, port };
}

/** What is special about an end. */
export interface EndOptions {
  readonly component?: "rtp" | "rtcp";
  readonly payload?: "rtp" | "other";
  readonly announced?: SocketAddress | "wait" | "nothing";
}

/** Makes an end of a LAN leg, announced at 1000 ms, whose other party can be sent to. */
export function relayEnd(options: EndOptions = {}): RelayEnd {
  const { component = "rtp", payload = "rtp", announced = PHONE } = options;
  const common = { streamId: 1, component, payload, socket: UNUSED_SOCKET };
  const end = createRelayEnd({ ...common, side: "lan" });
  const other = createRelayEnd({ ...common, side: "wan" });
  end.outlet = other;
  announceEnd(other, { address: mediaAddress("203.0.113.9", 9000), nowMs: 1000, learning: "keep" });
  if (announced === "nothing") return end;
  const address = announced === "wait" ? undefined : announced;
  announceEnd(end, { address, nowMs: 1000, learning: "keep" });
  return end;
}

/** Makes an RTP packet of 20 ms G.711. */
export function rtpPacket(sourceId = 7): Uint8Array {
  const packet = new Uint8Array(172);
  packet.set([0x80, 0, 0, 1, 0, 0, 0, 160, 0, 0, 0, sourceId]);
  return packet;
}

/** Makes a sender report. */
export function rtcpPacket(): Uint8Array {
  const packet = new Uint8Array(28);
  packet.set([0x80, 200]);
  return packet;
}

/** One packet and the word of the verdict on it. */
export type RelayStep = readonly [
  hostname: string,
  port: number,
  nowMs: number,
  verdict: string,
  packet?: Uint8Array,
];

/** Lets packets arrive in order and compares each verdict. */
export function playPackets(end: RelayEnd, steps: readonly RelayStep[]): void {
  const arrival = createArrival();
  for (const [index, [hostname, port, nowMs, verdict, packet]] of steps.entries()) {
    Object.assign(arrival, { hostname, port, nowMs, packet: packet ?? rtpPacket() });
    strictEqual(VERDICT_NAMES[decideRelay(end, arrival)], verdict, `step ${index}`);
  }
}
