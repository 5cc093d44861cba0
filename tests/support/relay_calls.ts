import { type IpAddress, parseIpAddress } from "../../src/base/ip_address.ts";
import type { Side, SocketAddress } from "../../src/base/socket_address.ts";
import type { MediaShare } from "../../src/rtp/media_share.ts";
import type { RelayCommand, RelayParty } from "../../src/rtp/relay_command.ts";
import { createArrival, decideRelay } from "../../src/rtp/relay_decision.ts";
import type { RelayEnd } from "../../src/rtp/relay_end.ts";
import type { BoundPair, RelayStream } from "../../src/rtp/relay_stream.ts";
import { RelayTable } from "../../src/rtp/relay_table.ts";
import { VERDICT_NAMES } from "../../src/rtp/verdict.ts";
import { mediaAddress, UNUSED_SOCKET } from "./relay_packets.ts";

/** The inside's own address of {@linkcode relayTable}. */
export const LAN: IpAddress = address("10.0.0.1");
/** The outside's own address. */
export const WAN: IpAddress = address("192.0.2.1");
const ADVERTISED = address("203.0.113.1");

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

/** Ports of stream n: LAN 7000 + 2n, WAN 8000 + 2n. */
function pair(pairId: number, side: Side): BoundPair {
  const rtpPort = (side === "lan" ? 7000 : 8000) + 2 * pairId;
  const bound = side === "lan" ? LAN : WAN;
  return {
    pair: { pairId, side, address: bound, rtpPort },
    rtp: UNUSED_SOCKET,
    rtcp: UNUSED_SOCKET,
  };
}

/** Makes a table whose stock has every pair with an id from 0, of the only isolate or one of several. */
export function relayTable(share?: MediaShare): RelayTable {
  const ports = { portLow: 7000, portHigh: 8999, ...(share !== undefined && { share }) };
  return new RelayTable({
    timeouts: { timeoutMs: 300_000, holdTimeoutMs: 14_400_000 },
    own: { lan: LAN, wan: WAN, advertised: ADVERTISED, ...ports },
    takePairs: ({ lanPairId, wanPairId }) =>
      lanPairId < 0 ? undefined : { lan: pair(lanPairId, "lan"), wan: pair(wanPairId, "wan") },
  });
}

/** Makes the command that opens stream n on its pairs n. */
export function openCommand(streamId: number): RelayCommand {
  const ids = { lanPairId: streamId, wanPairId: streamId };
  return {
    kind: "open",
    streamId,
    callId: `call-${streamId}`,
    mediaIndex: 0,
    payload: "rtp",
    ...ids,
  };
}

/** Makes what a party's SDP says; RTCP is on the next port. */
export function relayParty(
  rtp: SocketAddress | undefined,
  flow: RelayParty["flow"] = "active",
): RelayParty {
  const rtcp = rtp === undefined ? undefined : { address: rtp.address, port: rtp.port + 1 };
  const written = rtp === undefined ? "0.0.0.0:9" : `${rtp.address}:${rtp.port}`;
  return { rtp, rtcp, written, flow };
}

/** Makes the command that announces a party. */
export function announceCommand(
  [streamId, side]: readonly [streamId: number, side: Side],
  party: RelayParty,
): RelayCommand {
  return { kind: "announce", streamId, side, party };
}

/** Gives the only stream of a table. */
export function onlyStream(table: RelayTable): RelayStream {
  const [stream, ...others] = [...table.streams()];
  if (stream === undefined || others.length > 0) throw new Error("not one stream");
  return stream;
}

/** Finds a stream that must be there. */
export function streamOf(table: RelayTable, streamId: number): RelayStream {
  const stream = [...table.streams()].find((candidate) => candidate.streamId === streamId);
  if (stream === undefined) throw new Error(`no stream ${streamId}`);
  return stream;
}

/** One packet from somewhere. */
export interface Sent {
  readonly from: string;
  readonly nowMs: number;
  readonly kind?: "rtp" | "rtcp";
}

/** Lets a packet arrive; gives where it goes, or why it does not. */
export function sendPacket(end: RelayEnd, { from, nowMs, kind = "rtp" }: Sent): string {
  const [hostname = "", port = "0"] = from.split(" ");
  const packet = new Uint8Array(60);
  packet.set([0x80, kind === "rtp" ? 0 : 200]);
  const arrival = Object.assign(createArrival(), { packet, hostname, port: Number(port), nowMs });
  const verdict = decideRelay(end, arrival);
  if (verdict > 1) return VERDICT_NAMES[verdict] ?? "";
  const target = end.outlet?.target;
  return `${end.outlet?.streamId}/${end.outlet?.side} ${target?.hostname} ${target?.port}`;
}

/** Makes a table with one call up: phone 10.0.0.10:4000, gateway 203.0.113.9:9000. */
export function callUp(): RelayTable {
  const table = relayTable();
  table.apply(openCommand(1), 0);
  table.apply(announceCommand([1, "lan"], relayParty(mediaAddress("10.0.0.10", 4000))), 0);
  table.apply(announceCommand([1, "wan"], relayParty(mediaAddress("203.0.113.9", 9000))), 0);
  return table;
}
