import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { civilTime, clockText, isoText, syslogTimeText } from "./civil_time.ts";

const moments: readonly string[] = [
  "1970-01-01T00:00:00.000Z",
  "1969-12-31T23:59:59.999Z",
  "1999-12-31T23:59:59.001Z",
  "2000-02-29T12:00:00.000Z",
  "2023-02-28T23:59:59.999Z",
  "2024-02-29T00:00:00.000Z",
  "2024-03-01T00:00:00.000Z",
  "2026-11-24T08:38:07.045Z",
  "2100-02-28T23:00:00.000Z",
  "2100-03-01T00:00:00.000Z",
  "2400-12-31T23:59:59.999Z",
];

for (const moment of moments) {
  Deno.test(`isoText() gives ${moment} back`, () => {
    strictEqual(isoText(Date.parse(moment)), moment);
  });
}

Deno.test("isoText() agrees with the platform on every day of 60 years", () => {
  const dayMs = 86_400_000;
  for (let atMs = 0; atMs < 60 * 366 * dayMs; atMs += dayMs) {
    strictEqual(isoText(atMs + 1), new Date(atMs + 1).toISOString());
  }
});

Deno.test("civilTime() splits a moment", () => {
  deepStrictEqual(civilTime(Date.parse("2026-11-04T05:06:07.008Z")), {
    year: 2026,
    month: 11,
    day: 4,
    hours: 5,
    minutes: 6,
    seconds: 7,
    milliseconds: 8,
  });
});

Deno.test("clockText() is siproxd's time of day", () => {
  strictEqual(clockText(Date.parse("2026-11-04T05:06:07.008Z")), "05:06:07.008");
});

Deno.test("syslogTimeText() pads the day with a blank", () => {
  strictEqual(syslogTimeText(Date.parse("2026-11-04T05:06:07.008Z")), "Nov  4 05:06:07");
  strictEqual(syslogTimeText(Date.parse("2026-01-24T00:00:00Z")), "Jan 24 00:00:00");
});
