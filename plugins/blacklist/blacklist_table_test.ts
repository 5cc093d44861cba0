import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { DatabaseRows } from "../../src/plugin/api.ts";
import { requestEvent, responseEvent } from "../../tests/support/plugin_events.ts";
import { place } from "../../tests/support/core_world.ts";
import { BlacklistTable } from "./blacklist_table.ts";

const URI = "sip:mallory@example.org";
const SOURCE = "10.0.0.66";
const START_MS = 1_000_000_000;

function table(rows: DatabaseRows = {}): BlacklistTable {
  return new BlacklistTable({ hitcount: 2, durationSeconds: 600, windowSeconds: 30, rows });
}

/** A REGISTER with credentials that is answered. */
function refuse(list: BlacklistTable, atMs: number, status = "403 Forbidden"): void {
  const plan = {
    method: "REGISTER",
    uri: "sip:example.org",
    from: `<${URI}>;tag=m`,
    sourceAddress: SOURCE,
    extra: ['Authorization: Digest username="m"'],
  };
  list.registerBegins(requestEvent(plan), atMs);
  const response = responseEvent(status, { method: "REGISTER", from: `<${URI}>;tag=m` });
  list.registerEnds({ ...response, nextHop: place(`${SOURCE}:5060`) }, atMs);
}

function isBlocked(list: BlacklistTable, nowMs: number): boolean {
  return list.see({ address: SOURCE, sipUri: URI, nowMs });
}

const answers: readonly (readonly [string, number])[] = [
  ["400 Bad Request", 1],
  ["401 Unauthorized", 1],
  ["403 Forbidden", 1],
  ["499 Odd", 1],
  ["100 Trying", 0],
  ["200 OK", 0],
  ["302 Moved", 0],
  ["500 Server Error", 0],
  ["603 Decline", 0],
];

for (const [status, rows] of answers) {
  Deno.test(`BlacklistTable makes ${rows} rows of ${status}`, () => {
    const list = table();
    refuse(list, START_MS, status);
    deepStrictEqual([list.size, list.takeChanges().length], [rows, rows]);
  });
}

Deno.test("BlacklistTable counts, blocks, and frees after the silence", () => {
  const list = table();
  for (let count = 0; count < 3; count++) refuse(list, START_MS);
  strictEqual(isBlocked(list, START_MS), true);
  list.sweep(START_MS + 600_000);
  strictEqual(isBlocked(list, START_MS), true);
  list.sweep(START_MS + 601_000);
  strictEqual(isBlocked(list, START_MS + 601_000), false);
});

Deno.test("BlacklistTable forgets a sender that was never blocked after a day", () => {
  const list = table();
  refuse(list, START_MS);
  refuse(list, START_MS, "200 OK");
  list.takeChanges();
  list.sweep(START_MS + 86_400_000);
  strictEqual(list.size, 1);
  list.sweep(START_MS + 86_401_000);
  deepStrictEqual(list.takeChanges(), [
    { table: "blacklist", key: { ip: SOURCE, sipuri: URI }, values: undefined },
  ]);
  strictEqual(list.size, 0);
});

Deno.test("BlacklistTable writes a blocked sender that goes on once a second at most", () => {
  const list = table();
  for (let count = 0; count < 3; count++) refuse(list, START_MS);
  list.takeChanges();
  for (let count = 0; count < 100; count++) isBlocked(list, START_MS + 1000 + count);
  deepStrictEqual(list.takeChanges().map(({ values }) => values?.["lastseen"]), [1_000_001]);
});

Deno.test("BlacklistTable gives its changes once", () => {
  const list = table();
  refuse(list, START_MS);
  deepStrictEqual([list.takeChanges().length, list.takeChanges().length], [1, 0]);
});

const row = { ip: SOURCE, sipuri: URI, type: 0, failcount: 3, lastfail: 1, lastseen: 1 };

const stored: readonly (readonly [string, Record<string, string | number | null>, boolean])[] = [
  ["a row over the hitcount", row, true],
  ["a row at the hitcount", { ...row, failcount: 2 }, false],
  ["a manual row", { ...row, type: 1, failcount: 0 }, true],
  ["a row without an address", { ...row, ip: null }, false],
  ["a row with a number for a URI", { ...row, sipuri: 7 }, false],
  ["a row with a text for a count", { ...row, failcount: "many" }, false],
  ["a row of another sender", { ...row, ip: "10.0.0.67" }, false],
];

for (const [what, kept, expected] of stored) {
  Deno.test(`BlacklistTable blocks by ${what}: ${expected}`, () => {
    strictEqual(isBlocked(table({ blacklist: [kept] }), START_MS), expected);
  });
}

Deno.test("BlacklistTable does not count a From URI that is too long to be one", () => {
  const list = table();
  const from = `<sip:${"m".repeat(300)}@example.org>;tag=m`;
  const plan = {
    method: "REGISTER",
    uri: "sip:example.org",
    from,
    sourceAddress: SOURCE,
    extra: ["Authorization: Digest x"],
  };
  list.registerBegins(requestEvent(plan), START_MS);
  const response = responseEvent("403 Forbidden", { method: "REGISTER", from });
  list.registerEnds({ ...response, nextHop: place(`${SOURCE}:5060`) }, START_MS);
  strictEqual(list.size, 0);
});

Deno.test("BlacklistTable holds ten thousand rows; manual and blocked ones are not pushed out", () => {
  const manual = { ...row, type: 1, failcount: 0 };
  const others = Array.from({ length: 9999 }, (_, at) => ({
    ...row,
    ip: `10.1.${at >> 8}.${at & 255}`,
    failcount: 1,
  }));
  const list = table({ blacklist: [manual, ...others] });
  strictEqual(list.size, 10_000);
  const from = "<sip:new@example.org>;tag=m";
  const plan = { method: "REGISTER", uri: "sip:example.org", from, sourceAddress: "10.9.9.9" };
  list.registerBegins(
    requestEvent({ ...plan, extra: ["Authorization: Digest x"] }),
    START_MS,
  );
  const response = responseEvent("403 Forbidden", { method: "REGISTER", from });
  list.registerEnds({ ...response, nextHop: place("10.9.9.9:5060") }, START_MS);
  strictEqual(list.size, 10_000);
  strictEqual(isBlocked(list, START_MS), true);
});
