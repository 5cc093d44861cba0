import { strictEqual } from "node:assert/strict";
import { peer } from "../../../tests/support/address.ts";
import { UnreachablePeers } from "./unreachable_peers.ts";

const NOTED = peer("192.0.2.10:5070");

/** Who is asked for, how long after a send to 192.0.2.10:5070 was refused, and the answer. */
const QUESTIONS: readonly (readonly [string, number, boolean])[] = [
  ["192.0.2.10:5070", 0, true],
  ["192.0.2.10:5070", 1_999, true],
  ["192.0.2.10:5070", 2_000, false],
  ["192.0.2.10:5070", 60_000, false],
  ["192.0.2.10:5060", 0, false],
  ["192.0.2.11:5070", 0, false],
];

for (const [text, afterMs, wanted] of QUESTIONS) {
  Deno.test(`UnreachablePeers.has() of ${text} after ${afterMs} ms is ${wanted}`, () => {
    const peers = new UnreachablePeers();
    peers.note(NOTED, 1_000);
    strictEqual(peers.has(peer(text), 1_000 + afterMs), wanted);
  });
}

Deno.test("UnreachablePeers.has() of nobody at first", () => {
  strictEqual(new UnreachablePeers().has(NOTED, 0), false);
});

Deno.test("UnreachablePeers.note() again counts anew", () => {
  const peers = new UnreachablePeers();
  peers.note(NOTED, 1_000);
  peers.note(NOTED, 2_500);
  strictEqual(peers.has(NOTED, 4_499), true);
  strictEqual(peers.has(NOTED, 4_500), false);
});

Deno.test("UnreachablePeers keeps 1,024; the oldest goes", () => {
  const peers = new UnreachablePeers();
  for (let port = 1; port <= 1_025; port++) peers.note({ ...NOTED, port }, 1_000);
  strictEqual(peers.has({ ...NOTED, port: 1 }, 1_000), false);
  strictEqual(peers.has({ ...NOTED, port: 2 }, 1_000), true);
  strictEqual(peers.has({ ...NOTED, port: 1_025 }, 1_000), true);
});

Deno.test("UnreachablePeers.clear() forgets who could not be reached, and goes on", () => {
  const peers = new UnreachablePeers();
  peers.note(NOTED, 1_000);
  peers.clear();
  strictEqual(peers.has(NOTED, 1_000), false);
  peers.note(NOTED, 1_500);
  strictEqual(peers.has(NOTED, 1_500), true);
});
