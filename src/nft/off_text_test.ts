import { match, strictEqual } from "node:assert/strict";
import type { NftPlan } from "./nft_plan.ts";
import { offText } from "./off_text.ts";

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
