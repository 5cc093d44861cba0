/** What the calls' own media went through, beside the same calls without an attack. */

import type { Figures } from "../../bench/load.ts";
import {
  judgeMedia,
  keepsDelay,
  keepsLoss,
  LOSS_LIMIT,
  type MediaSeconds,
  P99_LIMIT_MS,
  takesOff,
} from "../../support/media_judgement.ts";
import type { FigureReport } from "./figures.ts";

const RETRIES = 1;
/** Where only the bare relay's own time makes the limit hold: looks for a calmer moment. */
const EXCUSED_ATTEMPTS = 3;
/** On a busy machine. */
const MAX_ATTEMPTS = 8;

/** Calls that were measured at the same time, and which of them have to keep the limit of delay as well. */
export interface Measurement {
  readonly calls: Figures;
  /** A call whose loss counts alone: its port is under attack. */
  readonly attacked?: Figures;
}

/** The same with the calls through the bare relay, which were measured in the same seconds. */
export interface MeasuredBeside extends Measurement {
  readonly bare: Figures;
}

/** What a measurement is judged by. */
export interface MediaOptions {
  readonly attack: string;
  /** The same calls before the attack. */
  readonly control: Figures;
  /** Measures the bare relay as long as the calls. */
  readonly bare: () => Promise<Figures>;
  readonly report: FigureReport;
}

/**
 * Measures; where a limit is missed once more, and says so. On a machine that others keep busy, which shows in a sender
 * that is late, in calls that are slow without an attack or in a bare relay that is slow beside it, it is measured again
 * more often.
 */
export async function mediaWithRetry(
  measure: () => Promise<Measurement>,
  options: MediaOptions,
): Promise<MeasuredBeside> {
  const { attack, control, report } = options;
  let misses = 0;
  for (let attempts = 1;; attempts++) {
    const [measurement, bare] = await Promise.all([measure(), options.bare()]);
    const measured = { ...measurement, bare };
    const verdict = judgeMedia({
      measured: worstOf(measurement),
      bare: secondsOf(bare),
      control: secondsOf(control),
    });
    if (verdict === "holds") return measured;
    if (verdict === "miss") misses++;
    const most = verdict === "excused" ? EXCUSED_ATTEMPTS : MAX_ATTEMPTS;
    if (misses > RETRIES || attempts >= most || !report.hasTime) return measured;
    report.note(`${attack}: again after ${missText(measured)}`);
  }
}

/** The attacked call's delay is its own affair, its loss and its sender are not. */
function worstOf({ calls, attacked = calls }: Measurement): MediaSeconds {
  const { p99Ms, lateMs, lossShare } = secondsOf(calls);
  const other = secondsOf(attacked);
  return {
    p99Ms,
    lateMs: Math.max(lateMs, other.lateMs),
    lossShare: Math.max(lossShare, other.lossShare),
  };
}

function missText(measured: MeasuredBeside): string {
  const { calls, attacked, bare } = measured;
  const alone = attacked === undefined ? "" : `, of the attacked call ${lossText(attacked)}`;
  const late = Math.max(worstOf(measured).lateMs, secondsOf(bare).lateMs);
  const beside = `a bare relay beside it ${p99Ms(bare)} ms, loss ${lossText(bare)}`;
  return `p99 ${p99Ms(calls)} ms, loss ${
    lossText(calls)
  }${alone}; sender late by ${late} ms, ${beside}`;
}

/** Reports delay, loss, and what reached a phone that was not meant for it. */
export function mediaFigures(
  measured: Figures,
  options: {
    readonly attack: string;
    readonly control: Figures;
    readonly bare: Figures;
    readonly report: FigureReport;
  },
): void {
  const { attack, control, bare, report } = options;
  const limit = `below ${P99_LIMIT_MS} ms`;
  report.add({
    attack,
    what: "relay p99",
    value: p99Ms(measured),
    unit: "ms",
    limit: takesOff(secondsOf(bare)) ? `${limit} more than a bare relay` : limit,
    holds: keepsDelay(secondsOf(measured), secondsOf(bare)),
    beside: `${p99Ms(control)} ms without attack, a bare relay beside it ${p99Ms(bare)} ms`,
  });
  lossFigure(measured, { attack, what: "RTP loss", control, report });
  const strays = measured.get("strays") ?? Number.NaN;
  report.add({
    attack,
    what: "foreign packets at phones",
    value: strays,
    limit: "none",
    holds: strays === 0,
  });
}

/** Reports loss alone. */
export function lossFigure(
  measured: Figures,
  options: {
    readonly attack: string;
    readonly what: string;
    readonly control: Figures;
    readonly report: FigureReport;
  },
): void {
  const { attack, what, control, report } = options;
  report.add({
    attack,
    what,
    value: lossText(measured),
    limit: `below ${LOSS_LIMIT * 100} %`,
    holds: keepsLoss(secondsOf(measured)),
    beside: `${lossText(control)} without attack`,
  });
}

function secondsOf(figures: Figures): MediaSeconds {
  return {
    p99Ms: p99Ms(figures),
    lateMs: milliseconds(figures, "late_p99_us"),
    lossShare: loss(figures),
  };
}

function p99Ms(figures: Figures): number {
  return milliseconds(figures, "p99_us");
}

function milliseconds(figures: Figures, name: string): number {
  return Math.round((figures.get(name) ?? Number.NaN) / 10) / 100;
}

function loss(figures: Figures): number {
  return (figures.get("lost") ?? Number.NaN) / (figures.get("sent") ?? Number.NaN);
}

function lossText(figures: Figures): string {
  return `${(loss(figures) * 100).toFixed(3)} % of ${figures.get("sent")}`;
}
