import { type IpFamily, ipFamily } from "../base/ip_address.ts";
import { isAmongOwn, sideAddress, sideAddresses } from "../base/side_addresses.ts";
import { otherSide, type Side } from "../base/socket_address.ts";
import type { PortPair } from "../rtp/relay_command.ts";
import type { MediaPlanLine } from "../sdp/media_plan.ts";
import { type AnyContext, sourceAddress } from "./context.ts";
import type { CallStream } from "./dialog_table.ts";
import type { PairUse } from "./env.ts";

/** The family that each leg's ports are of. */
export type LegFamilies = Readonly<Record<Side, IpFamily>>;

/** A pair of each side for every media line that needs one, by the position of the line. */
export type PairsOfLine = ReadonlyMap<number, Readonly<Record<Side, PortPair>>>;

/**
 * Chooses the family of both legs' ports: the sender's leg by what it announces, the receiver's by the way the message
 * goes, since whoever is spoken to by IPv6 can be sent media by IPv6 (RFC 6157 §4).
 *
 * A family that a side lacks is never chosen, so that each party is told an address that it can send to.
 *
 * @param lines what is announced
 * @param context the run, with the hop that the message leaves by
 * @returns a family a side
 */
export function legFamilies(lines: readonly MediaPlanLine[], context: AnyContext): LegFamilies {
  const fromSide: Side = context.direction === "outgoing" ? "lan" : "wan";
  const toSide = otherSide(fromSide);
  const announced = lines[0]?.rtp.address;
  const spoken = ipFamily(sourceAddress(context));
  const wishes = announced === undefined ? [spoken] : [ipFamily(announced), spoken];
  const from = firstServed(wishes, { context, side: fromSide });
  const to = firstServed(spokenTo(toSide, context), { context, side: toSide });
  return fromSide === "lan" ? { lan: from, wan: to } : { lan: to, wan: from };
}

/** What the receiver was offered already, since all lines of a description share one address; else the way to it. */
function spokenTo(side: Side, { dialog, hop }: AnyContext): readonly IpFamily[] {
  const stream = dialog?.streams[0];
  const bound = side === "lan" ? stream?.lanPair : stream?.wanPair;
  return [bound?.address, hop?.peer.address].filter((address) => address !== undefined)
    .map(ipFamily);
}

function firstServed(
  wishes: readonly IpFamily[],
  place: { readonly context: AnyContext; readonly side: Side },
): IpFamily {
  const { side } = place;
  const { own } = place.context.env;
  const [first] = sideAddresses(own, side);
  return wishes.find((family) => sideAddress(own, { side, family }) !== undefined) ??
    (first === undefined ? 4 : ipFamily(first));
}

/**
 * Tells a stream whose party moved to the other family, so that its ports are of no more use: a phone that changed the
 * network during a call says so in a re-INVITE. A hold (0.0.0.0, `::`) moves nobody.
 *
 * @param stream the stream as it is relayed
 * @param now the line that speaks of it, and side and family of the party that sent it
 * @returns true when the stream needs other ports
 */
export function hasMoved(
  stream: CallStream,
  now: { readonly line: MediaPlanLine; readonly side: Side; readonly family: IpFamily },
): boolean {
  const { line, ...leg } = now;
  const { address } = line.rtp;
  if (address === undefined || line.flow === "held") return false;
  const bound = (leg.side === "lan" ? stream.lanPair : stream.wanPair).address;
  return ipFamily(address) === leg.family && ipFamily(bound) !== leg.family;
}

/**
 * Takes a pair of each side for every line from the front of the stock.
 *
 * @param fresh lines that need ports
 * @param job the run, and the family of each leg
 * @returns undefined when one is missing; then none is taken
 */
export function takePairs(
  fresh: readonly MediaPlanLine[],
  job: { readonly context: AnyContext; readonly families: LegFamilies },
): PairsOfLine | undefined {
  const use = pairUse(fresh, job);
  const lanPairs = freePairs("lan", { ...job, use });
  const wanPairs = freePairs("wan", { ...job, use });
  const taken = new Map<number, Readonly<Record<Side, PortPair>>>();
  for (const [position, line] of fresh.entries()) {
    const lan = lanPairs[position];
    const wan = wanPairs[position];
    if (lan === undefined || wan === undefined) return undefined;
    taken.set(line.index, { lan, wan });
  }
  return taken;
}

function pairUse(
  fresh: readonly MediaPlanLine[],
  job: { readonly context: AnyContext; readonly families: LegFamilies },
): PairUse {
  const { address, port } = fresh[0]?.rtp ?? { address: undefined, port: 0 };
  const isOwn = address !== undefined && isAmongOwn(job.context.env.own, address);
  return { lines: fresh.length, families: job.families, ownPort: isOwn ? port : undefined };
}

function freePairs(
  side: Side,
  job: { readonly context: AnyContext; readonly families: LegFamilies; readonly use: PairUse },
): readonly PortPair[] {
  const { env } = job.context;
  const pairs = env.freePairs(side, job.use);
  // A side with one address, which is most of them, has pairs of that family only.
  if (sideAddresses(env.own, side).length < 2) return pairs;
  return pairs.filter(({ address }) => ipFamily(address) === job.families[side]);
}
