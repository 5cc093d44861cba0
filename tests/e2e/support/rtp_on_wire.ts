/** Judging the RTP that went over one side's wire. */

import assert from "node:assert/strict";
import type { Capture, RtpFlow } from "./capture.ts";
import { hostOf } from "./ip_text.ts";
import { ADDRESSES } from "./namespace.ts";

/** Fewer packets than this are no conversation. */
const LEAST_PACKETS = 100;

/** Asserts that the router sent RTP to peers of this side and got RTP from them. */
export async function assertRtpBothWays(
  capture: Capture,
  options: { readonly side: "lan" | "wan" },
): Promise<void> {
  const own = options.side === "lan" ? ADDRESSES.rtrLan : ADDRESSES.rtrWan;
  const flows = await capture.rtpFlows();
  const sum = (matches: (from: string, to: string) => boolean): number =>
    flows.filter((flow) => matches(flow.from, flow.to)).reduce((all, one) => all + one.packets, 0);
  const out = sum((from) => from.startsWith(`${own}:`));
  const back = sum((_, to) => to.startsWith(`${own}:`));
  assert.ok(out > LEAST_PACKETS, `${options.side}: ${out} RTP packets from the router`);
  assert.ok(back > LEAST_PACKETS, `${options.side}: ${back} RTP packets to the router`);
  // Every packet passes the relay: none between two peers directly.
  assert.equal(sum((from, to) => !from.startsWith(`${own}:`) && !to.startsWith(`${own}:`)), 0);
}

/** Asserts that RTP went from and to one of the router's addresses. */
export function assertRelayed(flows: readonly RtpFlow[], own: string): void {
  const host = `${hostOf(own)}:`;
  const sum = (end: "from" | "to"): number =>
    flows.filter((flow) => flow[end].startsWith(host)).reduce((all, one) => all + one.packets, 0);
  assert.ok(sum("from") > LEAST_PACKETS, `${sum("from")} RTP packets from ${own}`);
  assert.ok(sum("to") > LEAST_PACKETS, `${sum("to")} RTP packets to ${own}`);
}
