/**
 * Media in the kernel: real phones behind a router that forwards.
 *
 * Alice and bob are phones on the LAN, carol one on the Internet.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { countsBefore } from "../support/audio.ts";
import type { Capture } from "../support/capture.ts";
import { mustRun, poll, sleep } from "../support/command.ts";
import { connect, hangUp } from "../support/conversation.ts";
import { ADDRESSES } from "../support/namespace.ts";
import { ruleset } from "../support/nft.ts";
import {
  assertNear,
  elementsInKernel,
  kernelStreams,
  MEDIA_TABLE,
  relayedPackets,
  streamsOf,
  waitForKernel,
  waitForNothing,
} from "../support/offload.ts";
import {
  callBob,
  callCarol,
  closeOffloadBench,
  holdAndResume,
  type OffloadBench,
  openOffloadBench,
} from "../support/offload_phones.ts";

/** RTP of a voice call. */
const MEDIA = "udp.srcport >= 7070 && udp.srcport <= 7089 && udp.length == 180";

const CASES: readonly Case<OffloadBench>[] = [
  {
    name: "a call is handed over, both hear each other, nothing is left behind",
    timeoutMs: 40_000,
    run: async (bench) => {
      await callCarol(bench, async () => {
        await waitForKernel(bench, 1);
        assert.ok(await elementsInKernel(bench.router) >= 2);
      });
      await waitForNothing(bench.router);
      assert.equal(await kernelStreams(bench), 0);
    },
  },
  {
    name: "the status counts what the phones themselves count, RTCP included",
    timeoutMs: 60_000,
    run: async (bench) => {
      const { alice, carol } = bench.phones;
      const before = await countsBefore([alice, carol]);
      const totals = await relayedPackets(bench);
      await connect({ caller: alice, callee: carol });
      await waitForKernel(bench, 1);
      await sleep(7000);
      const [stream] = await streamsOf(bench);
      assert.equal(stream?.relay, "kernel");
      assert.ok((stream?.fromPhone.rtcpPackets ?? 0) >= 1, "no RTCP");
      assert.ok((stream?.fromPhone.packets ?? 0) > 300, `${stream?.fromPhone.packets} packets`);
      await hangUp({ caller: alice, callee: carol, hangsUp: "caller" });
      await waitForNothing(bench.router);
      const [one, other] = await Promise.all(
        before.map(({ phone, calls }) => phone.rtpCounts("audio", calls + 1)),
      );
      const after = await relayedPackets(bench);
      // RTCP is in the sums too: a handful in seven seconds.
      assertNear(after.fromPhones - totals.fromPhones, one?.sent ?? 0);
      assertNear(after.fromInternet - totals.fromInternet, other?.sent ?? 0);
    },
  },
  {
    name: "hold takes the media back, resume hands it over again",
    timeoutMs: 60_000,
    run: holdAndResume,
  },
  {
    name: "a local call is relayed by the kernel, and no phone is told to go elsewhere",
    timeoutMs: 60_000,
    run: async (bench) => {
      const { router, proxy } = bench;
      await callBob(bench, async () => {
        await poll(async () => await kernelStreams(bench) > 0 ? true : undefined, {
          what: "a local call in the kernel",
          timeoutMs: 10_000,
        });
      });
      await waitForNothing(router);
      await proxy.process.waitForLog(/A local call is relayed by the kernel/, 1000);
    },
  },
  {
    name: "a stranger's packets reach nobody",
    timeoutMs: 60_000,
    run: async (bench) => {
      await callCarol(bench, async () => {
        await waitForKernel(bench, 1);
        const knock = "for port in $(seq 7070 2 7088); do printf '\\200\\0stranger-stranger' | " +
          `socat -u - UDP4:${ADDRESSES.rtrWan}:$port; done`;
        await mustRun("ip", ["netns", "exec", bench.topology.wan, "sh", "-c", knock]);
      });
    },
  },
  {
    name: "somebody else's flush of the ruleset leaves the media where it is",
    timeoutMs: 60_000,
    run: async (bench) => {
      await callCarol(bench, async () => {
        await waitForKernel(bench, 1);
        await mustRun("ip", ["netns", "exec", bench.router, "nft", "flush", "ruleset"]);
        assert.match(await ruleset(bench.router), MEDIA_TABLE);
        assert.ok(await elementsInKernel(bench.router) >= 2);
        await sleep(500);
        assert.equal(await kernelStreams(bench), 1);
      });
    },
  },
  {
    name:
      "on the wire all bear the daemon's address, even ports and mark, and nobody was redirected",
    timeoutMs: 60_000,
    run: async ({ farCapture, nearCapture }) => {
      for (const one of [farCapture, nearCapture]) await one.stop();
      await assertRelayedTo(farCapture, { host: ADDRESSES.wan2, from: ADDRESSES.rtrWan });
      await assertRelayedTo(nearCapture, { host: ADDRESSES.lan1, from: ADDRESSES.rtrLan });
      for (const capture of [farCapture, nearCapture]) {
        for (const filter of ["icmp.type == 5", 'udp contains "stranger"']) {
          assert.deepEqual(await capture.packets(filter, ["frame.number"]), []);
        }
      }
    },
  },
];

/** All media that reached a phone came from the daemon, part of it through the kernel. */
async function assertRelayedTo(
  capture: Capture,
  wire: { readonly host: string; readonly from: string },
): Promise<void> {
  const fields = ["ip.src", "udp.srcport", "ip.dsfield.dscp", "ip.ttl"];
  const packets = await capture.packets(`ip.dst == ${wire.host} && ${MEDIA}`, fields);
  const values = (field: string) => new Set(packets.map((packet) => packet[field]?.[0] ?? ""));
  assert.deepEqual([...values("ip.src")], [wire.from]);
  assert.deepEqual([...values("ip.dsfield.dscp")], ["46"]);
  // The daemon sends with 64; what was forwarded has one less.
  assert.deepEqual([...values("ip.ttl")].toSorted(), ["63", "64"]);
  for (const port of values("udp.srcport")) {
    assert.ok(Number(port) % 2 === 0 && Number(port) >= 7070 && Number(port) <= 7089, port);
  }
}

/** Media in the kernel. */
export const OFFLOAD_SUITE: Suite = defineSuite({
  name: "offload",
  setUp: () => openOffloadBench(),
  tearDown: closeOffloadBench,
  cases: CASES,
});
