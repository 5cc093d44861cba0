import { type IpAddress, ipFamily, parseIpAddress } from "../../base/ip_address.ts";
import {
  addressScope,
  type IpNetwork,
  makeIpNetwork,
  networkContains,
  parseIpNetwork,
} from "../../base/ip_network.ts";
import type { InterfacesConfig } from "../../config/config.ts";
import type { DefaultRoute } from "./default_route.ts";
import type { ListenAddress, NetworkView } from "../protocol.ts";

/** An address on loopback that no interface lists (any of 127/8 can be bound): its neighbours are its network. */
const LOOPBACK_NEIGHBOUR_BITS = 24;

/** Where a PBX on the same host reaches us. */
const LOOPBACK_TEXT = "127.0.0.1";

/** One address of one interface. */
export interface InterfaceAddress {
  readonly name: string;
  readonly address: IpAddress;
  readonly network: IpNetwork | undefined;
}

/** What the machine tells about itself. */
export interface Machine {
  readonly addresses: readonly InterfaceAddress[];
  readonly route: DefaultRoute | undefined;
}

/** One side as it was chosen. */
export interface ChosenSide {
  /** Interface name, or the configured text when there is no such interface now. */
  readonly name: string;
  readonly address: IpAddress | undefined;
  readonly origin: "configured" | "found";
}

/** The network as the daemon uses it, and how it came to that. */
export interface ChosenNetwork {
  readonly view: NetworkView;
  readonly lan: ChosenSide;
  readonly wan: ChosenSide;
  /** One line for each side that is not there. */
  readonly problems: readonly string[];
}

/**
 * Reads the interfaces of the machine.
 *
 * @returns all addresses that parse, in the order of the system
 */
export function readInterfaces(): readonly InterfaceAddress[] {
  const permission = Deno.permissions.querySync({ name: "sys", kind: "networkInterfaces" });
  if (permission.state !== "granted") return [];
  const addresses: InterfaceAddress[] = [];
  for (const { name, address: text, cidr } of Deno.networkInterfaces()) {
    const address = parseIpAddress(text);
    if (address !== undefined) addresses.push({ name, address, network: parseIpNetwork(cidr) });
  }
  return addresses;
}

/**
 * Decides which address is which side.
 *
 * @param settings names or addresses, or undefined for what the machine tells
 * @param machine the machine's addresses and default route
 * @returns both sides; on a machine with one interface they are the same
 */
export function chooseNetwork(settings: InterfacesConfig, machine: Machine): ChosenNetwork {
  const wan = settings.outbound === undefined
    ? findOutbound(settings, machine)
    : configured(settings.outbound, machine);
  const lan = settings.inbound === undefined
    ? findInbound(wan, machine)
    : configured(settings.inbound, machine);
  const problems: string[] = [];
  for (const [key, side] of [["if_inbound", lan], ["if_outbound", wan]] as const) {
    if (side.address !== undefined) continue;
    problems.push(
      `${key}: can't find interface ${side.name} - configuration error? It is tried again every few seconds`,
    );
  }
  const literal = parseIpAddress(settings.hostOutbound ?? "");
  const own = {
    lan: lan.address,
    wan: wan.address,
    advertised: literal ?? wan.address,
    lanNetworks: networksOf(lan, machine),
    gateway: machine.route?.gateway,
  };
  return { view: { own, listen: listenAddresses(lan.address, wan.address) }, lan, wan, problems };
}

function configured(setting: string, machine: Machine): ChosenSide {
  const literal = parseIpAddress(setting);
  if (literal === undefined) {
    return { name: setting, address: firstAddress(setting, machine), origin: "configured" };
  }
  const holder = machine.addresses.find(({ address }) => address === literal) ??
    machine.addresses.find((one) => isLoopbackNeighbour(one, literal));
  // Without the right to list interfaces an address is taken at its word.
  const isThere = holder !== undefined || machine.addresses.length === 0;
  return {
    name: holder?.name ?? setting,
    address: isThere ? literal : undefined,
    origin: "configured",
  };
}

function isLoopbackNeighbour(one: InterfaceAddress, literal: IpAddress): boolean {
  return addressScope(literal) === "loopback" && one.network !== undefined &&
    networkContains(one.network, literal);
}

/** siproxd takes the first IPv4 address; an interface without one serves IPv6. */
function firstAddress(name: string, machine: Machine): IpAddress | undefined {
  const all = machine.addresses.filter((one) => one.name === name && isUsable(one));
  return (all.find(({ address }) => ipFamily(address) === 4) ?? all[0])?.address;
}

function isUsable({ address }: InterfaceAddress): boolean {
  return ipFamily(address) === 4 || addressScope(address) !== "link-local";
}

function findOutbound(settings: InterfacesConfig, machine: Machine): ChosenSide {
  if (machine.route !== undefined) return found(machine.route.interfaceName, machine);
  const inbound = settings.inbound === undefined
    ? undefined
    : configured(settings.inbound, machine);
  const others = candidates(machine).filter(({ name }) => name !== inbound?.name);
  const best = others.find(({ address }) => addressScope(address) === "global") ?? others[0];
  if (best !== undefined) return found(best.name, machine);
  return inbound === undefined ? loopbackSide(machine) : { ...inbound, origin: "found" };
}

function findInbound(wan: ChosenSide, machine: Machine): ChosenSide {
  const others = candidates(machine).filter(({ name }) => name !== wan.name);
  const best = others.find(({ address }) => addressScope(address) === "private") ?? others[0];
  if (best !== undefined && wan.name !== loopbackSide(machine).name) {
    return found(best.name, machine);
  }
  return { ...wan, origin: "found" };
}

function found(name: string, machine: Machine): ChosenSide {
  return { name, address: firstAddress(name, machine), origin: "found" };
}

/** Interfaces that may be a side; container and virtual machine bridges have no phones behind them. */
function candidates(machine: Machine): readonly InterfaceAddress[] {
  return machine.addresses.filter(({ name, address }) =>
    ipFamily(address) === 4 && addressScope(address) !== "loopback" &&
    addressScope(address) !== "link-local" && !/^(docker|veth|virbr|br-[0-9a-f]{12}$)/.test(name)
  );
}

function loopbackSide(machine: Machine): ChosenSide {
  const loopback = machine.addresses.find(({ address }) => address === LOOPBACK_TEXT);
  return { name: loopback?.name ?? "lo", address: parseIpAddress(LOOPBACK_TEXT), origin: "found" };
}

function networksOf(lan: ChosenSide, machine: Machine): readonly IpNetwork[] {
  const listed = machine.addresses.filter(({ name }) => name === lan.name);
  const isListed = listed.some(({ address }) => address === lan.address);
  if (lan.address !== undefined && !isListed) {
    const around = makeIpNetwork(lan.address, LOOPBACK_NEIGHBOUR_BITS);
    return around === undefined ? [] : [around];
  }
  return listed.flatMap(({ network }) => network === undefined ? [] : [network]);
}

function listenAddresses(
  lan: IpAddress | undefined,
  wan: IpAddress | undefined,
): readonly ListenAddress[] {
  const listen: ListenAddress[] = [];
  if (lan !== undefined) listen.push({ role: lan === wan ? "both" : "lan", address: lan });
  if (wan !== undefined && wan !== lan) listen.push({ role: "wan", address: wan });
  const loopback = parseIpAddress(LOOPBACK_TEXT);
  if (loopback !== undefined && lan !== loopback && wan !== loopback) {
    listen.push({ role: "loopback", address: loopback });
  }
  return listen;
}
