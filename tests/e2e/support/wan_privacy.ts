/** What the Internet side may never see: private addresses where a peer would act on them. */

import assert from "node:assert/strict";
import type { Capture, Packet } from "./capture.ts";

const PRIVATE = /\b(10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+)\b/;

/** Fields in which a peer finds the address that it sends to. */
const FIELDS = [
  "ip.src",
  "ip.dst",
  "frame.number",
  "sip.Contact",
  "sip.Via",
  "sdp.owner",
  "sdp.connection_info",
  "sdp.media_attr",
] as const;

/**
 * Asserts on a recording of the WAN: no packet to or from a private address, and none in a
 * Contact, in SDP (o=, c=, a=) or in the topmost Via. A lower Via belongs to the phone (RFC 3261
 * §16.6 step 8 forbids to change it).
 */
export async function assertNoPrivateAddress(capture: Capture): Promise<void> {
  const packets = await capture.packets("ip", FIELDS);
  const sip = packets.filter((packet) => fieldOf(packet, "sip.Via").length > 0);
  assert.ok(sip.length > 10, `only ${sip.length} SIP messages on the WAN: nothing to judge`);
  const found = packets.flatMap(privateUses);
  assert.deepEqual(found, []);
}

function privateUses(packet: Packet): readonly string[] {
  const number = fieldOf(packet, "frame.number")[0] ?? "?";
  const candidates: readonly (readonly [string, readonly string[]])[] = [
    ["source", fieldOf(packet, "ip.src")],
    ["destination", fieldOf(packet, "ip.dst")],
    ["Contact", fieldOf(packet, "sip.Contact")],
    // Several Via values may share one line.
    ["topmost Via", fieldOf(packet, "sip.Via").slice(0, 1).map((line) => line.split(",")[0] ?? "")],
    ["o=", fieldOf(packet, "sdp.owner")],
    ["c=", fieldOf(packet, "sdp.connection_info")],
    ["a=", fieldOf(packet, "sdp.media_attr")],
  ];
  return candidates.flatMap(([what, values]) =>
    values.filter((value) => PRIVATE.test(value)).map((value) =>
      `packet ${number}: ${what}: ${value}`
    )
  );
}

function fieldOf(packet: Packet, name: typeof FIELDS[number]): readonly string[] {
  return packet[name] ?? [];
}
