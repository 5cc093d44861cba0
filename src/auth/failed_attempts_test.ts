import { strictEqual } from "node:assert/strict";
import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import { FailedAttempts, FAILURE_WINDOW_MS, MAX_FAILURES } from "./failed_attempts.ts";

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

function failing(source: string, times: number): FailedAttempts {
  const attempts = new FailedAttempts();
  for (let count = 0; count < times; count++) attempts.note(ip(source), count * 1000);
  return attempts;
}

Deno.test("FailedAttempts blocks a source at its tenth failure, for a minute from then", () => {
  const attempts = failing("10.0.0.10", MAX_FAILURES);
  const lastMs = (MAX_FAILURES - 1) * 1000;
  strictEqual(failing("10.0.0.10", MAX_FAILURES - 1).isBlocked(ip("10.0.0.10"), lastMs), false);
  strictEqual(attempts.isBlocked(ip("10.0.0.10"), lastMs + FAILURE_WINDOW_MS - 1), true);
  strictEqual(attempts.isBlocked(ip("10.0.0.10"), lastMs + FAILURE_WINDOW_MS), false);
  strictEqual(attempts.isBlocked(ip("10.0.0.11"), lastMs), false);
});

Deno.test("FailedAttempts forgets slow failures", () => {
  const attempts = failing("10.0.0.10", 3);
  strictEqual(attempts.failures(ip("10.0.0.10"), FAILURE_WINDOW_MS - 1), 3);
  strictEqual(attempts.failures(ip("10.0.0.10"), FAILURE_WINDOW_MS), 0);
  attempts.expire(FAILURE_WINDOW_MS);
  strictEqual(attempts.failures(ip("10.0.0.10"), FAILURE_WINDOW_MS - 1), 0);
});

Deno.test("FailedAttempts stays bounded under a flood of sources (R15)", () => {
  const attempts = failing("10.0.0.10", MAX_FAILURES);
  for (let index = 0; index < 4096; index++) {
    attempts.note(ip(`10.1.${index >> 8}.${index & 255}`), 10_000);
  }
  strictEqual(attempts.failures(ip("10.0.0.10"), 10_000), 0);
  strictEqual(attempts.failures(ip("10.1.15.255"), 10_000), 1);
});
