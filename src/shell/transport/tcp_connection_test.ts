import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import { ip, peer } from "../../../tests/support/address.ts";
import { FakeStream, settle } from "../../../tests/support/fake_stream.ts";
import type { Hop } from "../../proxy/hop.ts";
import { TcpConnection } from "./tcp_connection.ts";
import { WriteBudget } from "./write_budget.ts";

const PHONE = peer("10.0.0.10:40001");
const HOP: Hop = { side: "lan", transport: "tcp", peer: PHONE, connectionId: 1 };
const LISTEN_POINT = {
  side: "lan",
  transport: "tcp",
  local: { address: ip("10.0.0.1"), port: 5060 },
} as const;

const OPTIONS = "OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 2\r\n\r\nhi";

/** How a far end is treated. */
interface Manners {
  readonly pings?: "answered" | "ignored";
  /** Rests in milliseconds, one a question; none after the last. */
  readonly rests?: number[];
}

/** A connection to a far end, and everything its owner is told. */
function openConnection({ pings = "answered", rests = [] }: Manners = {}) {
  const stream = new FakeStream();
  const clock = { nowMs: 0 };
  const told: string[] = [];
  const budget = new WriteBudget();
  const connection = new TcpConnection({
    id: 1,
    stream,
    peer: PHONE,
    listenPoint: LISTEN_POINT,
    now: () => clock.nowMs,
    budget,
    answersPings: () => pings === "answered",
    restMs: () => rests.shift() ?? 0,
    events: {
      onMessage: (data) => told.push(new TextDecoder().decode(data)),
      onClosed: (_, { reason, unsent }) => told.push(`closed ${reason} ${unsent.length}`),
    },
  });
  const send = (data: string | Uint8Array<ArrayBuffer>) =>
    connection.send({
      data: typeof data === "string" ? new TextEncoder().encode(data) : data,
      hop: HOP,
    });
  return { stream, clock, told, budget, connection, send };
}

Deno.test("TcpConnection tells each message, however it is cut and glued", async () => {
  const { stream, told, connection } = openConnection();
  await stream.arrive(OPTIONS.slice(0, 10));
  await stream.arrive(OPTIONS.slice(10) + OPTIONS + "\r\n" + OPTIONS.slice(0, 40));
  await stream.arrive(OPTIONS.slice(40));
  deepStrictEqual([told, connection.hasSpoken], [[OPTIONS, OPTIONS, OPTIONS], true]);
});

Deno.test("TcpConnection takes a message that is longer than one read", async () => {
  const { stream, told } = openConnection();
  const body = "x".repeat(20_000);
  const message = `MESSAGE sip:a@b SIP/2.0\r\nContent-Length: 20000\r\n\r\n${body}`;
  await stream.arrive(message);
  await settle();
  deepStrictEqual(told, [message]);
});

Deno.test("TcpConnection answers a ping with a pong and a pong with nothing", async () => {
  const { stream, told } = openConnection();
  await stream.arrive("\r\n\r\n");
  deepStrictEqual(stream.written, ["\r\n"]);
  await stream.arrive("\r\n");
  deepStrictEqual([stream.written, told], [["\r\n"], []]);
});

Deno.test("TcpConnection writes not an octet to one who is not to hear from us", async () => {
  const { stream, clock, told, connection } = openConnection({ pings: "ignored" });
  await stream.arrive("\r\n\r\n");
  clock.nowMs = 60_000;
  connection.keepAlive(20_000);
  await settle();
  await stream.arrive(OPTIONS);
  deepStrictEqual([stream.written, told], [[], [OPTIONS]]);
});

Deno.test("TcpConnection lets what it has read wait, and asks again when the time is over", async () => {
  using time = new FakeTime();
  const { stream, told } = openConnection({ rests: [30, 10] });
  const arrival = stream.arrive(OPTIONS);
  const seen: number[] = [];
  for (const ms of [0, 29, 1, 9, 1]) {
    await time.tickAsync(ms);
    await time.tickAsync(0);
    seen.push(told.length);
  }
  await arrival;
  deepStrictEqual(seen, [0, 0, 0, 0, 1]);
});

Deno.test("TcpConnection reads nothing more that waits when it is closed", async () => {
  using time = new FakeTime();
  const { stream, told, connection } = openConnection({ rests: [30] });
  const arrival = stream.arrive(OPTIONS);
  await time.tickAsync(10);
  connection.close("idle");
  await time.tickAsync(30);
  await arrival;
  deepStrictEqual(told, ["closed idle 0"]);
});

Deno.test("TcpConnection closes at once what is no SIP", async () => {
  const { stream, told, connection } = openConnection();
  await stream.arrive("POST / HTTP/1.1\r\nContent-Length: 90\r\n\r\nREGISTER sip:a@b SIP/2.0\r\n");
  deepStrictEqual([told, stream.isClosed, connection.isOpen], [["closed not-sip 0"], true, false]);
});

Deno.test("TcpConnection lets an unframeable request be answered before it closes", async () => {
  const stream = new FakeStream();
  const told: string[] = [];
  new TcpConnection({
    id: 1,
    stream,
    peer: PHONE,
    listenPoint: LISTEN_POINT,
    now: () => 0,
    budget: new WriteBudget(),
    events: {
      onMessage: (_, connection) => {
        connection.send({ data: new TextEncoder().encode("SIP/2.0 400\r\n"), hop: HOP });
      },
      onClosed: (_, { reason }) => told.push(reason),
    },
  });
  await stream.arrive("OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\n\r\n");
  deepStrictEqual([stream.written, told, stream.isClosed], [
    ["SIP/2.0 400\r\n"],
    ["framing"],
    true,
  ]);
});

Deno.test("TcpConnection.send() writes in order and gives the budget back", async () => {
  const { stream, send, budget } = openConnection();
  stream.stall();
  deepStrictEqual([send("one"), send("two")], ["taken", "taken"]);
  strictEqual(budget.usedBytes, 6);
  await stream.resume();
  deepStrictEqual([stream.written, budget.usedBytes], [["one", "two"], 0]);
});

Deno.test("TcpConnection.send() writes together what waits, in pieces of 64 KiB", async () => {
  const { stream, send, budget } = openConnection();
  stream.stall();
  send("first");
  for (const digit of "0123456789") send(digit.repeat(10_000));
  await stream.resume();
  const whole = ["first", ..."0123456789"].map((text) =>
    text.length > 1 ? text : text.repeat(10_000)
  );
  deepStrictEqual(stream.written.map(({ length }) => length), [5, 60_000, 40_000]);
  deepStrictEqual([stream.written.join(""), budget.usedBytes], [whole.join(""), 0]);
});

Deno.test("TcpConnection.send() closes a peer that lets a mebibyte pile up", async () => {
  const { stream, send, told, budget } = openConnection();
  stream.stall();
  const outcomes = Array.from({ length: 3 }, () => send(new Uint8Array(400_000)));
  deepStrictEqual(outcomes, ["taken", "taken", "refused"]);
  await settle();
  deepStrictEqual([told, budget.usedBytes, send("late")], [["closed slow-reader 2"], 0, "refused"]);
});

Deno.test("TcpConnection.overdue() finds a write that makes no progress", async () => {
  const { stream, send, clock, connection } = openConnection();
  stream.stall();
  send("one");
  clock.nowMs = 9_999;
  const before = connection.overdue();
  clock.nowMs = 10_000;
  deepStrictEqual([before, connection.overdue()], [undefined, "slow-reader"]);
  await stream.resume();
  strictEqual(connection.overdue(), undefined);
});

Deno.test("TcpConnection reads no more from a peer that does not take its answers", async () => {
  const { stream, send, told } = openConnection();
  stream.stall();
  send(new Uint8Array(300_000));
  await stream.arrive(OPTIONS);
  await stream.arrive(OPTIONS);
  const whileStalled = told.length;
  await stream.resume();
  deepStrictEqual([whileStalled, told.length], [1, 2]);
});

Deno.test("TcpConnection.overdue() counts a message from its first octet, however it trickles in", async () => {
  const { stream, clock, connection } = openConnection();
  for (const at of [0, 3_000, 6_000, 9_000]) {
    clock.nowMs = at;
    await stream.arrive(OPTIONS.slice(at / 3_000, at / 3_000 + 1));
  }
  clock.nowMs = 10_000;
  strictEqual(connection.overdue(), "partial-message");
});

Deno.test("TcpConnection.overdue() begins anew with each whole message", async () => {
  const { stream, clock, connection } = openConnection();
  await stream.arrive(OPTIONS.slice(0, 9));
  clock.nowMs = 9_000;
  await stream.arrive(OPTIONS.slice(9) + OPTIONS.slice(0, 5));
  clock.nowMs = 18_999;
  const before = connection.overdue();
  clock.nowMs = 19_000;
  deepStrictEqual([before, connection.overdue()], [undefined, "partial-message"]);
});

Deno.test("TcpConnection.keepAlive() sends CRLF once a period and is no SIP traffic", async () => {
  const { stream, clock, connection } = openConnection();
  clock.nowMs = 19_999;
  connection.keepAlive(20_000);
  await settle();
  const early = stream.written.length;
  clock.nowMs = 20_000;
  connection.keepAlive(20_000);
  await settle();
  connection.keepAlive(20_000);
  await settle();
  deepStrictEqual([early, stream.written, connection.lastMessageMs], [0, ["\r\n"], 0]);
});

Deno.test("TcpConnection.lastMessageMs follows messages both ways and excuses", async () => {
  const { stream, clock, connection, send } = openConnection();
  const seen = [connection.lastMessageMs];
  clock.nowMs = 5;
  await stream.arrive(OPTIONS);
  seen.push(connection.lastMessageMs);
  clock.nowMs = 7;
  send("x");
  seen.push(connection.lastMessageMs);
  clock.nowMs = 9;
  connection.excuseIdle();
  seen.push(connection.lastMessageMs);
  deepStrictEqual(seen, [0, 5, 7, 9]);
});

Deno.test("TcpConnection writes what it still has when the peer has ended its half", async () => {
  const { stream, send, told } = openConnection();
  stream.stall();
  send("answer");
  await stream.arrive(null);
  const whileStalled = [...told];
  await stream.resume();
  deepStrictEqual([whileStalled, stream.written, told], [[], ["answer"], ["closed peer-closed 0"]]);
});

Deno.test("TcpConnection.close() is told once, with what was not written", async () => {
  const { stream, send, told, connection } = openConnection();
  stream.stall();
  send("one");
  connection.close("idle");
  connection.close("evicted");
  await settle();
  deepStrictEqual([told, stream.written], [["closed idle 1"], []]);
});
