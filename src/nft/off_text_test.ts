import { match, strictEqual } from "node:assert/strict";
import type { NftPlan } from "./nft_plan.ts";
import { offloadOffText, offText } from "./off_text.ts";

const DOORS: NftPlan = {
  table: "siproxd_1",
  mediaPortLow: 7070,
  mediaPortHigh: 7089,
  mediaDscp: 0,
  sipPort: 5060,
  sipServerPorts: [],
  sipDscp: 0,
  doors: "live",
  guarded: [],
};

Deno.test("offText() tells how the right is given", () => {
  strictEqual(
    offText(DOORS, { reason: "Operation not permitted (you must be root)", nft: "present" }),
    "firewall_module = nftables without effect: Operation not permitted (you must be root); " +
      "start siproxd as root, or give its unit AmbientCapabilities=CAP_NET_ADMIN, " +
      "CapabilityBoundingSet=CAP_NET_ADMIN and PrivateUsers=no (systemctl edit siproxd)",
  );
});

Deno.test("offText() gives commands of the tool that is there", () => {
  const marks = { ...DOORS, doors: "untouched" as const, mediaDscp: 46, sipDscp: 24 };
  match(
    offText(marks, { reason: "Cannot find nft: it is not installed", nft: "missing" }),
    /^rtp_dscp, sip_dscp without effect: Cannot find nft: it is not installed; install nftables; or set the marks by hand: iptables -t mangle /,
  );
  match(
    offText(marks, { reason: "No permission to run /usr/sbin/nft", nft: "present" }),
    /^rtp_dscp, sip_dscp without effect: No permission to run \/usr\/sbin\/nft; or set the marks by hand: nft 'table inet siproxd /,
  );
});

const offloads: readonly (readonly [string, Parameters<typeof offloadOffText>[0], RegExp])[] = [
  ["without nft", { reason: "Cannot find nft: it is not installed", nft: "missing" }, /; install/],
  [
    "without the right",
    { reason: "Operation not permitted (you must be root)", nft: "present" },
    /AmbientCapabilities=CAP_NET_ADMIN/,
  ],
  [
    "on an old kernel",
    { reason: "Error: Could not process rule: Operation not supported", nft: "present" },
    /; kernel 5\.12 and nft 1\.0 are the oldest/,
  ],
  ["without forwarding", { reason: "IP forwarding is off", nft: "present" }, /forwarding is off$/],
];

for (const [what, failure, wanted] of offloads) {
  Deno.test(`offloadOffText() ${what} says what would change it, in one line`, () => {
    const text = offloadOffText(failure);
    match(text, /^media_offload without effect, the daemon relays all media: /);
    match(text, wanted);
    strictEqual(text.includes("\n"), false);
  });
}
