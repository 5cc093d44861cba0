import { strictEqual } from "node:assert/strict";
import { formatCrashReport } from "./crash_report.ts";

const surroundings = {
  version: "1.0.0",
  platform: "x86_64-unknown-linux-gnu, deno 2.7.11",
  time: "2026-11-24T08:38:07.045Z",
  uptimeSeconds: 12,
  recent: ["08:38:07.000 INFO:siproxd siproxd-1.0.0 started"],
  configuration: "if_inbound = eth0  # default\n",
} as const;

Deno.test("formatCrashReport() tells version, stack, log and configuration", () => {
  const crash = { where: "signalling", stack: "Error: boom\n    at a.ts:1:2" } as const;
  strictEqual(
    formatCrashReport(crash, surroundings),
    `siproxd crash report
Please look through it before you pass it on: it names phones and hosts, but no password.

version:  siproxd 1.0.0
platform: x86_64-unknown-linux-gnu, deno 2.7.11
time:     2026-11-24T08:38:07.045Z
uptime:   12 s
where:    signalling

--- stack
Error: boom
    at a.ts:1:2

--- last 1 lines of the log
08:38:07.000 INFO:siproxd siproxd-1.0.0 started

--- configuration
if_inbound = eth0  # default
`,
  );
});

Deno.test("formatCrashReport() hides secrets that went into an error, and control characters", () => {
  const stack = 'Error: at Authorization: Digest response="abc"\n\x1b[31m password = tulip';
  const report = formatCrashReport({ where: "media", stack }, surroundings);
  strictEqual(/abc|tulip/.test(report) || report.includes("\x1b"), false, report);
  strictEqual(report.includes("Authorization: (hidden)"), true);
});

Deno.test("formatCrashReport() cuts a stack without end", () => {
  const report = formatCrashReport({ where: "media", stack: "x".repeat(1e6) }, surroundings);
  strictEqual(report.length < 20_000, true);
});
