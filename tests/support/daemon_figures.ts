import type { DistributionFigures } from "../../src/base/distribution.ts";
import { type IpAddress, parseIpAddress } from "../../src/base/ip_address.ts";
import { DaemonTally } from "../../src/metrics/daemon_tally.ts";
import type { DialogRecord } from "../../src/proxy/dialog_table.ts";
import type { Binding } from "../../src/registrar/binding.ts";
import type { LegStatistics } from "../../src/rtp/relay_statistics.ts";
import type { MediaStatistics } from "../../src/shell/media_protocol.ts";
import type { SignallingStatistics } from "../../src/shell/protocol.ts";
import type { DaemonFigures } from "../../src/shell/supervisor/daemon_figures.ts";

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`"${text}" is no address`);
  return address;
}

const PHONE = { address: ip("10.0.0.10"), port: 5060 };
const SERVER = { address: ip("203.0.113.10"), port: 5060 };

/** Alice, registered at a provider for another minute. */
export const ALICE: Binding = {
  bindingId: "b1",
  addressOfRecord: "alice@example.org",
  addressOfRecordUri: "sip:alice@example.org",
  contactUri: "sip:alice@10.0.0.10",
  publicUri: "sip:alice@203.0.113.1",
  token: undefined,
  source: PHONE,
  transport: "udp",
  target: PHONE,
  instanceId: undefined,
  registerCallId: "r1",
  registerCseq: 1,
  registrar: SERVER,
  expiresAtMs: 160_000,
};

const DISTRIBUTION: DistributionFigures = {
  buckets: [{ atMost: 0.01, count: 1 }, { atMost: 0.1, count: 2 }],
  sum: 0.25,
  count: 3,
};

const LEG: LegStatistics = {
  rtpPort: 7072,
  flow: "active",
  packets: 150,
  bytes: 25_800,
  rtcpPackets: 2,
  dropped: 1,
  source: "10.0.0.10 30000",
};

/** Her call, with one stream that is relayed and one that is over. */
export const CALL: DialogRecord = {
  dialogId: "d1",
  callId: "call-1@10.0.0.10",
  direction: "outgoing",
  initiatorTag: "t",
  responderTags: [],
  method: "INVITE",
  initialCseq: 1,
  phone: {
    bindingId: "b1",
    address: PHONE.address,
    target: PHONE,
    transport: "udp",
    contactUri: "sip:alice@10.0.0.10",
    routes: [],
  },
  farTransport: "udp",
  farSide: "wan",
  streams: [1, 2].map((streamId) => ({
    streamId,
    mediaIndex: streamId - 1,
    payload: "rtp",
    lanPair: { pairId: 1, side: "lan", address: ip("10.0.0.1"), rtpPort: 7072 },
    wanPair: { pairId: 2, side: "wan", address: ip("203.0.113.1"), rtpPort: 7080 },
    lanParty: undefined,
    wanParty: undefined,
  })),
  phase: "confirmed",
  expiresAtMs: 1e9,
};

const SIGNALLING: SignallingStatistics = {
  counters: new Map([
    ["sip_received", 9],
    ["sip_sent", 8],
    ["sip_dropped{loop}", 1],
    ["sip_dropped{parse}", 2],
    ["register_attempts{proxied 200}", 3],
    ["register_attempts{local 4xx}", 1],
    ["dns_queries{SRV no_records}", 2],
  ]),
  messages: [
    { dir: "received", side: "lan", transport: "udp", kind: "INVITE", count: 5 },
    { dir: "sent", side: "wan", transport: "tcp", kind: "2xx", count: 4 },
    { dir: "sent", side: "wan", transport: "udp", kind: "other", count: 1 },
  ],
  loopLagMs: 12.4,
  bindings: 1,
  dialogs: 1,
  waitingMessages: 0,
  heapUsedBytes: 13_000_000,
  heapTotalBytes: 20_000_000,
};

const MEDIA: MediaStatistics = {
  workers: 1,
  totals: {
    streams: 3,
    packets: 301,
    bytes: 51_800,
    from: { lan: { packets: 160, bytes: 27_000 }, wan: { packets: 141, bytes: 24_800 } },
    dropped: { source: 4 },
  },
  live: [{
    streamId: 1,
    callId: CALL.callId,
    mediaIndex: 0,
    relay: "kernel",
    lan: LEG,
    wan: { ...LEG, rtpPort: 7080, packets: 149, bytes: 25_600, source: "", flow: "held" },
  }],
  sendErrors: 0,
  idlePackets: 7,
  stock: { lan: 16, wan: 15 },
  tally: {
    locks: { announced: 4, other_port: 1, any_source: 0, rebound: 2 },
    lossRatio: { lan: DISTRIBUTION, wan: DISTRIBUTION },
    jitterSeconds: { lan: DISTRIBUTION, wan: DISTRIBUTION },
  },
  loopLagMs: 3,
};

/** A daemon with one phone and one call, at a fixed moment. */
export function daemonFigures(change: Partial<DaemonFigures> = {}): DaemonFigures {
  return {
    version: "1.2.3",
    deno: "2.7.11",
    target: "x86_64-unknown-linux-gnu",
    processId: 4711,
    epochMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    nowMs: 100_000,
    uptimeMs: 90_500,
    residentBytes: 84_000_000,
    supervisorHeapBytes: 9_000_000,
    supervisorLagMs: 1500,
    maxRegistrations: 500,
    firewall: "up",
    offload: "up",
    own: {
      lan: ip("10.0.0.1"),
      wan: ip("203.0.113.1"),
      wan6: ip("2001:db8::1"),
      advertised: ip("198.51.100.1"),
    },
    statistics: { signalling: SIGNALLING, media: MEDIA },
    snapshot: {
      bindings: [ALICE, { ...ALICE, bindingId: "b2", expiresAtMs: 100_000 }],
      dialogs: [CALL, { ...CALL, dialogId: "d2", method: "SUBSCRIBE" }],
    },
    tally: new DaemonTally().figures(),
    ...change,
  };
}
