import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { peer } from "../../../tests/support/address.ts";
import type { Standing } from "../../access/flood_gate.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { Counters } from "../../metrics/counters.ts";
import type { ProxyInput } from "../../proxy/input.ts";
import { FloodGuard } from "./flood_guard.ts";

/** A guard whose messages take as long as a test says. */
class Bench {
  nowMs = 50_000;
  workMs = 0;
  standing: Standing = "stranger";
  readonly heard: string[] = [];
  readonly logs: LogEvent[] = [];
  readonly counters = new Counters();
  readonly guard = new FloodGuard({
    now: () => this.nowMs,
    receive: (input) => {
      this.heard.push(input.source.address);
      this.nowMs += this.workMs;
    },
    standingOf: () => this.standing,
    counters: this.counters,
    journal: { log: (event) => void this.logs.push(event) },
  });

  /** Sends messages, each of another source where `source` leaves the last part open. */
  send(source: string, count = 1, side: "lan" | "wan" = "wan"): void {
    for (let n = 0; n < count; n++) {
      const from = source.endsWith(".") ? `${source}${n % 250 + 1}` : source;
      this.guard.take(datagram(from, side));
    }
  }

  /** Spends 60 ms of the present 100 on a message of a phone. */
  load(): void {
    this.standing = "phone";
    this.workMs = 60;
    this.send("10.0.0.10", 1, "lan");
    this.workMs = 0;
    this.standing = "stranger";
    this.heard.length = 0;
  }
}

function datagram(source: string, side: "lan" | "wan"): ProxyInput {
  const local = peer(side === "wan" ? "203.0.113.1:5060" : "10.0.0.1:5060");
  return {
    data: new Uint8Array(40),
    source: peer(`${source}:5060`),
    listenPoint: { side, transport: "udp", local },
    connectionId: undefined,
  };
}

Deno.test("FloodGuard.take() hears everybody while there is time", () => {
  const bench = new Bench();
  bench.send("198.51.100.", 1_000);
  deepStrictEqual([bench.heard.length, bench.logs.length], [1_000, 0]);
});

Deno.test("FloodGuard.take() throws away what the gate refuses, and counts it", () => {
  const bench = new Bench();
  bench.load();
  bench.send("198.51.100.", 1_000);
  strictEqual(bench.heard.length, 60);
  deepStrictEqual(Object.fromEntries(bench.counters.snapshot()), {
    sip_received: 940,
    "sip_dropped{flood}": 940,
  });
});

Deno.test("FloodGuard.take() hears phones and providers under load", () => {
  for (const standing of ["phone", "peer"] as const) {
    const bench = new Bench();
    bench.load();
    bench.send("198.51.100.", 1_000);
    bench.heard.length = 0;
    bench.standing = standing;
    bench.send("192.0.2.10", 20);
    strictEqual(bench.heard.length, 20, standing);
  }
});

Deno.test("FloodGuard logs the begin and the end of a flood, one line each", () => {
  const bench = new Bench();
  bench.load();
  bench.send("198.51.100.", 1_000);
  bench.nowMs += 2_000;
  bench.load();
  bench.send("198.51.100.", 100);
  bench.nowMs += 4_999;
  bench.guard.tick();
  strictEqual(bench.logs.length, 1);
  bench.nowMs += 1;
  bench.guard.tick();
  bench.guard.tick();
  deepStrictEqual(bench.logs.map(({ level, event, text }) => ({ level, event, text })), [
    {
      level: "warning",
      event: "sip.flood",
      text: "Flood on the wan side: too many messages to read all, " +
        "dropping those of unknown senders, the first from 198.51.100.61",
    },
    {
      level: "warning",
      event: "sip.flood_over",
      text: "Flood on the wan side is over: 980 messages dropped in 2 s",
    },
  ]);
});

Deno.test("FloodGuard tells the floods of both sides apart", () => {
  const bench = new Bench();
  bench.load();
  bench.send("198.51.100.", 100, "wan");
  bench.send("10.0.7.", 100, "lan");
  deepStrictEqual(bench.logs.map(({ fields }) => fields), [
    { side: "wan", source: "198.51.100.61" },
    { side: "lan", source: "10.0.7.61" },
  ]);
});

Deno.test("FloodGuard.take() loses no message of a phone's stream, which is to be read slowly", () => {
  const bench = new Bench();
  bench.load();
  bench.standing = "phone";
  const input = { ...datagram("10.0.0.10", "lan"), connectionId: 7 };
  for (let n = 0; n < 300; n++) bench.guard.take(input);
  deepStrictEqual([bench.heard.length, bench.guard.restMs(input)], [300, 40]);
  bench.nowMs += 40;
  strictEqual(bench.guard.restMs(input), 0);
});

Deno.test("FloodGuard.restMs() lets nobody wait while there is time", () => {
  const bench = new Bench();
  bench.send("198.51.100.9", 500);
  strictEqual(bench.guard.restMs(datagram("198.51.100.9", "wan")), 0);
});
