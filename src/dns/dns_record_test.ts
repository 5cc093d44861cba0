import { strictEqual } from "node:assert/strict";
import { type DnsAnswers, type DnsQuestion, questionKey } from "./dns_record.ts";

const KEYS: readonly (readonly [DnsQuestion, string])[] = [
  [{ type: "NAPTR", name: "example.com" }, "NAPTR example.com"],
  [{ type: "SRV", name: "_sip._udp.example.com" }, "SRV _sip._udp.example.com"],
  [{ type: "A", name: "proxy.example.com" }, "A proxy.example.com"],
  [{ type: "AAAA", name: "proxy.example.com" }, "AAAA proxy.example.com"],
  [{ type: "A", name: "" }, "A "],
];

for (const [question, key] of KEYS) {
  Deno.test(`questionKey() of ${question.type} for "${question.name}" is "${key}"`, () => {
    strictEqual(questionKey(question), key);
  });
}

Deno.test("questionKey() tells all questions apart", () => {
  strictEqual(new Set(KEYS.map(([question]) => questionKey(question))).size, KEYS.length);
});

Deno.test("questionKey() finds an answer that was stored under an equal question", () => {
  const stored: DnsAnswers = new Map([
    [questionKey({ type: "A", name: "a.example" }), { type: "A", records: ["192.0.2.1"] }],
  ]);
  strictEqual(stored.get(questionKey({ name: "a.example", type: "A" }))?.records[0], "192.0.2.1");
  strictEqual(stored.get(questionKey({ name: "a.example", type: "AAAA" })), undefined);
});
