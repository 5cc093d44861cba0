import { deepStrictEqual } from "node:assert/strict";
import { configOf } from "../../../tests/support/loopback_daemon.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import type { ChosenNetwork } from "../machine/interfaces.ts";
import { startBanner } from "./start_banner.ts";

const NETWORK: ChosenNetwork = {
  view: {
    own: {
      lan: ip("192.168.1.1"),
      wan: ip("203.0.113.7"),
      advertised: ip("203.0.113.7"),
      lanNetworks: [],
      gateway: undefined,
    },
    listen: [
      { role: "lan", address: ip("192.168.1.1") },
      { role: "wan", address: ip("203.0.113.7") },
      { role: "loopback", address: ip("127.0.0.1") },
    ],
  },
  lan: { name: "eth0", address: ip("192.168.1.1"), origin: "found" },
  wan: { name: "ppp0", address: ip("203.0.113.7"), origin: "configured" },
  problems: [],
};

Deno.test("startBanner() says in twelve lines all an operator must know", () => {
  const lines = startBanner({
    config: configOf(["if_outbound = ppp0"]),
    network: NETWORK,
    configFile: "/etc/siproxd.conf",
    persistence: "kept in /var/lib/siproxd/siproxd_registrations",
  });
  deepStrictEqual(lines, [
    "Configuration: /etc/siproxd.conf",
    "Listening on UDP and TCP 192.168.1.1:5060, 203.0.113.7:5060, 127.0.0.1:5060",
    "Phones' side (inbound): eth0 192.168.1.1 (found)",
    "Internet side (outbound): ppp0 203.0.113.7 (configured)",
    "Enter in each phone: outbound proxy 192.168.1.1, port 5060, transport UDP or TCP; no STUN, no ICE",
    "Media: relayed on UDP ports 7070-7089 of both sides",
    'Firewall, nft: nft add rule inet filter input iifname "ppp0" udp dport { 5060, 7070-7089 } accept',
    'Firewall, nft, for SIP over TCP: nft add rule inet filter input iifname "ppp0" tcp dport 5060 accept',
    "Firewall, iptables: iptables -I INPUT -i ppp0 -p udp -m multiport --dports 5060,7070:7089 -j ACCEPT",
    "Firewall, iptables, for SIP over TCP: iptables -I INPUT -i ppp0 -p tcp --dport 5060 -j ACCEPT",
    "Registrations: kept in /var/lib/siproxd/siproxd_registrations",
    "Signals: TERM stops, HUP reloads, USR1 writes statistics, USR2 writes memory figures",
  ]);
});

Deno.test("startBanner() tells both families, and has lines for the firewall of each", () => {
  const { view, lan, wan } = NETWORK;
  const lines = startBanner({
    config: configOf(["if_outbound = ppp0"]),
    network: {
      ...NETWORK,
      view: { ...view, own: { ...view.own, lan6: ip("fd00::1"), wan6: ip("2001:db8::7") } },
      lan: { ...lan, address6: ip("fd00::1") },
      wan: { ...wan, address6: ip("2001:db8::7") },
    },
    configFile: undefined,
    persistence: "in memory only",
  });
  deepStrictEqual([...lines.slice(2, 5), ...lines.slice(6, 12)], [
    "Phones' side (inbound): eth0 192.168.1.1 and [fd00::1] (found)",
    "Internet side (outbound): ppp0 203.0.113.7 and [2001:db8::7] (configured)",
    "Enter in each phone: outbound proxy 192.168.1.1 or [fd00::1], port 5060, transport UDP or TCP; no STUN, no ICE",
    'Firewall, nft: nft add rule inet filter input iifname "ppp0" udp dport { 5060, 7070-7089 } accept',
    'Firewall, nft, for SIP over TCP: nft add rule inet filter input iifname "ppp0" tcp dport 5060 accept',
    "Firewall, iptables: iptables -I INPUT -i ppp0 -p udp -m multiport --dports 5060,7070:7089 -j ACCEPT",
    "Firewall, iptables, for SIP over TCP: iptables -I INPUT -i ppp0 -p tcp --dport 5060 -j ACCEPT",
    "Firewall, ip6tables: ip6tables -I INPUT -i ppp0 -p udp -m multiport --dports 5060,7070:7089 -j ACCEPT",
    "Firewall, ip6tables, for SIP over TCP: ip6tables -I INPUT -i ppp0 -p tcp --dport 5060 -j ACCEPT",
  ]);
});

Deno.test("startBanner() names no iptables where the Internet side has IPv6 alone", () => {
  const { view, wan } = NETWORK;
  const lines = startBanner({
    config: configOf(["rtp_proxy_enable = 0"]),
    network: {
      ...NETWORK,
      view: { ...view, own: { ...view.own, wan: ip("2001:db8::7") } },
      wan: { ...wan, address: ip("2001:db8::7") },
    },
    configFile: undefined,
    persistence: "in memory only",
  });
  deepStrictEqual(lines.filter((line) => line.startsWith("Firewall, ip")), [
    "Firewall, ip6tables: ip6tables -I INPUT -i ppp0 -p udp -m multiport --dports 5060 -j ACCEPT",
    "Firewall, ip6tables, for SIP over TCP: ip6tables -I INPUT -i ppp0 -p tcp --dport 5060 -j ACCEPT",
  ]);
});

Deno.test("startBanner() names what is down, what is not relayed and what is shown instead", () => {
  const { view } = NETWORK;
  const own = { ...view.own, lan: undefined };
  const lines = startBanner({
    config: configOf(["rtp_proxy_enable = 0", "host_outbound = sip.example.org"]),
    network: {
      ...NETWORK,
      view: { own, listen: [] },
      lan: { name: "eth9", address: undefined, origin: "configured" },
    },
    configFile: undefined,
    persistence: "in memory only",
  });
  deepStrictEqual(lines.slice(0, 10), [
    "Configuration: none, everything found or built in",
    "Listening on UDP and TCP nothing yet",
    "Phones' side (inbound): eth9 down (configured)",
    "Internet side (outbound): ppp0 203.0.113.7 (configured), shown as sip.example.org",
    "Enter in each phone: outbound proxy <LAN address>, port 5060, transport UDP or TCP; no STUN, no ICE",
    "Media: not relayed (rtp_proxy_enable = 0)",
    'Firewall, nft: nft add rule inet filter input iifname "ppp0" udp dport 5060 accept',
    'Firewall, nft, for SIP over TCP: nft add rule inet filter input iifname "ppp0" tcp dport 5060 accept',
    "Firewall, iptables: iptables -I INPUT -i ppp0 -p udp -m multiport --dports 5060 -j ACCEPT",
    "Firewall, iptables, for SIP over TCP: iptables -I INPUT -i ppp0 -p tcp --dport 5060 -j ACCEPT",
  ]);
});

const debugPorts: readonly (readonly [string, string])[] = [
  [
    "debug_port = 5050",
    "Debug port: nc 127.0.0.1 5050; from another machine: " +
    "ssh -L 5050:127.0.0.1:5050 192.168.1.1, or debug_address = 192.168.1.1",
  ],
  [
    "debug_port = 5050\ndebug_address = ::1",
    "Debug port: nc ::1 5050; from another machine: " +
    "ssh -L 5050:[::1]:5050 192.168.1.1, or debug_address = 192.168.1.1",
  ],
  [
    "debug_port = 5050\ndebug_address = 0.0.0.0",
    "Debug port: 0.0.0.0 5050, open to everybody who reaches it",
  ],
];

for (const [text, expected] of debugPorts) {
  Deno.test(`startBanner() says how to reach ${text.replace("\n", ", ")}`, () => {
    const lines = startBanner({
      config: configOf(text.split("\n")),
      network: NETWORK,
      configFile: undefined,
      persistence: "in memory only",
    });
    deepStrictEqual(lines.filter((line) => line.startsWith("Debug port")), [expected]);
  });
}
