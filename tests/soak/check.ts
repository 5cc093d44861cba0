import type { ChurnCounts } from "./churn.ts";
import { type Metrics, type ProcessFigures, sumOf } from "../traffic/figures.ts";
import { type Point, theilSen, type Trend } from "./slope.ts";
import type { SoakProgram } from "./soak_daemon.ts";

/** One thing that has to hold after a soak. */
export interface Check {
  readonly name: string;
  readonly verdict: "passed" | "failed";
  /** The figures it was judged by. */
  readonly figures: string;
}

/** One look at the running daemon. */
export interface Sample extends ProcessFigures {
  readonly atMs: number;
  readonly heapKb: number;
}

/** What the accounts are made of. */
export interface Account {
  readonly metrics: Metrics;
  readonly counts: ChurnCounts;
  /**
   * INVITEs that were sent again on a busy machine: one that crosses its refusal begins a second leg, which the same
   * refusal, sent again, ends. A proxy that keeps no transactions cannot know better.
   */
  readonly repeatedInvites: number;
  /** SIP messages of the peers. */
  readonly messages: { readonly sent: number; readonly received: number };
  /** Datagrams that the kernel dropped meanwhile, because a receive buffer was full. */
  readonly kernelDrops: number;
}

/** Share of the samples that is left out: heaps and tables find their size. */
const WARM_UP_SHARE = 1 / 3;

/**
 * Growth over a run that is no leak, in kB.
 *
 * The binary's memory is a saw-tooth: garbage that has grown old lies about until V8 collects it, which takes it from
 * 17 MB in use to 24 MB in the signalling isolate, some 4 MB each in the other two, and comes once in 20 minutes of 30
 * calls. A short run sees a rising edge only. A program that collects everything each time shows what is really in use;
 * its process is not judged, since hundreds of sockets rest after as many fast calls.
 */
const RESIDENT_BAND_KB = 16_384;
const HEAP_BAND_KB: Readonly<Record<SoakProgram, number>> = { binary: 12_288, collecting: 2_048 };

function judge(name: string, isGood: unknown, figures: string): Check {
  return { name, verdict: isGood === true ? "passed" : "failed", figures };
}

/** Judges whether the memory kept its level in the last two thirds of the samples. */
export function checkMemory(samples: readonly Sample[], program: SoakProgram): readonly Check[] {
  const late = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const heap = level("heap of supervisor and signalling", {
    bandKb: HEAP_BAND_KB[program],
    late,
    read: (one) => one.heapKb,
  });
  if (program === "collecting") return [heap];
  const read = (one: Sample) => one.residentKb;
  return [level("memory of the process", { bandKb: RESIDENT_BAND_KB, late, read }), heap];
}

function level(
  name: string,
  what: {
    readonly bandKb: number;
    readonly late: readonly Sample[];
    readonly read: (sample: Sample) => number;
  },
): Check {
  const { bandKb, late, read } = what;
  const points: Point[] = late.map((one) => ({ x: one.atMs / 60_000, y: read(one) }));
  const trend = theilSen(points);
  const isLevel = points.length > 2 && trend.growth <= bandKb;
  return judge(`${name} keeps its level`, isLevel, trendText(trend, { bandKb, points }));
}

function trendText(
  { slope, growth, spread }: Trend,
  { bandKb, points }: { readonly bandKb: number; readonly points: readonly Point[] },
): string {
  const [first, last] = [points[0]?.y ?? 0, points.at(-1)?.y ?? 0];
  return `${points.length} samples, ${Math.round(first)} … ${Math.round(last)} kB, slope ` +
    `${slope.toFixed(1)} kB/min, growth ${growth.toFixed(0)} kB, spread ${spread.toFixed(0)} kB, ` +
    `band ${bandKb.toFixed(0)} kB`;
}

/** Judges whether everything that was counted on one side was counted on the other. */
export function checkAccounts(account: Account): readonly Check[] {
  return [...callAccounts(account), ...messageAccounts(account), ...packetAccounts(account)];
}

function callAccounts({ metrics, counts, repeatedInvites }: Account): readonly Check[] {
  const ended = sumOf(metrics, "siproxd_calls_total");
  const answered = sumOf(metrics, 'siproxd_calls_total{outcome="answered"}');
  const active = sumOf(metrics, "siproxd_calls_active");
  const streams = sumOf(metrics, "siproxd_rtp_streams_total");
  const live = sumOf(metrics, "siproxd_rtp_streams_active");
  const isNear = (found: number, wanted: number) =>
    found >= wanted && found <= wanted + repeatedInvites;
  return [
    judge(
      "calls that began are calls that ended",
      isNear(ended, counts.calls) && active === 0,
      `tried ${counts.calls} (INVITE sent again ${repeatedInvites} times), ended ${ended}, ` +
        `active ${active}`,
    ),
    judge(
      "answered calls are those that were taken",
      isNear(answered, counts.answered) && counts.calls === counts.answered + counts.refused,
      `taken ${counts.answered}, busy ${counts.refused}, counted as answered ${answered}`,
    ),
    judge(
      "each call had one stream, none is left",
      isNear(streams, ended) && live === 0,
      `ended ${ended}, streams ${streams}, left ${live}`,
    ),
  ];
}

function messageAccounts({ metrics, messages, kernelDrops }: Account): readonly Check[] {
  const received = sumOf(metrics, 'siproxd_sip_messages_total{dir="received"}');
  const sent = sumOf(metrics, 'siproxd_sip_messages_total{dir="sent"}');
  const [lostIn, lostOut] = [messages.sent - received, sent - messages.received];
  return [
    judge(
      "SIP messages add up",
      [lostIn, lostOut].every((lost) => lost >= 0 && lost <= kernelDrops),
      `peers sent ${messages.sent}, daemon received ${received}; ` +
        `daemon sent ${sent}, peers received ${messages.received}`,
    ),
    judge(
      "no SIP message met a bug or could not be sent",
      sumOf(metrics, "siproxd_sip_bug_total") + sumOf(metrics, "siproxd_sip_send_failed_total") ===
        0,
      `bugs ${sumOf(metrics, "siproxd_sip_bug_total")}, ` +
        `failed ${sumOf(metrics, "siproxd_sip_send_failed_total")}`,
    ),
  ];
}

function packetAccounts({ metrics, counts, kernelDrops }: Account): readonly Check[] {
  const fromLan = sumOf(metrics, 'siproxd_rtp_packets_total{dir="from_phones"}');
  const fromWan = sumOf(metrics, 'siproxd_rtp_packets_total{dir="from_internet"}');
  const dropped = sumOf(metrics, "siproxd_rtp_dropped_total");
  const strange = sumOf(metrics, 'siproxd_rtp_dropped_total{reason="source"}');
  const errors = sumOf(metrics, "siproxd_rtp_send_errors_total");
  const into = counts.lan.sent + counts.wan.sent + counts.strange;
  const lostIn = into - fromLan - fromWan - dropped;
  const lostOut = fromLan + fromWan - errors - counts.lan.received - counts.wan.received;
  return [
    judge(
      "packets in are packets relayed or dropped for a reason",
      lostIn >= 0 && lostIn <= kernelDrops,
      `in ${into} (${
        counts.lan.refused + counts.wan.refused
      } more refused by the system), relayed ${
        fromLan + fromWan
      }, dropped ${dropped}, lost by the kernel ${lostIn} ` +
        `of ${kernelDrops}`,
    ),
    judge(
      "packets relayed are packets heard",
      lostOut >= 0 && lostOut <= kernelDrops,
      `relayed ${fromLan + fromWan}, send errors ${errors}, heard ` +
        `${counts.lan.received + counts.wan.received}, lost by the kernel ${lostOut}`,
    ),
    judge(
      "packets from strangers were dropped for that reason",
      strange >= counts.strange - kernelDrops && counts.strange > 0,
      `sent by strangers ${counts.strange}, dropped as such ${strange}`,
    ),
  ];
}

/** Lines of a log that tell of an error, or of a warning after the start. */
export function checkLog(log: string): Check {
  const lines = log.split("\n").filter((line) => / (ERROR|WARNING):/.test(line));
  const bad = lines.filter((line) => !line.includes("registration file not found"));
  return judge(
    "no error and no warning is in the log",
    bad.length === 0,
    `${bad.length} lines${bad.slice(0, 3).map((line) => `\n     ${line}`).join("")}`,
  );
}

/** Judges handles against those of the idle daemon. */
export function checkHandles(idle: number, after: number): Check {
  return judge("handles are back to the idle count", after <= idle, `idle ${idle}, after ${after}`);
}
