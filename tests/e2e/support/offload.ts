/**
 * What a daemon says about media in the kernel, and what the kernel says itself.
 *
 * Asks `siproxd status`, lists the daemon's tables, turns forwarding on. Called by the suite about
 * media offload.
 *
 * @module
 */
import assert from "node:assert/strict";
import { mustRun, poll } from "./command.ts";
import { isRecord, numberField } from "./json.ts";
import { ruleset, statusOf } from "./nft.ts";
import type { ManagedProcess } from "./process.ts";
import type { Proxy } from "./proxy.ts";

/** Tables that relay media. */
export const MEDIA_TABLE: RegExp = /table ip siproxd_\d+ \{/;

/** Packets of one direction of a stream. */
export interface LegCounts {
  /** Own port of the leg. */
  readonly port: number;
  readonly packets: number;
  readonly bytes: number;
  readonly rtcpPackets: number;
}

/** One stream as the status tells it. */
export interface StreamCounts {
  readonly relay: string;
  readonly fromPhone: LegCounts;
  readonly fromInternet: LegCounts;
}

/** A daemon and the namespace it runs in. */
export interface Place {
  readonly proxy: Proxy;
  readonly router: string;
}

/** Lets the router forward, as every router does. */
export async function turnForwardingOn(router: string): Promise<void> {
  await mustRun("ip", ["netns", "exec", router, "sysctl", "-qw", "net.ipv4.ip_forward=1"]);
}

/** Streams that the kernel relays now. */
export async function kernelStreams({ proxy, router }: Place): Promise<number> {
  return numberField((await statusOf(proxy, router))["media"], "kernelStreams");
}

/** Waits until the kernel relays so many streams. */
export async function waitForKernel(place: Place, streams: number): Promise<void> {
  await poll(async () => await kernelStreams(place) === streams ? true : undefined, {
    what: `${streams} streams in the kernel`,
    timeoutMs: 10_000,
  });
}

/** All streams of all calls. */
export async function streamsOf({ proxy, router }: Place): Promise<readonly StreamCounts[]> {
  const { calls } = await statusOf(proxy, router);
  const list: readonly unknown[] = Array.isArray(calls) ? calls : [];
  return list.flatMap((call) => isRecord(call) ? streamsIn(call["streams"]) : []);
}

/** Packets in elements of the daemon's maps. */
export async function elementsInKernel(router: string): Promise<number> {
  const text = await ruleset(router);
  const map = /map da \{[^}]*?elements = \{([^}]*)\}/.exec(text)?.[1] ?? "";
  return map.split(",").filter((element) => element.includes(":")).length;
}

/** Waits until nothing of a call is left in the kernel. */
export async function waitForNothing(router: string): Promise<void> {
  await poll(async () => await elementsInKernel(router) === 0 ? true : undefined, {
    what: "an empty table",
    timeoutMs: 10_000,
  });
}

/** Lines of the daemon's log about the firewall. */
export async function firewallLines(process: ManagedProcess): Promise<readonly string[]> {
  return (await process.log()).split("\n").filter((line) => line.includes(":firewall "));
}

/** A firewall as most routers have it, but for the masquerading. */
export async function dropForwarded(router: string): Promise<void> {
  const chain = "type filter hook forward priority filter; policy drop; " +
    "ct state established,related accept;";
  const table = `table inet closed { chain forward { ${chain} }; }`;
  await mustRun("ip", ["netns", "exec", router, "nft", table]);
}

/** Sums since the start of the daemon. */
export async function relayedPackets(
  { proxy, router }: Place,
): Promise<{ readonly fromPhones: number; readonly fromInternet: number }> {
  const { media } = await statusOf(proxy, router);
  const sum = (key: string) => isRecord(media) ? numberField(media[key], "packets") : 0;
  return { fromPhones: sum("fromPhones"), fromInternet: sum("fromInternet") };
}

/** RTP that was sent while the other side was not ready, and RTCP, make the difference. */
export function assertNear(relayed: number, sent: number): void {
  assert.ok(Math.abs(relayed - sent) <= 12, `${relayed} relayed, ${sent} sent`);
}

function streamsIn(list: unknown): readonly StreamCounts[] {
  const streams: readonly unknown[] = Array.isArray(list) ? list : [];
  return streams.flatMap((stream) =>
    isRecord(stream)
      ? [{
        relay: String(stream["relay"]),
        fromPhone: leg(stream["fromPhone"]),
        fromInternet: leg(stream["fromInternet"]),
      }]
      : []
  );
}

function leg(value: unknown): LegCounts {
  return {
    port: numberField(value, "port"),
    packets: numberField(value, "packets"),
    bytes: numberField(value, "bytes"),
    rtcpPackets: numberField(value, "rtcpPackets"),
  };
}
