import { strictEqual } from "node:assert/strict";
import { NumberRules, type NumberVerdict } from "./number_rules.ts";

const rules = new NumberRules({
  forbid: ["00", "+49 900", "0900", "11"],
  allow: ["0043", "+41-79", "00900"],
  emergency: ["0301234"],
  international: "00",
});

const numbers: readonly (readonly [string, NumberVerdict])[] = [
  ["0301111", "allowed"],
  ["0301234", "emergency"],
  ["03012345", "allowed"],
  ["0033123", "forbidden"],
  ["0043123", "allowed"],
  ["0041791", "allowed"],
  ["0041441", "forbidden"],
  ["0049900123", "forbidden"],
  ["0900", "forbidden"],
  ["09", "allowed"],
  ["00", "forbidden"],
  ["00900", "allowed"],
  ["112", "emergency"],
  ["110", "emergency"],
  ["1123", "forbidden"],
  ["11", "forbidden"],
  ["urn:service:sos", "emergency"],
  ["urn:service:sos.police", "emergency"],
  ["urn:service:sosx", "allowed"],
  ["urn:service:counseling", "allowed"],
  ["*21#", "allowed"],
];

for (const [number, expected] of numbers) {
  Deno.test(`NumberRules.judge() says ${expected} to ${number}`, () => {
    strictEqual(rules.judge(number), expected);
  });
}

Deno.test("NumberRules without a rule allow everything", () => {
  const none = new NumberRules({ forbid: [], allow: [], emergency: [], international: "00" });
  strictEqual(none.judge("00882123"), "allowed");
});

Deno.test("NumberRules: a prefix that is forbidden and allowed alike is allowed", () => {
  const both = new NumberRules({
    forbid: ["00"],
    allow: ["00"],
    emergency: [],
    international: "00",
  });
  strictEqual(both.judge("0033"), "allowed");
});

Deno.test("NumberRules follow what is dialled for +", () => {
  const american = new NumberRules({
    forbid: ["+882"],
    allow: [],
    emergency: [],
    international: "011",
  });
  strictEqual(american.judge("0118821"), "forbidden");
  strictEqual(american.judge("008821"), "allowed");
});
