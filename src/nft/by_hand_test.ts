import { strictEqual } from "node:assert/strict";
import { marksByHand } from "./by_hand.ts";
import type { NftPlan } from "./nft_plan.ts";

const PLAN: NftPlan = {
  table: "siproxd_1",
  mediaPortLow: 7070,
  mediaPortHigh: 7089,
  mediaDscp: 46,
  sipPort: 5060,
  sipServerPorts: [],
  sipDscp: 0,
  doors: "untouched",
  guarded: [],
};

Deno.test("marksByHand() writes one nft command", () => {
  strictEqual(
    marksByHand(PLAN, "nft"),
    "nft 'table inet siproxd { chain out { type filter hook output priority mangle; " +
      "policy accept; meta nfproto ipv4 udp sport 7070-7089 ip dscp set 46; " +
      "meta nfproto ipv6 udp sport 7070-7089 ip6 dscp set 46; }; }'",
  );
});

Deno.test("marksByHand() writes commands of iptables where there is no nft", () => {
  strictEqual(
    marksByHand({ ...PLAN, sipDscp: 24 }, "iptables"),
    "iptables -t mangle -A OUTPUT -p udp --sport 7070:7089 -j DSCP --set-dscp 46; " +
      "iptables -t mangle -A OUTPUT -p udp --sport 5060 -j DSCP --set-dscp 24; " +
      "iptables -t mangle -A OUTPUT -p tcp --sport 5060 -j DSCP --set-dscp 24; " +
      "ip6tables -t mangle -A OUTPUT -p udp --sport 7070:7089 -j DSCP --set-dscp 46; " +
      "ip6tables -t mangle -A OUTPUT -p udp --sport 5060 -j DSCP --set-dscp 24; " +
      "ip6tables -t mangle -A OUTPUT -p tcp --sport 5060 -j DSCP --set-dscp 24",
  );
});

Deno.test("marksByHand() has nothing to say without marks", () => {
  strictEqual(marksByHand({ ...PLAN, mediaDscp: 0 }, "nft"), "");
});
