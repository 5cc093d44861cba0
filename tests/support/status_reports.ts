import { strictEqual } from "node:assert/strict";
import { statusText } from "../../src/cli/status_text.ts";
import type {
  StatusCall,
  StatusLeg,
  StatusRegistration,
  StatusReport,
} from "../../src/shell/operator/status_report.ts";

/** A program that has just started. */
export const PROGRAM: StatusReport["program"] = {
  version: "1.2.3",
  deno: "2.7.11",
  target: "x86_64-unknown-linux-gnu",
  pid: 77,
  startedAt: "2026-11-24T10:00:00.000Z",
  uptimeSeconds: 5,
  residentBytes: 61_400_000,
  firewall: "off",
  mediaOffload: "off",
};

/** A daemon that serves nobody. */
export const EMPTY: StatusReport = {
  version: 1,
  program: PROGRAM,
  addresses: { inbound: ["10.0.0.1"], outbound: ["203.0.113.1"], shown: "203.0.113.1" },
  registrations: [],
  calls: [],
  media: null,
  counters: {},
};

/** A registered phone. */
export const PHONE: StatusRegistration = {
  addressOfRecord: "alice@example.org",
  contact: "sip:alice@10.0.0.10:5062",
  target: "10.0.0.10:5062",
  transport: "udp",
  expiresInSeconds: 90,
  registrar: "192.0.2.10:5070",
};

/** Packets of one side. */
export const LEG: StatusLeg = {
  port: 7072,
  local: "10.0.0.1:7072",
  source: "10.0.0.10:4000",
  flow: "active",
  packets: 12,
  bytes: 2064,
  rtcpPackets: 1,
  dropped: 0,
};

/** A call without media. */
export const CALL: StatusCall = {
  callId: "call-1",
  direction: "outgoing",
  phase: "confirmed",
  phone: "alice@example.org",
  phoneAddress: "10.0.0.10:5062",
  streams: [],
};

/** The lines that are written of a daemon. */
export function linesOf(report: Partial<StatusReport>): readonly string[] {
  const text = statusText({ ...EMPTY, ...report });
  strictEqual(text.endsWith("\n"), true);
  return text.slice(0, -1).split("\n");
}
