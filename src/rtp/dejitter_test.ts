import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { seededRandom } from "../../tests/support/seeded_random.ts";
import { createDejitter, type Dejitter, dueTimeMs } from "./dejitter.ts";

const DELAY_MS = 20;

interface Sent {
  readonly stamp: number;
  readonly nowMs: number;
  readonly sourceId?: number;
}

function packetOf({ stamp, sourceId = 7 }: Sent): Uint8Array {
  const packet = new Uint8Array(12);
  const view = new DataView(packet.buffer);
  view.setUint16(0, 0x8000);
  view.setUint32(4, stamp >>> 0);
  view.setUint32(8, sourceId);
  return packet;
}

function play(dejitter: Dejitter, packets: readonly Sent[]): readonly number[] {
  return packets.map((sent) => dueTimeMs(dejitter, { packet: packetOf(sent), nowMs: sent.nowMs }));
}

/** How a simulated stream is sent. */
interface Stream {
  readonly packets: number;
  readonly ticksAMs: number;
  readonly periodMs: number;
  /** Longest time that a packet is held up on its way, evenly spread. */
  readonly jitterMs: number;
  readonly firstStamp?: number;
  readonly startMs?: number;
}

/** A stream through a network that holds packets up, but keeps their order. */
function jittery(stream: Stream): readonly Sent[] {
  const { packets, ticksAMs, periodMs, jitterMs, firstStamp = 0, startMs = 1000 } = stream;
  const random = seededRandom(11);
  let lastMs = 0;
  return Array.from({ length: packets }, (_, index) => {
    lastMs = Math.max(lastMs, startMs + index * periodMs + random() * jitterMs);
    return { stamp: firstStamp + index * periodMs * ticksAMs, nowMs: lastMs };
  });
}

/** Standard deviation of the distances from one time to the next. */
function spreadMs(times: readonly number[]): number {
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  return Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
}

function arrivals(packets: readonly Sent[]): readonly number[] {
  return packets.map(({ nowMs }) => nowMs);
}

/** A settled dejitter at 1000 + 20 × 49 = 1980 ms, timestamp 160 × 49 = 7840; the next packet is due 20 ms on. */
function settled(): Dejitter {
  const dejitter = createDejitter(DELAY_MS);
  play(dejitter, jittery({ packets: 50, ticksAMs: 8, periodMs: 20, jitterMs: 0 }));
  return dejitter;
}

Deno.test("dueTimeMs() spaces jittery streams evenly whatever their clock", () => {
  const table: readonly (readonly [what: string, stream: Stream, limitMs: number])[] = [
    ["G.711", { packets: 60, ticksAMs: 8, periodMs: 20, jitterMs: 20 }, 1.5],
    ["long G.711", { packets: 3000, ticksAMs: 8, periodMs: 20, jitterMs: 20 }, 0.5],
    ["G.722 at 16 kHz", { packets: 200, ticksAMs: 16, periodMs: 10, jitterMs: 15 }, 1],
    ["Opus", { packets: 200, ticksAMs: 48, periodMs: 20, jitterMs: 20 }, 1],
    ["video clock", { packets: 200, ticksAMs: 90, periodMs: 40, jitterMs: 20 }, 1],
    ["text clock", { packets: 200, ticksAMs: 1, periodMs: 300, jitterMs: 20 }, 1],
    ["timestamps that wrap", {
      packets: 200,
      ticksAMs: 8,
      periodMs: 20,
      jitterMs: 20,
      firstStamp: 2 ** 32 - 160 * 80,
    }, 1],
  ];
  for (const [what, stream, limitMs] of table) {
    const packets = jittery(stream);
    const dues = play(createDejitter(DELAY_MS), packets).slice(12);
    const before = spreadMs(arrivals(packets).slice(12));
    ok(before > 3, `${what}: spread before is ${before}`);
    ok(spreadMs(dues) < limitMs, `${what}: spread after is ${spreadMs(dues)}`);
  }
});

Deno.test("dueTimeMs() delays by the configured time on average", () => {
  const packets = jittery({ packets: 500, ticksAMs: 8, periodMs: 20, jitterMs: 20 });
  const dues = play(createDejitter(DELAY_MS), packets);
  const sum = dues.reduce((total, due, index) => total + due - (packets[index]?.nowMs ?? 0), 0);
  ok(Math.abs(sum / dues.length - DELAY_MS) < 1, `mean delay is ${sum / dues.length}`);
});

Deno.test("dueTimeMs() stays within now and now + 2 × delay, in order, under any input", () => {
  const random = seededRandom(5);
  for (const delayMs of [0.001, 5, 20, 1500]) {
    const dejitter = createDejitter(delayMs);
    let nowMs = 1000;
    let lastMs = 0;
    for (let count = 0; count < 20_000; count++) {
      nowMs += random() < 0.01 ? random() * 5000 : random() * 40;
      const stamp = random() < 0.05 ? random() * 2 ** 32 : nowMs * 8;
      const sourceId = random() < 0.01 ? 8 : 7;
      const dueMs = dueTimeMs(dejitter, { packet: packetOf({ stamp, nowMs, sourceId }), nowMs });
      ok(dueMs >= nowMs && dueMs <= nowMs + 2 * delayMs, `${count}: ${dueMs} at ${nowMs}`);
      ok(dueMs >= lastMs, `${count}: ${dueMs} after ${lastMs}`);
      lastMs = dueMs;
    }
  }
});

Deno.test("dueTimeMs() takes the first packets as undelayed", () => {
  const packets = jittery({ packets: 9, ticksAMs: 8, periodMs: 20, jitterMs: 20 });
  const dues = play(createDejitter(DELAY_MS), packets);
  deepStrictEqual(dues, packets.map(({ nowMs }) => nowMs + DELAY_MS));
});

Deno.test("dueTimeMs() of one packet off the pace", () => {
  const table: readonly (readonly [what: string, sent: Sent, dueMs: number])[] = [
    ["in time", { stamp: 8000, nowMs: 2000 }, 2020],
    ["so late that it goes at once", { stamp: 8000, nowMs: 2060 }, 2060],
    ["after a stall of the network", { stamp: 8000, nowMs: 2400 }, 2400],
    ["another source", { stamp: 8000, nowMs: 2010, sourceId: 8 }, 2030],
    ["timestamp jumped on", { stamp: 8000 + 16_000, nowMs: 2010 }, 2030],
    ["timestamp jumped far", { stamp: 8000 + 2 ** 30, nowMs: 2010 }, 2030],
    ["after a silence", { stamp: 8000, nowMs: 4000 }, 4020],
    ["same timestamp again", { stamp: 7840, nowMs: 2010 }, 2030],
    ["timestamp jumped back", { stamp: 0, nowMs: 2010 }, 2010],
  ];
  for (const [what, sent, dueMs] of table) {
    const [due = 0] = play(settled(), [sent]);
    ok(Math.abs(due - dueMs) < 1.5, `${what}: ${due}`);
  }
});

Deno.test("dueTimeMs() takes jitter out of a packet that is late or early by less than the delay", () => {
  for (const offMs of [-15, -5, 5, 15]) {
    const [due = 0] = play(settled(), [{ stamp: 8000, nowMs: 2000 + offMs }]);
    ok(Math.abs(due - 2020) <= Math.abs(offMs) * 0.15, `${offMs}: ${due}`);
  }
});

Deno.test("dueTimeMs() starts anew after another source, a jump and a silence, and settles again", () => {
  const stream = { packets: 60, ticksAMs: 8, periodMs: 20, jitterMs: 20 };
  const table: readonly (readonly [what: string, stream: Stream, sourceId: number])[] = [
    ["other source", { ...stream, startMs: 2000, firstStamp: 1_000_000 }, 8],
    ["jump on", { ...stream, startMs: 2000, firstStamp: 24_000 }, 7],
    ["jump far", { ...stream, startMs: 2000, firstStamp: 2 ** 31 }, 7],
    ["silence with a clock that stood still", { ...stream, startMs: 9000, firstStamp: 8000 }, 7],
  ];
  for (const [what, next, sourceId] of table) {
    const packets = jittery(next).map((sent) => ({ ...sent, sourceId }));
    const dues = play(settled(), packets);
    deepStrictEqual(
      dues.slice(0, 9).map((due, index) => due - (packets[index]?.nowMs ?? 0) >= DELAY_MS),
      new Array(9).fill(true),
      what,
    );
    ok(spreadMs(dues.slice(12)) < 1.5, `${what}: ${spreadMs(dues.slice(12))}`);
  }
});

Deno.test("dueTimeMs() follows a clock that jumped back once it is sure", () => {
  const dejitter = settled();
  const packets = jittery({
    packets: 100,
    ticksAMs: 8,
    periodMs: 20,
    jitterMs: 20,
    startMs: 2000,
    firstStamp: 800,
  });
  const dues = play(dejitter, packets);
  strictEqual(dues[0], packets[0]?.nowMs);
  ok(spreadMs(dues.slice(40)) < 1.5, `${spreadMs(dues.slice(40))}`);
});

Deno.test("dueTimeMs() keeps its pace over a stall of the network", () => {
  const dejitter = settled();
  const burst = Array.from({ length: 21 }, (_, index) => ({
    stamp: 8000 + 160 * index,
    nowMs: 2400 + index / 100,
  }));
  play(dejitter, burst);
  const [due = 0] = play(dejitter, [{ stamp: 8000 + 160 * 21, nowMs: 2420 }]);
  ok(due >= 2420 && due <= 2460, `${due}`);
  strictEqual(dejitter.packets > 50, true);
});

Deno.test("dueTimeMs() keeps its pace over single packets that are far too late", () => {
  const dejitter = settled();
  const packets = Array.from({ length: 30 }, (_, index) => [
    { stamp: 8000 + 16_000 * index, nowMs: 2000 + 2000 * index },
    { stamp: 8000 + 16_000 * index + 160, nowMs: 2000 + 2000 * index + 300 },
  ]);
  play(dejitter, packets.flat());
  strictEqual(dejitter.packets, 80);
});

Deno.test("dueTimeMs() starts anew after a jump while it still learns", () => {
  const before = jittery({ packets: 5, ticksAMs: 8, periodMs: 20, jitterMs: 20 });
  const stream = { packets: 60, ticksAMs: 8, periodMs: 20, jitterMs: 20, startMs: 1100 };
  const after = jittery({ ...stream, firstStamp: 2 ** 30 });
  const dues = play(createDejitter(DELAY_MS), [...before, ...after]);
  ok(spreadMs(dues.slice(17)) < 1.5, `${spreadMs(dues.slice(17))}`);
});

Deno.test("dueTimeMs() keeps the distance of packets with one timestamp", () => {
  const dejitter = settled();
  const dues = play(dejitter, [
    { stamp: 8000, nowMs: 2000 },
    { stamp: 8000, nowMs: 2020 },
    { stamp: 8000, nowMs: 2040 },
    { stamp: 8480, nowMs: 2060 },
  ]);
  deepStrictEqual(dues.map(Math.round), [2020, 2040, 2060, 2080]);
});

Deno.test("dueTimeMs() learns nothing from a clock that no media has", () => {
  const table: readonly (readonly [what: string, ticksAMs: number])[] = [
    ["slower than text", 0.4],
    ["faster than any audio", 1000],
    ["backwards", -8],
  ];
  for (const [what, ticksAMs] of table) {
    const packets = jittery({ packets: 100, ticksAMs, periodMs: 20, jitterMs: 10 });
    const dues = play(createDejitter(DELAY_MS), packets);
    deepStrictEqual(dues, packets.map(({ nowMs }) => nowMs + DELAY_MS), what);
  }
});
