import { type IpAddress, ipFamily, parseIpAddress } from "../../base/ip_address.ts";
import type { Side } from "../../base/socket_address.ts";
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

/** The same for IPv6, where a network is a /64. */
const IPV6_NETWORK_BITS = 64;

/** Where a PBX on the same host reaches us. */
const LOOPBACK_TEXT = "127.0.0.1";

/** The same by IPv6; served where a side has IPv6. */
const LOOPBACK6_TEXT = "::1";

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
  /** IPv6 address beside an IPv4 one. */
  readonly address6?: IpAddress;
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

/** What a side is chosen from. */
interface Look {
  readonly settings: InterfacesConfig;
  readonly machine: Machine;
}

/**
 * Decides which addresses are which side.
 *
 * @param settings names or addresses, or undefined for what the machine tells
 * @param machine the machine's addresses and default route
 * @returns both sides; on a machine with one interface they are the same
 */
export function chooseNetwork(settings: InterfacesConfig, machine: Machine): ChosenNetwork {
  const look = { settings, machine };
  const wan = settings.outbound === undefined
    ? findOutbound(look)
    : configured(settings.outbound, { ...look, side: "wan" });
  const lan = settings.inbound === undefined
    ? findInbound(wan, look)
    : configured(settings.inbound, { ...look, side: "lan" });
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
    ...(lan.address6 !== undefined && { lan6: lan.address6 }),
    ...(wan.address6 !== undefined && { wan6: wan.address6 }),
    advertised: literal ?? wan.address,
    lanNetworks: networksOf(lan, machine),
    gateway: machine.route?.gateway,
  };
  return { view: { own, listen: listenAddresses(lan, { wan, machine }) }, lan, wan, problems };
}

function configured(setting: string, look: Look & { readonly side: Side }): ChosenSide {
  const { machine } = look;
  const literals = setting.split(",").flatMap((text) => parseIpAddress(text) ?? []);
  const origin = "configured";
  if (literals.length === 0) return { name: setting, ...addressesOf(setting, look), origin };
  const holders = literals.map((literal) => holderOf(literal, machine));
  // Without the right to list interfaces an address is taken at its word.
  const present = literals.filter((_, at) =>
    holders[at] !== undefined || machine.addresses.length === 0
  );
  const name = holders.find((holder) => holder !== undefined)?.name ?? setting;
  return { name, ...firstAndSecond(present), origin };
}

function holderOf(literal: IpAddress, machine: Machine): InterfaceAddress | undefined {
  return machine.addresses.find(({ address }) => address === literal) ??
    machine.addresses.find((one) => isLoopbackNeighbour(one, literal));
}

function isLoopbackNeighbour(one: InterfaceAddress, literal: IpAddress): boolean {
  return addressScope(literal) === "loopback" && one.network !== undefined &&
    networkContains(one.network, literal);
}

/** siproxd takes the first IPv4 address; IPv6 stands beside it, or alone where there is none. */
function addressesOf(
  name: string,
  look: Look & { readonly side: Side },
): Pick<ChosenSide, "address" | "address6"> {
  const all = look.machine.addresses.filter((one) => one.name === name)
    .map(({ address }) => address);
  const ipv4 = all.find((address) => ipFamily(address) === 4);
  const ipv6 = look.settings.ipv6 === "off" ? undefined : chooseIpv6(all, look.side);
  return firstAndSecond([ipv4, ipv6].filter((address) => address !== undefined));
}

/**
 * Of several IPv6 addresses one: outside a global one before a local one (ULA), inside the other way round, since the
 * local one stays when the provider gives another prefix; of equals the one that the system lists last, which is the
 * oldest: privacy addresses (RFC 8981), which go after a day, come later. Link-local ones need a zone, which no URI can
 * name (RFC 3986 §3.2.2).
 */
function chooseIpv6(addresses: readonly IpAddress[], side: Side): IpAddress | undefined {
  const scopes = side === "lan" ? ["private", "global"] as const : ["global", "private"] as const;
  const ipv6 = addresses.filter((address) => ipFamily(address) === 6);
  for (const scope of [...scopes, "loopback"]) {
    const found = ipv6.findLast((address) => addressScope(address) === scope);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstAndSecond(
  addresses: readonly IpAddress[],
): Pick<ChosenSide, "address" | "address6"> {
  const ipv4 = addresses.find((address) => ipFamily(address) === 4);
  const ipv6 = addresses.find((address) => ipFamily(address) === 6);
  if (ipv4 === undefined || ipv6 === undefined) return { address: ipv4 ?? ipv6 };
  return { address: ipv4, address6: ipv6 };
}

function findOutbound(look: Look): ChosenSide {
  const { settings, machine } = look;
  if (machine.route !== undefined) {
    return found(machine.route.interfaceName, { ...look, side: "wan" });
  }
  const inbound = settings.inbound === undefined
    ? undefined
    : configured(settings.inbound, { ...look, side: "lan" });
  const others = candidates(look, inbound?.name);
  const best = others.find(({ address }) => addressScope(address) === "global") ?? others[0];
  if (best !== undefined) return found(best.name, { ...look, side: "wan" });
  return inbound === undefined ? loopbackSide(machine) : { ...inbound, origin: "found" };
}

function findInbound(wan: ChosenSide, look: Look): ChosenSide {
  const others = candidates(look, wan.name);
  const best = others.find(({ address }) => addressScope(address) === "private") ?? others[0];
  if (best !== undefined && wan.name !== loopbackSide(look.machine).name) {
    return found(best.name, { ...look, side: "lan" });
  }
  return { ...wan, origin: "found" };
}

function found(name: string, look: Look & { readonly side: Side }): ChosenSide {
  return { name, ...addressesOf(name, look), origin: "found" };
}

/**
 * Interfaces that may be a side, those with IPv6 alone only where no other has IPv4; container and virtual machine
 * bridges have no phones behind them.
 */
function candidates({ settings, machine }: Look, but?: string): readonly InterfaceAddress[] {
  const usable = machine.addresses.filter(({ name, address }) =>
    name !== but && addressScope(address) !== "loopback" &&
    addressScope(address) !== "link-local" && !/^(docker|veth|virbr|br-[0-9a-f]{12}$)/.test(name)
  );
  const ipv4 = usable.filter(({ address }) => ipFamily(address) === 4);
  return ipv4.length > 0 || settings.ipv6 === "off" ? ipv4 : usable;
}

function loopbackSide(machine: Machine): ChosenSide {
  const loopback = machine.addresses.find(({ address }) => address === LOOPBACK_TEXT);
  return { name: loopback?.name ?? "lo", address: parseIpAddress(LOOPBACK_TEXT), origin: "found" };
}

function networksOf(lan: ChosenSide, machine: Machine): readonly IpNetwork[] {
  const listed = machine.addresses.filter(({ name }) => name === lan.name);
  const isListed = listed.some(({ address }) => address === lan.address);
  if (lan.address !== undefined && !isListed) {
    return [lan.address, lan.address6].flatMap((address) => {
      if (address === undefined) return [];
      const bits = ipFamily(address) === 4 ? LOOPBACK_NEIGHBOUR_BITS : IPV6_NETWORK_BITS;
      return makeIpNetwork(address, bits) ?? [];
    });
  }
  return listed.flatMap(({ network }) => network === undefined ? [] : [network]);
}

function listenAddresses(
  lan: ChosenSide,
  others: { readonly wan: ChosenSide; readonly machine: Machine },
): readonly ListenAddress[] {
  const { wan, machine } = others;
  const inner = [lan.address, lan.address6].filter((address) => address !== undefined);
  const outer = [wan.address, wan.address6].filter((address) => address !== undefined);
  const seconds = [lan.address6, wan.address6];
  const place = (role: ListenAddress["role"], address: IpAddress): ListenAddress =>
    seconds.includes(address) ? { role, address, need: "optional" } : { role, address };
  const listen = [
    ...inner.map((address) => place(outer.includes(address) ? "both" : "lan", address)),
    ...outer.filter((address) => !inner.includes(address))
      .map((address) => place("wan", address)),
  ];
  const served = [...inner, ...outer];
  const loopbacks = [parseIpAddress(LOOPBACK_TEXT)];
  const loopback6 = machine.addresses.find(({ address }) => address === LOOPBACK6_TEXT)?.address;
  if (served.some((address) => ipFamily(address) === 6)) loopbacks.push(loopback6);
  for (const address of loopbacks) {
    if (address === undefined || served.includes(address)) continue;
    listen.push({ role: "loopback", address });
  }
  return listen;
}
