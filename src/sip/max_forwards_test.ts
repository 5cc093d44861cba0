import { deepEqual } from "node:assert/strict";
import { messageOf } from "../../tests/support/sip_messages.ts";
import { type MaxForwards, readMaxForwards } from "./max_forwards.ts";

Deno.test("readMaxForwards() tells value, missing and out of range apart", () => {
  const outOfRange = { kind: "out-of-range" } as const;
  const rows: readonly (readonly [readonly string[], MaxForwards])[] = [
    [["Max-Forwards: 70"], { kind: "value", value: 70 }],
    [["MaX-fOrWaRdS: 0068"], { kind: "value", value: 68 }],
    [["Max-Forwards: 0"], { kind: "value", value: 0 }],
    [["Max-Forwards: 255"], { kind: "value", value: 255 }],
    [["Max-Forwards: 256"], outOfRange],
    [["Max-Forwards: 300"], outOfRange],
    [["Max-Forwards: -1"], outOfRange],
    [["Max-Forwards: many"], outOfRange],
    [["Max-Forwards:"], outOfRange],
    [[], { kind: "missing" }],
  ];
  for (const [lines, expected] of rows) {
    deepEqual(readMaxForwards(messageOf(["OPTIONS sip:b SIP/2.0", ...lines])), expected);
  }
});
