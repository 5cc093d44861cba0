import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Counters } from "./counters.ts";

function entries(counters: Counters): readonly (readonly [string, number])[] {
  return [...counters.snapshot()];
}

Deno.test("Counters starts with nothing", () => {
  deepStrictEqual(entries(new Counters()), []);
});

Deno.test("Counters.add() adds one, or the amount, in the order of first use", () => {
  const counters = new Counters();
  counters.add("sip_sent");
  counters.add("sip_received");
  counters.add("sip_sent");
  counters.add("sip_send_failed", { amount: 12 });
  counters.add("sip_send_failed", { amount: 3 });
  deepStrictEqual(entries(counters), [
    ["sip_sent", 2],
    ["sip_received", 1],
    ["sip_send_failed", 15],
  ]);
});

Deno.test("Counters.add() keeps reasons apart from each other and from the bare name", () => {
  const counters = new Counters();
  counters.add("sip_dropped");
  counters.add("sip_dropped", { reason: "foreign-via" });
  counters.add("sip_dropped", { reason: "own-ack", amount: 4 });
  counters.add("sip_dropped", { reason: "foreign-via" });
  counters.add("sip_answered", { reason: "own-ack" });
  deepStrictEqual(entries(counters), [
    ["sip_dropped", 1],
    ["sip_dropped{foreign-via}", 2],
    ["sip_dropped{own-ack}", 4],
    ["sip_answered{own-ack}", 1],
  ]);
});

Deno.test("Counters.add() of zero makes the counter known", () => {
  const counters = new Counters();
  counters.add("plugin", { amount: 0 });
  deepStrictEqual(entries(counters), [["plugin", 0]]);
});

Deno.test("Counters takes 256 reasons; a further one is lost, known ones go on", () => {
  const counters = new Counters();
  for (let index = 0; index < 300; index++) counters.add("plugin", { reason: `r${index}` });
  const full = counters.snapshot();
  strictEqual(full.size, 256);
  strictEqual(full.get("plugin{r255}"), 1);
  strictEqual(full.get("plugin{r256}"), undefined);
  counters.add("plugin", { reason: "r255" });
  counters.add("sip_bug");
  strictEqual(counters.snapshot().get("plugin{r255}"), 2);
  strictEqual(counters.snapshot().get("sip_bug"), undefined);
});

Deno.test("Counters.snapshot() is a copy", () => {
  const counters = new Counters();
  counters.add("sip_bug");
  const before = counters.snapshot();
  counters.add("sip_bug");
  counters.add("sip_sent");
  deepStrictEqual([...before], [["sip_bug", 1]]);
});
