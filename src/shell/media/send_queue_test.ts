import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { relayEnd } from "../../../tests/support/relay_packets.ts";
import { createDejitter } from "../../rtp/dejitter.ts";
import type { MediaTarget, RelayEnd } from "../../rtp/relay_end.ts";
import { SendQueue, type SendQueueClock } from "./send_queue.ts";

/** Time that stands still until a test moves it, with at most one timer. */
class ManualClock implements SendQueueClock {
  now = 1000;
  #timer: { readonly atMs: number; readonly run: () => void } | undefined = undefined;

  readonly nowMs = (): number => this.now;

  readonly after = (delayMs: number, run: () => void): () => void => {
    strictEqual(this.#timer, undefined, "a second timer");
    const timer = { atMs: this.now + delayMs, run };
    this.#timer = timer;
    return () => {
      if (this.#timer === timer) this.#timer = undefined;
    };
  };

  /** When the timer goes off; undefined when none is set. */
  get timerAtMs(): number | undefined {
    return this.#timer?.atMs;
  }

  /** Lets time pass to the timer, and the sends end. */
  async fire(): Promise<void> {
    const timer = this.#timer;
    if (timer === undefined) throw new Error("no timer is set");
    this.#timer = undefined;
    this.now = Math.max(this.now, timer.atMs);
    timer.run();
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  }
}

/** What a socket was asked to send: when, the mark of the packet, the port. */
type SentPacket = readonly [atMs: number, mark: number, port: number];

class World {
  readonly clock: ManualClock = new ManualClock();
  readonly counters = { sendErrors: 0 };
  readonly queue: SendQueue = new SendQueue(this.counters, this.clock);
  readonly sent: SentPacket[] = [];
  fate: "sent" | "refused" = "sent";
  readonly #buffer = new Uint8Array(2048);

  /** An end of a stream whose RTP is delayed. */
  end(streamId: number, delayMs: number): RelayEnd {
    const end = relayEnd();
    const { outlet } = end;
    if (outlet === undefined) throw new Error("no outlet");
    const send = (packet: Uint8Array, target: MediaTarget): Promise<number> => {
      this.sent.push([this.clock.now, packet[1] ?? 0, target.port]);
      return this.fate === "sent" ? Promise.resolve(0) : Promise.reject(new Error("EPERM"));
    };
    const delayed = { outlet: { ...outlet, socket: { send } }, dejitter: createDejitter(delayMs) };
    return { ...end, ...delayed, streamId };
  }

  /** Lets a packet arrive in the one buffer that all packets share. */
  put(end: RelayEnd, mark: number, lengthBytes = 172): void {
    this.#buffer.fill(mark, 0, lengthBytes);
    this.queue.put(end, {
      packet: this.#buffer.subarray(0, lengthBytes),
      nowMs: this.clock.now,
    });
  }
}

Deno.test("SendQueue sends a copy of each packet when it is due, with one timer", async () => {
  const world = new World();
  const slow = world.end(1, 50);
  const quick = world.end(2, 20);
  world.put(slow, 1);
  strictEqual(world.clock.timerAtMs, 1050);
  world.put(quick, 2);
  strictEqual(world.clock.timerAtMs, 1020);
  world.clock.now = 1010;
  world.put(quick, 3);
  strictEqual(world.clock.timerAtMs, 1020);
  deepStrictEqual(world.queue.load, { packets: 3, bytes: 516 });
  await world.clock.fire();
  await world.clock.fire();
  await world.clock.fire();
  deepStrictEqual(world.sent, [[1020, 2, 9000], [1030, 3, 9000], [1050, 1, 9000]]);
  deepStrictEqual(world.queue.load, { packets: 0, bytes: 0 });
  strictEqual(world.clock.timerAtMs, undefined);
});

Deno.test("SendQueue sends all that is due by one timer, in order", async () => {
  const world = new World();
  const end = world.end(1, 20);
  for (const mark of [1, 2, 3, 4]) {
    world.put(end, mark);
    world.clock.now += 0.1;
  }
  await world.clock.fire();
  deepStrictEqual(world.sent.map(([, mark]) => mark), [1, 2, 3, 4]);
});

Deno.test("SendQueue heeds what became of the other party meanwhile", async () => {
  const world = new World();
  const end = world.end(1, 20);
  const { outlet } = end;
  if (outlet === undefined) throw new Error("no outlet");
  world.put(end, 1);
  outlet.target = { transport: "udp", hostname: "203.0.113.9", port: 9100 };
  await world.clock.fire();
  world.put(end, 2);
  outlet.target = undefined;
  await world.clock.fire();
  world.put(end, 3);
  end.outlet = undefined;
  await world.clock.fire();
  deepStrictEqual(world.sent, [[1020, 1, 9100]]);
  strictEqual(world.counters.sendErrors, 0);
});

Deno.test("SendQueue counts refused sends and goes on", async () => {
  const world = new World();
  const end = world.end(1, 20);
  world.fate = "refused";
  world.put(end, 1);
  await world.clock.fire();
  world.put(end, 2);
  await world.clock.fire();
  strictEqual(world.sent.length, 2);
  strictEqual(world.counters.sendErrors, 2);
});

Deno.test("SendQueue.put() leaves an end without dejitter alone", () => {
  const world = new World();
  world.put({ ...world.end(1, 20), dejitter: undefined }, 1);
  deepStrictEqual(world.queue.load, { packets: 0, bytes: 0 });
  strictEqual(world.clock.timerAtMs, undefined);
});

Deno.test("SendQueue sends its earliest packets at once when it is full", () => {
  const table: readonly (readonly [what: string, lengthBytes: number, most: number])[] = [
    ["packets", 12, 10_240],
    ["bytes", 2047, 4098],
  ];
  for (const [what, lengthBytes, most] of table) {
    const world = new World();
    const end = world.end(1, 1500);
    for (let count = 0; count < most; count++) world.put(end, count % 200, lengthBytes);
    strictEqual(world.sent.length, 0, what);
    for (const mark of [201, 202, 203]) world.put(end, mark, lengthBytes);
    deepStrictEqual(world.queue.load, { packets: most, bytes: most * lengthBytes }, what);
    const atOnce = world.sent.map(([atMs, mark]) => `${atMs}.${mark}`);
    deepStrictEqual(atOnce, ["1000.0", "1000.1", "1000.2"], what);
  }
});

Deno.test("SendQueue.drop() forgets the packets of one stream only", async () => {
  const world = new World();
  const gone = world.end(1, 20);
  const stays = world.end(2, 50);
  world.put(gone, 1);
  world.put(stays, 2);
  world.queue.drop(1);
  deepStrictEqual(world.queue.load, { packets: 1, bytes: 172 });
  strictEqual(world.clock.timerAtMs, 1050);
  await world.clock.fire();
  deepStrictEqual(world.sent, [[1050, 2, 9000]]);
});

Deno.test("SendQueue.close() leaves neither packets nor a timer and takes no more", async () => {
  const world = new World();
  const end = world.end(1, 20);
  world.put(end, 1);
  world.put(end, 2);
  world.queue.close();
  world.put(end, 3);
  world.queue.drop(1);
  deepStrictEqual(world.queue.load, { packets: 0, bytes: 0 });
  strictEqual(world.clock.timerAtMs, undefined);
  await Promise.resolve();
  deepStrictEqual(world.sent, []);
});

Deno.test("SendQueue.close() ends a sending that is under way", async () => {
  const world = new World();
  const end = world.end(1, 20);
  const { outlet } = end;
  if (outlet === undefined) throw new Error("no outlet");
  const first = Promise.withResolvers<number>();
  let sends = 0;
  end.outlet = {
    ...outlet,
    socket: {
      send: () => {
        sends++;
        return first.promise;
      },
    },
  };
  world.put(end, 1);
  world.put(end, 2);
  await world.clock.fire();
  world.put(end, 3);
  strictEqual(world.clock.timerAtMs, undefined);
  world.queue.close();
  first.resolve(0);
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  world.put(end, 4);
  strictEqual(sends, 1);
  deepStrictEqual(world.queue.load, { packets: 0, bytes: 0 });
  strictEqual(world.clock.timerAtMs, undefined);
});

Deno.test("SendQueue sends by the system's clock unless told otherwise", async () => {
  const done = Promise.withResolvers<number>();
  const queue = new SendQueue({ sendErrors: 0 });
  const end = new World().end(1, 5);
  const { outlet } = end;
  if (outlet === undefined) throw new Error("no outlet");
  end.outlet = {
    ...outlet,
    socket: {
      send: (packet) => {
        done.resolve(packet.length);
        return Promise.resolve(packet.length);
      },
    },
  };
  queue.put(end, { packet: new Uint8Array(12), nowMs: performance.now() });
  strictEqual(await done.promise, 12);
  queue.close();
});
