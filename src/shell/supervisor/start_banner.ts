import { hostText, parseIpAddress } from "../../base/ip_address.ts";
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
 * @returns ten lines, and one for an open debug port
 */
export function startBanner(facts: BannerFacts): readonly string[] {
  const { config, network } = facts;
  const port = config.sip.listenPort;
  const { listen } = network.view;
  const where = listen.map(({ address }) => `${hostText(address)}:${port}`).join(", ");
  const lan = network.view.own.lan === undefined ? "<LAN address>" : hostText(network.view.own.lan);
  return [
    `Configuration: ${facts.configFile ?? "none, everything found or built in"}`,
    `Listening on UDP and TCP ${where === "" ? "nothing yet" : where}`,
    `Phones' side (inbound): ${sideText(network.lan)}`,
    `Internet side (outbound): ${sideText(network.wan)}${advertisedText(facts)}`,
    `Enter in each phone: outbound proxy ${lan}, port ${port}, transport UDP or TCP; no STUN, no ICE`,
    mediaText(config),
    `Firewall, nft: ${nftLine(facts)}`,
    `Firewall, iptables: ${iptablesLine(facts)}`,
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
  const address = side.address === undefined ? "down" : hostText(side.address);
  return `${side.name} ${address} (${side.origin})`;
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

function nftLine({ network, config }: BannerFacts): string {
  const { listenPort } = config.sip;
  const { portLow, portHigh } = config.rtp;
  const ports = config.rtp.enabled
    ? `{ ${listenPort}, ${portLow}-${portHigh + 1} }`
    : `${listenPort}`;
  return `nft add rule inet filter input iifname "${network.wan.name}" udp dport ${ports} accept`;
}

function iptablesLine({ network, config }: BannerFacts): string {
  const { listenPort } = config.sip;
  const { portLow, portHigh } = config.rtp;
  const ports = config.rtp.enabled ? `${listenPort},${portLow}:${portHigh + 1}` : `${listenPort}`;
  return `iptables -I INPUT -i ${network.wan.name} -p udp -m multiport --dports ${ports} -j ACCEPT`;
}
