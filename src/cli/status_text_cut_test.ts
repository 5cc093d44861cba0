import { strictEqual } from "node:assert/strict";
import { CALL, EMPTY, LEG, linesOf, PHONE } from "../../tests/support/status_reports.ts";
import type {
  StatusCall,
  StatusRegistration,
  StatusStream,
} from "../shell/operator/status_report.ts";
import { statusText } from "./status_text.ts";

const STREAM: StatusStream = {
  streamId: 1,
  mediaIndex: 0,
  relay: "daemon",
  fromPhone: LEG,
  fromInternet: LEG,
};

Deno.test("statusText() writes twenty lines of counters at most", () => {
  const names = Array.from({ length: 100 }, (_, index): [string, number] => [`c${index}`, index]);
  const lines = linesOf({ counters: Object.fromEntries(names) }).slice(5);
  strictEqual(lines.length, 22);
  strictEqual(lines[20], "  c76 76  c77 77  c78 78  c79 79");
  strictEqual(lines[21], "  … and 20 more: siproxd status --all shows them");
});

const COUNTS: readonly (readonly [number, number, string | undefined])[] = [
  [19, 19, undefined],
  [20, 20, undefined],
  [21, 20, "  … and 1 more: siproxd status --all shows them"],
  [500, 20, "  … and 480 more: siproxd status --all shows them"],
];

for (const [count, shown, rest] of COUNTS) {
  Deno.test(`statusText() shows ${shown} of ${count} registrations`, () => {
    const lines = linesOf({ registrations: new Array<StatusRegistration>(count).fill(PHONE) });
    strictEqual(lines[2], `Registrations: ${count}`);
    strictEqual(lines.filter((line) => line.startsWith("  alice@")).length, shown);
    strictEqual(lines.find((line) => line.startsWith("  … ")), rest);
  });
}

Deno.test("statusText() counts calls, not their streams, when a list is cut", () => {
  const calls = new Array<StatusCall>(10).fill({ ...CALL, streams: [STREAM] });
  const lines = linesOf({ calls });
  strictEqual(lines[3], "Calls: 10");
  // A call is shown whole or not at all.
  strictEqual(lines.filter((line) => line.startsWith("  outgoing")).length, 6);
  strictEqual(lines.filter((line) => line.startsWith("    media 0")).length, 12);
  strictEqual(lines[22], "  … and 4 more: siproxd status --all shows them");
});

Deno.test("statusText() of one call shows it whole, however many streams it has", () => {
  const lines = linesOf({ calls: [{ ...CALL, streams: new Array(15).fill(STREAM) }] });
  strictEqual(lines.filter((line) => line.startsWith("    media 0")).length, 30);
});

Deno.test("statusText() of all leaves nothing out", () => {
  const counters = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`c${index}`, 1]));
  const registrations = new Array<StatusRegistration>(500).fill(PHONE);
  const text = statusText({ ...EMPTY, counters, registrations }, "all");
  strictEqual(text.split("\n").filter((line) => line.startsWith("  alice@")).length, 500);
  strictEqual(text.includes("  c99 1\n"), true);
  strictEqual(text.includes("…"), false);
});
