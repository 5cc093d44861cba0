import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { IpAddress } from "../base/ip_address.ts";
import { ip } from "../../tests/support/address.ts";
import { FloodGate, type Standing } from "./flood_gate.ts";

const START_MS = 10_000;

/** A gate that has just spent 60 of 100 ms on messages. */
function loadedGate(): FloodGate {
  const gate = new FloodGate();
  gate.isLoaded(START_MS);
  gate.worked(60);
  return gate;
}

/** Asks for so many messages of one source; gives how many were let in. */
function admitted(
  gate: FloodGate,
  asked: { readonly source: IpAddress; readonly standing: Standing; readonly count: number },
): number {
  const { source, standing, count } = asked;
  let heard = 0;
  for (let n = 0; n < count; n++) if (gate.admits({ side: "wan", source, standing })) heard++;
  return heard;
}

Deno.test("FloodGate.isLoaded() does not hold before anything was done", () => {
  strictEqual(new FloodGate().isLoaded(START_MS), false);
});

Deno.test("FloodGate.isLoaded() holds from 50 ms of work in a span on, at once", () => {
  const gate = new FloodGate();
  gate.isLoaded(START_MS);
  gate.worked(49.9);
  strictEqual(gate.isLoaded(START_MS + 50), false);
  gate.worked(0.2);
  strictEqual(gate.isLoaded(START_MS + 50), true);
});

Deno.test("FloodGate.isLoaded() holds through the next span and ends with a calm one", () => {
  const gate = loadedGate();
  deepStrictEqual(
    [100, 150, 199, 200].map((afterMs) => gate.isLoaded(START_MS + afterMs)),
    [true, true, true, false],
  );
});

Deno.test("FloodGate.isLoaded() forgets work that a pause followed", () => {
  const gate = loadedGate();
  strictEqual(gate.isLoaded(START_MS + 1_000), false);
});

Deno.test("FloodGate.admits() bounds what one source is heard, by its standing (R15)", () => {
  const table: readonly (readonly [Standing, number])[] = [
    ["stranger", 10],
    ["phone", 200],
    ["peer", 10_000],
    ["own", 10_000],
  ];
  for (const [standing, heard] of table) {
    const source = ip("203.0.113.66");
    strictEqual(admitted(loadedGate(), { source, standing, count: 10_000 }), heard, standing);
  }
});

Deno.test("FloodGate.admits() hears so many strangers a span, each side for itself", () => {
  const gate = loadedGate();
  const heard = { wan: 0, lan: 0 };
  for (const side of ["wan", "lan"] as const) {
    for (let n = 1; n <= 200; n++) {
      const source = ip(side === "wan" ? `198.51.100.${n}` : `10.0.0.${n}`);
      if (gate.admits({ side, source, standing: "stranger" })) heard[side]++;
    }
  }
  deepStrictEqual(heard, { wan: 60, lan: 60 });
});

Deno.test("FloodGate.admits() takes a whole /64 outside for one stranger", () => {
  const gate = loadedGate();
  let heard = 0;
  for (let n = 1; n <= 100; n++) {
    const source = ip(`2001:db8::${n}`);
    if (gate.admits({ side: "wan", source, standing: "stranger" })) heard++;
  }
  strictEqual(heard, 10);
});

Deno.test("FloodGate.admits() hears a phone while strangers are not heard any more (R15)", () => {
  const gate = loadedGate();
  for (let n = 1; n <= 90; n++) {
    gate.admits({ side: "lan", source: ip(`10.0.0.${n}`), standing: "stranger" });
  }
  const phone = { side: "lan", source: ip("10.0.0.100"), standing: "phone" } as const;
  strictEqual(gate.admits(phone), true);
});

Deno.test("FloodGate.admits() begins to count anew with each span", () => {
  const gate = loadedGate();
  const source = ip("203.0.113.66");
  strictEqual(admitted(gate, { source, standing: "stranger", count: 20 }), 10);
  strictEqual(gate.isLoaded(START_MS + 100), true);
  strictEqual(admitted(gate, { source, standing: "stranger", count: 20 }), 10);
});

Deno.test("FloodGate.restMs() lets streams wait for the next span when their share is used up", () => {
  const table: readonly (readonly [Standing, number])[] = [
    ["stranger", 10],
    ["phone", 200],
    ["peer", 200],
  ];
  for (const [standing, share] of table) {
    const gate = loadedGate();
    const question = { side: "wan", source: ip("203.0.113.66"), standing } as const;
    admitted(gate, { ...question, count: share - 1 });
    strictEqual(gate.restMs(question, START_MS + 70), 0, standing);
    admitted(gate, { ...question, count: 1 });
    strictEqual(gate.restMs(question, START_MS + 70), 30, standing);
    strictEqual(gate.restMs(question, START_MS + 100), 0, standing);
  }
});

Deno.test("FloodGate.restMs() lets nobody wait while there is time, and this machine never", () => {
  const source = ip("203.0.113.66");
  const calm = new FloodGate();
  admitted(calm, { source, standing: "stranger", count: 500 });
  strictEqual(calm.restMs({ side: "wan", source, standing: "stranger" }, START_MS), 0);
  const gate = loadedGate();
  admitted(gate, { source, standing: "own", count: 500 });
  strictEqual(gate.restMs({ side: "wan", source, standing: "own" }, START_MS), 0);
});
