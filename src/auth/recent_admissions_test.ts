import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { RecentAdmissions } from "./recent_admissions.ts";

Deno.test("RecentAdmissions.covers() takes the next two requests of an exchange, for 32 seconds", () => {
  const admissions = new RecentAdmissions();
  admissions.note("exchange", { cseqNumber: 5, nowMs: 0 });
  const covers = (cseqNumber: number, nowMs = 0, exchange = "exchange") =>
    admissions.covers(exchange, { cseqNumber, nowMs });
  deepStrictEqual([4, 5, 6, 7, 8].map((cseqNumber) => covers(cseqNumber)), [
    false,
    false,
    true,
    true,
    false,
  ]);
  strictEqual(covers(6, 31_999), true);
  strictEqual(covers(6, 32_000), false);
  strictEqual(covers(6, 0, "other"), false);
  admissions.expire(32_000);
  strictEqual(covers(6), false);
});
