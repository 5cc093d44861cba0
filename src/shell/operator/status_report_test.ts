import { deepStrictEqual } from "node:assert/strict";
import { ALICE, CALL, daemonFigures } from "../../../tests/support/daemon_figures.ts";
import { statusReport, type StatusStream } from "./status_report.ts";

const STREAM: StatusStream = {
  streamId: 1,
  mediaIndex: 0,
  relay: "kernel",
  fromPhone: {
    port: 7072,
    local: "10.0.0.1:7072",
    source: "10.0.0.10:30000",
    flow: "active",
    packets: 150,
    bytes: 25_800,
    rtcpPackets: 2,
    dropped: 1,
  },
  fromInternet: {
    port: 7080,
    local: "203.0.113.1:7080",
    source: null,
    flow: "held",
    packets: 149,
    bytes: 25_600,
    rtcpPackets: 2,
    dropped: 1,
  },
};

Deno.test("statusReport() tells registrations, calls, media and counters", () => {
  deepStrictEqual(statusReport(daemonFigures()), {
    version: 1,
    program: {
      version: "1.2.3",
      deno: "2.7.11",
      target: "x86_64-unknown-linux-gnu",
      pid: 4711,
      startedAt: "2026-01-02T03:02:34.500Z",
      uptimeSeconds: 90,
      residentBytes: 84_000_000,
      firewall: "up",
      mediaOffload: "up",
    },
    addresses: {
      inbound: ["10.0.0.1"],
      outbound: ["203.0.113.1", "2001:db8::1"],
      shown: "198.51.100.1",
    },
    registrations: [{
      addressOfRecord: "alice@example.org",
      contact: "sip:alice@10.0.0.10",
      target: "10.0.0.10:5060",
      transport: "udp",
      expiresInSeconds: 60,
      registrar: "203.0.113.10:5060",
    }],
    calls: [{
      callId: "call-1@10.0.0.10",
      direction: "outgoing",
      phase: "confirmed",
      phone: "alice@example.org",
      phoneAddress: "10.0.0.10:5060",
      streams: [STREAM],
    }],
    media: {
      workers: 1,
      activeStreams: 1,
      kernelStreams: 1,
      totalStreams: 3,
      fromPhones: { packets: 160, bytes: 27_000 },
      fromInternet: { packets: 141, bytes: 24_800 },
      dropped: { source: 4 },
      sendErrors: 0,
      idlePackets: 7,
    },
    counters: {
      sip_received: 9,
      sip_sent: 8,
      "sip_dropped{loop}": 1,
      "sip_dropped{parse}": 2,
      "register_attempts{proxied 200}": 3,
      "register_attempts{local 4xx}": 1,
      "dns_queries{SRV no_records}": 2,
    },
  });
});

Deno.test("statusReport() has null for what an isolate did not tell, and for what is not known", () => {
  const { media, counters, calls, registrations } = statusReport(daemonFigures({
    statistics: { signalling: undefined, media: undefined },
    snapshot: {
      bindings: [{ ...ALICE, registrar: undefined }],
      dialogs: [{ ...CALL, phone: { ...CALL.phone, bindingId: undefined } }],
    },
  }));
  deepStrictEqual(
    [media, counters, calls[0]?.phone, calls[0]?.streams, registrations[0]?.registrar],
    [null, null, null, [], null],
  );
});

Deno.test("statusReport() puts an IPv6 source into brackets", () => {
  const figures = daemonFigures();
  const { media, signalling } = figures.statistics;
  const [stream] = media?.live ?? [];
  if (media === undefined || stream === undefined) throw new Error("no stream in the figures");
  const live = [{ ...stream, lan: { ...stream.lan, source: "2001:db8::9 4000" } }];
  const report = statusReport({
    ...figures,
    statistics: { signalling, media: { ...media, live } },
  });
  deepStrictEqual(report.calls[0]?.streams[0]?.fromPhone.source, "[2001:db8::9]:4000");
});
