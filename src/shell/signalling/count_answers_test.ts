import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { DnsAnswer } from "../../dns/dns_record.ts";
import { Counters } from "../../metrics/counters.ts";
import { countAnswers } from "./count_answers.ts";

async function counted(answer: DnsAnswer, signal: AbortSignal) {
  const counters = new Counters();
  const ask = countAnswers(() => Promise.resolve(answer), counters);
  const given = await ask({ type: answer.type, name: "sip.example" }, signal);
  strictEqual(given, answer);
  return [...counters.snapshot()];
}

const ALIVE = new AbortController().signal;

Deno.test("countAnswers() counts by type and result", async () => {
  deepStrictEqual(await counted({ type: "A", records: ["192.0.2.1"] }, ALIVE), [
    ["dns_queries{A answered}", 1],
  ]);
  deepStrictEqual(await counted({ type: "SRV", records: [] }, ALIVE), [
    ["dns_queries{SRV no_records}", 1],
  ]);
  deepStrictEqual(await counted({ type: "NAPTR", records: [] }, AbortSignal.abort()), [
    ["dns_queries{NAPTR no_answer}", 1],
  ]);
});
