import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import { CoreWorld } from "../../tests/support/core_world.ts";
import { configOf } from "../../tests/support/loopback_daemon.ts";
import type { Hop } from "./hop.ts";
import { RetransmissionTable } from "./retransmissions.ts";

const HOP: Hop = {
  side: "wan",
  transport: "udp",
  peer: peer("192.0.2.10:5070"),
  connectionId: undefined,
};

function start(method: string, key: string = method, lengthBytes = 4) {
  const request = { method, data: new Uint8Array(lengthBytes), hop: HOP };
  return { kind: "start", key, request } as const;
}

/** Moments at which a request goes out again, looked at every 100 ms. */
function repeats(table: RetransmissionTable, untilMs: number): readonly number[] {
  const moments: number[] = [];
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 100) {
    if (table.takeDue(nowMs).length > 0) moments.push(nowMs);
  }
  return moments;
}

Deno.test("RetransmissionTable repeats an INVITE by timer A until timer B", () => {
  const table = new RetransmissionTable();
  table.apply(start("INVITE"), 0);
  deepStrictEqual(repeats(table, 60_000), [500, 1_500, 3_500, 7_500, 15_500, 31_500]);
  deepStrictEqual([table.size, table.nextDueMs], [0, undefined]);
});

Deno.test("RetransmissionTable repeats other requests by timer E until timer F", () => {
  const table = new RetransmissionTable();
  table.apply(start("REGISTER"), 0);
  deepStrictEqual(repeats(table, 60_000), [
    500,
    1_500,
    3_500,
    7_500,
    11_500,
    15_500,
    19_500,
    23_500,
    27_500,
    31_500,
  ]);
});

Deno.test("RetransmissionTable: a provisional answer ends an INVITE's and slows another's down", () => {
  const table = new RetransmissionTable();
  table.apply(start("INVITE"), 0);
  table.apply(start("BYE"), 0);
  table.apply({ kind: "provisional", key: "INVITE" }, 100);
  table.apply({ kind: "provisional", key: "BYE" }, 100);
  deepStrictEqual(repeats(table, 9_000), [500, 4_500, 8_500]);
});

Deno.test("RetransmissionTable: a final answer ends it, one to something else does not", () => {
  const table = new RetransmissionTable();
  table.apply(start("BYE"), 0);
  table.apply({ kind: "stop", key: "other" }, 0);
  table.apply({ kind: "provisional", key: "other" }, 0);
  strictEqual(table.size, 1);
  table.apply({ kind: "stop", key: "BYE" }, 0);
  deepStrictEqual([table.size, table.nextDueMs, repeats(table, 1_000)], [0, undefined, []]);
});

Deno.test("RetransmissionTable.nextDueMs is the first of all", () => {
  const table = new RetransmissionTable();
  const seen = [table.nextDueMs];
  table.apply(start("BYE", "a"), 0);
  seen.push(table.nextDueMs);
  table.apply(start("BYE", "b"), 300);
  table.takeDue(500);
  seen.push(table.nextDueMs);
  table.takeDue(800);
  seen.push(table.nextDueMs);
  deepStrictEqual(seen, [undefined, 500, 800, 1_500]);
});

Deno.test("RetransmissionTable says once that a server is silent, and not of one that answered", () => {
  const table = new RetransmissionTable();
  table.apply(start("BYE", "silent"), 0);
  table.apply(start("OPTIONS", "slow"), 0);
  table.apply({ kind: "provisional", key: "slow" }, 0);
  const news: string[] = [];
  for (let nowMs = 0; nowMs < 10_000; nowMs += 100) {
    for (const due of table.takeDue(nowMs)) {
      if (due.news === "silent") news.push(`${due.request.method} ${nowMs}`);
    }
  }
  deepStrictEqual(news, ["BYE 3500"]);
});

Deno.test("RetransmissionTable takes 1,024 requests and 4 MiB, and the rest is sent once", () => {
  const many = new RetransmissionTable();
  for (let count = 0; count < 1_100; count++) many.apply(start("BYE", `${count}`), 0);
  const long = new RetransmissionTable();
  for (let count = 0; count < 80; count++) long.apply(start("BYE", `${count}`, 60_000), 0);
  deepStrictEqual([many.size, long.size], [1_024, 69]);
  for (let count = 0; count < 80; count++) long.apply({ kind: "stop", key: `${count}` }, 0);
  long.apply(start("BYE", "again", 60_000), 0);
  strictEqual(long.size, 1);
});

Deno.test("repeatRequests() tells the health of an outbound server that never answers", () => {
  const world = new CoreWorld({ config: configOf([]) });
  world.receive(
    [
      "REGISTER sip:192.0.2.10:5070;transport=udp SIP/2.0",
      "Via: SIP/2.0/TCP 10.0.0.10:5062;branch=z9hG4bKreg1",
      "Max-Forwards: 70",
      "From: <sip:alice@192.0.2.10>;tag=ra",
      "To: <sip:alice@192.0.2.10>",
      "Call-ID: reg-a",
      "CSeq: 1 REGISTER",
      "Content-Length: 0",
      "\r\n",
    ].join("\r\n"),
    { side: "lan", source: "10.0.0.10:40001", transport: "tcp" },
  );
  const kinds = [500, 1_000, 2_000, 4_000].map((stepMs) =>
    world.advance(stepMs).map(({ kind }) => kind)
  );
  deepStrictEqual(kinds, [["send"], ["send"], ["send", "peer-health"], ["send"]]);
});
