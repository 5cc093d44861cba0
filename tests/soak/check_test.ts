import { deepStrictEqual } from "node:assert/strict";
import { parseMetrics } from "../traffic/figures.ts";
import {
  type Account,
  type Check,
  checkAccounts,
  checkHandles,
  checkLog,
  checkMemory,
  type Sample,
} from "./check.ts";

function samplesOf(residentKb: (n: number) => number): readonly Sample[] {
  return Array.from({ length: 60 }, (_, n) => {
    return {
      atMs: n * 5_000,
      residentKb: residentKb(n),
      heapKb: residentKb(n),
      handles: 1,
      threads: 1,
    };
  });
}

const LEVELS: readonly (readonly [string, (n: number) => number, readonly string[]])[] = [
  ["a level line", () => 100_000, ["passed", "passed"]],
  ["a saw-tooth", (n) => 100_000 + 4_000 * (n % 7), ["passed", "passed"]],
  ["growth at the start only", (n) => 100_000 + 5_000 * Math.min(n, 20), ["passed", "passed"]],
  ["the rising edge of a saw-tooth", (n) => 100_000 + 350 * n, ["passed", "failed"]],
  ["a big leak", (n) => 100_000 + 500 * n, ["failed", "failed"]],
  ["one that shrinks", (n) => 100_000 - 250 * n, ["passed", "passed"]],
];

for (const [name, sizeKb, expected] of LEVELS) {
  Deno.test(`checkMemory() judges ${name}, of the binary and of one that collects`, () => {
    const verdicts = (["binary", "collecting"] as const).map((program) =>
      checkMemory(samplesOf(sizeKb), program)[0]?.verdict
    );
    deepStrictEqual(verdicts, expected);
  });
}

Deno.test("checkMemory() judges process and heap of the binary, and nothing by two samples", () => {
  const leaking = samplesOf(() => 1).map((sample, n) => ({ ...sample, heapKb: 20_000 + 400 * n }));
  deepStrictEqual(
    [leaking, leaking.slice(0, 3)].map((samples) =>
      checkMemory(samples, "binary").map(({ verdict }) => verdict)
    ),
    [["passed", "failed"], ["failed", "failed"]],
  );
});

const METRICS = parseMetrics(`# TYPE siproxd_calls_total counter
siproxd_calls_total{direction="outgoing",outcome="answered"} 6
siproxd_calls_total{direction="incoming",outcome="unanswered"} 2
siproxd_calls_active{phase="confirmed"} 0
siproxd_rtp_streams_total 8
siproxd_rtp_streams_active 0
siproxd_sip_messages_total{dir="received"} 100
siproxd_sip_messages_total{dir="sent"} 90
siproxd_sip_bug_total 0
siproxd_rtp_packets_total{dir="from_phones"} 1000
siproxd_rtp_packets_total{dir="from_internet"} 900
siproxd_rtp_dropped_total{reason="source"} 5
siproxd_rtp_dropped_total{reason="unknown_party"} 1
siproxd_rtp_send_errors_total 2
`);

const GOOD: Account = {
  metrics: METRICS,
  counts: {
    calls: 8,
    answered: 6,
    refused: 2,
    reinvites: 1,
    registrations: 3,
    mostAtOnce: 3,
    strange: 5,
    lan: { sent: 1_000, received: 898, refused: 0 },
    wan: { sent: 901, received: 1_000, refused: 0 },
  },
  repeatedInvites: 0,
  messages: { sent: 100, received: 90 },
  kernelDrops: 0,
};

function failed(checks: readonly Check[]): readonly string[] {
  return checks.filter(({ verdict }) => verdict === "failed").map(({ name }) => name);
}

function without(counts: Partial<Account["counts"]>): Account {
  return { ...GOOD, counts: { ...GOOD.counts, ...counts } };
}

const ACCOUNTS: readonly (readonly [string, Account, readonly string[]])[] = [
  ["what adds up", GOOD, []],
  ["a call that was not counted", without({ calls: 9, refused: 3 }), [
    "calls that began are calls that ended",
  ]],
  ["a leg that a repeated INVITE began again", {
    ...without({ calls: 7, refused: 1 }),
    repeatedInvites: 1,
  }, []],
  ["a leg that nobody began", without({ calls: 7, refused: 1 }), [
    "calls that began are calls that ended",
  ]],
  ["a call without its stream", {
    ...GOOD,
    metrics: new Map([...METRICS, ["siproxd_rtp_streams_total", 7]]),
  }, ["each call had one stream, none is left"]],
  ["a lost message", { ...GOOD, messages: { sent: 101, received: 90 } }, ["SIP messages add up"]],
  ["a message that the kernel dropped", {
    ...GOOD,
    messages: { sent: 101, received: 90 },
    kernelDrops: 1,
  }, []],
  ["a packet that vanished inside", without({ lan: { ...GOOD.counts.lan, received: 897 } }), [
    "packets relayed are packets heard",
  ]],
  ["a packet that was never counted", without({ wan: { ...GOOD.counts.wan, sent: 902 } }), [
    "packets in are packets relayed or dropped for a reason",
  ]],
  ["a stranger who was heard", without({ strange: 6, lan: { ...GOOD.counts.lan, sent: 999 } }), [
    "packets from strangers were dropped for that reason",
  ]],
];

for (const [name, account, expected] of ACCOUNTS) {
  Deno.test(`checkAccounts() judges ${name}`, () => {
    deepStrictEqual(failed(checkAccounts(account)), expected);
  });
}

Deno.test("checkLog() finds errors and warnings, but not that a first start has no file", () => {
  const start = "1 WARNING:registrar registration file not found, starting with empty table\n";
  deepStrictEqual(
    [start, `${start}2 ERROR:shell bug\n`, "2 WARNING:rtp odd\n", "3 INFO:siproxd ERROR-free\n"]
      .map((log) => checkLog(log).verdict),
    ["passed", "failed", "failed", "passed"],
  );
});

Deno.test("checkHandles() wants no more handles than before", () => {
  deepStrictEqual([9, 10, 11].map((after) => checkHandles(10, after).verdict), [
    "passed",
    "passed",
    "failed",
  ]);
});
