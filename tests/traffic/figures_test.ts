import { deepStrictEqual, ok } from "node:assert/strict";
import { bufferDrops, parseMetrics, readProcess, sumOf } from "./figures.ts";

const METRICS = parseMetrics(`# HELP a_total text with 1
a_total{side="lan",reason="x"} 2
a_total{side="wan",reason="x"} 3
a_total_more 50
b 1.5
`);

Deno.test("sumOf() adds up a family, or those of one label", () => {
  deepStrictEqual(
    ["a_total", 'a_total{side="wan"}', 'a_total{reason="x"}', "b", "c"].map((name) =>
      sumOf(METRICS, name)
    ),
    [5, 3, 5, 1.5, 0],
  );
});

Deno.test("readProcess() sees this process", () => {
  const { residentKb, handles, threads } = readProcess(Deno.pid);
  ok(residentKb > 10_000 && handles > 2 && threads > 0, `${residentKb} ${handles} ${threads}`);
});

Deno.test("bufferDrops() reads a count", () => ok(bufferDrops() >= 0));
