import { strictEqual } from "node:assert/strict";
import {
  judgeMedia,
  keepsDelay,
  keepsLoss,
  type MediaBeside,
  type MediaSeconds,
  type MediaVerdict,
  takesOff,
} from "./media_judgement.ts";

const FAST: MediaSeconds = { p99Ms: 0.1, lateMs: 0.09, lossShare: 0 };

interface Case {
  readonly name: string;
  readonly measured?: Partial<MediaSeconds>;
  readonly bare?: Partial<MediaSeconds>;
  readonly control?: Partial<MediaSeconds>;
  readonly verdict: MediaVerdict;
}

const CASES: readonly Case[] = [
  { name: "fast and whole", verdict: "holds" },
  { name: "just below the limit", measured: { p99Ms: 4.99 }, verdict: "holds" },
  { name: "at the limit, all else calm", measured: { p99Ms: 5 }, verdict: "miss" },
  {
    name: "a bare relay below 1 ms takes nothing off",
    measured: { p99Ms: 5.5 },
    bare: { p99Ms: 0.99 },
    verdict: "miss",
  },
  {
    name: "a bare relay of 1 ms takes it off",
    measured: { p99Ms: 5.5 },
    bare: { p99Ms: 1 },
    verdict: "excused",
  },
  {
    name: "a bare relay that is as slow",
    measured: { p99Ms: 6.94 },
    bare: { p99Ms: 6.5 },
    verdict: "excused",
  },
  {
    name: "5 ms more than a bare relay that is slow a little",
    measured: { p99Ms: 6.99 },
    bare: { p99Ms: 1.99 },
    verdict: "miss",
  },
  {
    name: "5 ms more than a bare relay that is slow",
    measured: { p99Ms: 7 },
    bare: { p99Ms: 2 },
    verdict: "again",
  },
  {
    name: "a sender that is late",
    measured: { p99Ms: 6, lateMs: 2 },
    verdict: "again",
  },
  {
    name: "a sender to the bare relay that is late",
    measured: { p99Ms: 6 },
    bare: { lateMs: 2 },
    verdict: "again",
  },
  {
    name: "slow without an attack",
    measured: { p99Ms: 6 },
    control: { p99Ms: 2 },
    verdict: "again",
  },
  {
    name: "slow because of the attack, whatever the control lost",
    measured: { p99Ms: 6 },
    control: { lossShare: 0.5, lateMs: 3 },
    verdict: "miss",
  },
  { name: "fast on a busy machine", bare: { p99Ms: 9, lossShare: 0.1 }, verdict: "holds" },
  { name: "loss below the limit", measured: { lossShare: 0.00099 }, verdict: "holds" },
  { name: "loss at the limit", measured: { lossShare: 0.001 }, verdict: "miss" },
  {
    name: "loss beside a bare relay that loses a packet",
    measured: { lossShare: 0.01 },
    bare: { lossShare: 0.0004 },
    verdict: "again",
  },
  {
    name: "loss beside a bare relay that is slow",
    measured: { lossShare: 0.01 },
    bare: { p99Ms: 2 },
    verdict: "again",
  },
  {
    name: "loss that no slow bare relay excuses",
    measured: { p99Ms: 6, lossShare: 0.01 },
    bare: { p99Ms: 1.5 },
    verdict: "miss",
  },
  { name: "no delay measured", measured: { p99Ms: Number.NaN }, verdict: "miss" },
  { name: "no loss measured", measured: { lossShare: Number.NaN }, verdict: "miss" },
  {
    name: "no bare relay measured, fast",
    bare: { p99Ms: Number.NaN, lateMs: Number.NaN, lossShare: Number.NaN },
    verdict: "holds",
  },
  {
    name: "no bare relay measured, slow",
    measured: { p99Ms: 5 },
    bare: { p99Ms: Number.NaN, lateMs: Number.NaN, lossShare: Number.NaN },
    verdict: "again",
  },
];

for (const { name, measured, bare, control, verdict } of CASES) {
  Deno.test(`judgeMedia() says ${verdict}: ${name}`, () => {
    const seen: MediaBeside = {
      measured: { ...FAST, ...measured },
      bare: { ...FAST, ...bare },
      control: { ...FAST, ...control },
    };
    strictEqual(judgeMedia(seen), verdict);
  });
}

Deno.test("keepsDelay() takes off what the bare relay needs from 1 ms on", () => {
  const seen = [[4.9, 0.1], [5, 0.99], [5.9, 1], [6, 1], [11, 6.1], [11, 6]].map(
    ([p99Ms = 0, bareMs = 0]) => keepsDelay({ p99Ms }, { p99Ms: bareMs }),
  );
  strictEqual(seen.join(" "), "true false true false true false");
});

Deno.test("takesOff() begins at 1 ms and needs a figure", () => {
  const seen = [-0.001, 0.99, 1, 20, Number.NaN].map((p99Ms) => takesOff({ p99Ms }));
  strictEqual(seen.join(" "), "false false true true false");
});

Deno.test("keepsLoss() is absolute", () => {
  const seen = [0, 0.0009, 0.001, 1, Number.NaN].map((lossShare) => keepsLoss({ lossShare }));
  strictEqual(seen.join(" "), "true true false false false");
});
