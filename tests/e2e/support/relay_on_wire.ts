/** Judging from recordings that media went through a relay and answers came from where they must. */

import assert from "node:assert/strict";
import type { Capture, Packet, RtpFlow } from "./capture.ts";

/** The relay's end as one side sees it. */
export interface RelayEnd {
  readonly address: string;
  readonly portLow: number;
  readonly portHigh: number;
}

/** Two calls of three seconds have 300 packets each way. */
const LEAST_PACKETS = 200;

/** Asserts that all RTP of a recording had the relay at one end, in both directions. */
export async function assertRelayed(capture: Capture, relay: RelayEnd): Promise<void> {
  const flows = await capture.rtpFlows();
  const packets = (matches: (flow: RtpFlow) => boolean): number =>
    flows.filter(matches).reduce((sum, flow) => sum + flow.packets, 0);
  const sent = packets((flow) => isRelay(flow.from, relay));
  const received = packets((flow) => isRelay(flow.to, relay));
  assert.ok(sent >= LEAST_PACKETS, `${sent} RTP packets from ${relay.address}`);
  assert.ok(received >= LEAST_PACKETS, `${received} RTP packets to ${relay.address}`);
  const past = flows.filter(({ from, to }) => isRelay(from, relay) === isRelay(to, relay));
  assert.deepEqual(past, []);
}

function isRelay(socket: string, relay: RelayEnd): boolean {
  const [address = "", port = ""] = socket.split(":");
  return address === relay.address && Number(port) >= relay.portLow &&
    Number(port) <= relay.portHigh;
}

const FIELDS = [
  ...["ip.src", "udp.srcport", "ip.dst", "udp.dstport"],
  ...["sip.Method", "sip.Status-Code", "sip.Via.branch"],
] as const;

/** A request that a phone sent, and its answer. */
export interface Exchange {
  readonly method: string;
  readonly askedAt: string;
  readonly answeredBy: string;
}

/** Requests of an address with the sockets that they went to and that their answers came from. */
export async function exchangesOf(
  capture: Capture,
  address: string,
): Promise<readonly Exchange[]> {
  const packets = await capture.packets("sip", FIELDS);
  const requests: Map<string, { readonly method: string; readonly to: string }> = new Map();
  const exchanges: Exchange[] = [];
  for (const packet of packets) {
    const branch = first(packet, "sip.Via.branch");
    const method = first(packet, "sip.Method");
    if (first(packet, "ip.src") === address && method !== "") {
      requests.set(branch, {
        method,
        to: `${first(packet, "ip.dst")}:${first(packet, "udp.dstport")}`,
      });
    }
    const asked = requests.get(branch);
    if (first(packet, "ip.dst") !== address || method !== "" || asked === undefined) continue;
    const answeredBy = `${first(packet, "ip.src")}:${first(packet, "udp.srcport")}`;
    exchanges.push({ method: asked.method, askedAt: asked.to, answeredBy });
  }
  return exchanges;
}

function first(packet: Packet, field: typeof FIELDS[number]): string {
  return packet[field]?.[0] ?? "";
}
