import { hostText, ipFamily, parseIpAddress } from "../../base/ip_address.ts";
import { sideAddresses } from "../../base/side_addresses.ts";
import { addressScope } from "../../base/ip_network.ts";
import type { Config } from "../../config/config.ts";
import type { ChosenNetwork, ChosenSide } from "../machine/interfaces.ts";

/** What the banner tells of. */
export interface BannerFacts {
  readonly config: Config;
  readonly network: ChosenNetwork;
  /** Undefined when the daemon was started without a file. */
  readonly configFile: string | undefined;
  /** One line on where registrations are kept, or why they are not. */
  readonly persistence: string;
}

/**
 * Writes what an operator must know after the start: where we listen, which side is which, what to enter in the phone
 * and which firewall lines to add.
 *
 * @param facts configuration and network as they are now
 * @returns twelve lines, two more where the Internet side has IPv6, and one for an open debug port
 */
export function startBanner(facts: BannerFacts): readonly string[] {
  const { config, network } = facts;
  const port = config.sip.listenPort;
  const { listen } = network.view;
  const where = listen.map(({ address }) => `${hostText(address)}:${port}`).join(", ");
  const inner = sideAddresses(network.view.own, "lan").map(hostText);
  const lan = inner.length === 0 ? "<LAN address>" : inner.join(" or ");
  return [
    `Configuration: ${facts.configFile ?? "none, everything found or built in"}`,
    `Listening on UDP and TCP ${where === "" ? "nothing yet" : where}`,
    `Phones' side (inbound): ${sideText(network.lan)}`,
    `Internet side (outbound): ${sideText(network.wan)}${advertisedText(facts)}`,
    `Enter in each phone: outbound proxy ${lan}, port ${port}, transport UDP or TCP; no STUN, no ICE`,
    mediaText(config),
    ...nftLines(facts),
    ...iptablesLines(facts),
    `Registrations: ${facts.persistence}`,
    ...debugPortLines(facts),
    "Signals: TERM stops, HUP reloads, USR1 writes statistics, USR2 writes memory figures",
  ];
}

/** On loopback nobody outside reaches it, and there is no password that would let them. */
function debugPortLines({ config, network }: BannerFacts): readonly string[] {
  const { debugPort, debugAddress } = config.log;
  if (debugPort === 0) return [];
  const address = parseIpAddress(debugAddress);
  if (address === undefined || addressScope(address) !== "loopback") {
    return [`Debug port: ${debugAddress} ${debugPort}, open to everybody who reaches it`];
  }
  const here = hostText(address);
  const { lan } = network.view.own;
  const host = lan === undefined ? "<this machine>" : hostText(lan);
  return [
    `Debug port: nc ${debugAddress} ${debugPort}; from another machine: ` +
    `ssh -L ${debugPort}:${here}:${debugPort} ${host}, or debug_address = ${host}`,
  ];
}

function sideText(side: ChosenSide): string {
  const addresses = [side.address, side.address6].filter((address) => address !== undefined);
  const text = addresses.length === 0 ? "down" : addresses.map(hostText).join(" and ");
  return `${side.name} ${text} (${side.origin})`;
}

function advertisedText({ network, config }: BannerFacts): string {
  const { advertised, wan } = network.view.own;
  if (config.interfaces.hostOutbound === undefined || advertised === wan && wan === undefined) {
    return "";
  }
  return `, shown as ${config.interfaces.hostOutbound}`;
}

function mediaText({ rtp }: Config): string {
  if (!rtp.enabled) return "Media: not relayed (rtp_proxy_enable = 0)";
  return `Media: relayed on UDP ports ${rtp.portLow}-${rtp.portHigh + 1} of both sides`;
}

/** Servers that speak SIP over TCP may open connections to us, too (RFC 3261 §18.1.1). */
function nftLines({ network, config }: BannerFacts): readonly string[] {
  const { listenPort } = config.sip;
  const { portLow, portHigh } = config.rtp;
  const ports = config.rtp.enabled
    ? `{ ${listenPort}, ${portLow}-${portHigh + 1} }`
    : `${listenPort}`;
  const rule = `nft add rule inet filter input iifname "${network.wan.name}"`;
  return [
    `Firewall, nft: ${rule} udp dport ${ports} accept`,
    `Firewall, nft, for SIP over TCP: ${rule} tcp dport ${listenPort} accept`,
  ];
}

/** nft's family inet is both families; iptables has a program for each. */
function iptablesLines({ network, config }: BannerFacts): readonly string[] {
  const { listenPort } = config.sip;
  const { portLow, portHigh } = config.rtp;
  const ports = config.rtp.enabled ? `${listenPort},${portLow}:${portHigh + 1}` : `${listenPort}`;
  const outer = sideAddresses(network.view.own, "wan").map(ipFamily);
  const programs = outer.length === 0 || outer.includes(4) ? ["iptables"] : [];
  if (outer.includes(6)) programs.push("ip6tables");
  return programs.flatMap((program) => {
    const rule = `${program} -I INPUT -i ${network.wan.name}`;
    return [
      `Firewall, ${program}: ${rule} -p udp -m multiport --dports ${ports} -j ACCEPT`,
      `Firewall, ${program}, for SIP over TCP: ${rule} -p tcp --dport ${listenPort} -j ACCEPT`,
    ];
  });
}
