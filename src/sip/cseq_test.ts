import { deepEqual } from "node:assert/strict";
import { parseCseq } from "./cseq.ts";

Deno.test("parseCseq() reads number and method", () => {
  const rows: readonly (readonly [string, number, string])[] = [
    ["1 INVITE", 1, "INVITE"],
    ["0009   INVITE", 9, "INVITE"],
    ["0 ACK", 0, "ACK"],
    ["2147483647\tRE%47IST%45R", 2147483647, "RE%47IST%45R"],
  ];
  for (const [text, number, method] of rows) {
    deepEqual(parseCseq(text), { ok: true, value: { number, method } });
  }
});

Deno.test("parseCseq() says why a text is no CSeq", () => {
  const noMethod = "Cannot parse CSeq: missing or malformed method";
  const tooHigh = "Cannot use CSeq: highest number is 2147483647";
  const rows: readonly (readonly [string, string])[] = [
    ["", "Cannot parse CSeq: missing number"],
    ["INVITE", "Cannot parse CSeq: missing number"],
    ["-1 INVITE", "Cannot parse CSeq: missing number"],
    ["1.0 INVITE", "Cannot parse CSeq: missing number"],
    ["1INVITE", "Cannot parse CSeq: missing number"],
    ["1", noMethod],
    ["1 ", noMethod],
    ["1 IN VITE", noMethod],
    ["1 INVITE;x", noMethod],
    ["2147483648 INVITE", tooHigh],
    ["36893488147419103232 REGISTER", tooHigh],
  ];
  for (const [text, error] of rows) deepEqual(parseCseq(text), { ok: false, error }, text);
});
