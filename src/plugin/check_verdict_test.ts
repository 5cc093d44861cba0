import { deepStrictEqual } from "node:assert/strict";
import { address } from "../../tests/support/core_world.ts";
import { makeHeader } from "../sip/headers.ts";
import { readDirection, readEnd, readPhone, readPlace } from "./check_verdict.ts";
import type { Drop, Reply, Target } from "./hooks.ts";

const place = { address: address("192.0.2.9"), port: 5060 };
const phone = { bindingId: "1", requestUri: "keep" } as const;
const field = makeHeader("X-A", "b");

const sound: readonly (Drop | Reply | Target)[] = [
  { kind: "drop", reason: "no-target" },
  { kind: "reply", statusCode: 300 },
  { kind: "reply", statusCode: 699, headers: [field] },
  { kind: "target", direction: "incoming" },
  { kind: "target", direction: "outgoing", nextHop: place },
  { kind: "target", direction: "incoming", phone },
];

for (const verdict of sound) {
  Deno.test(`readEnd() takes ${JSON.stringify(verdict)}`, () => {
    deepStrictEqual(readEnd(verdict), { ok: true, value: verdict });
  });
}

const refused: readonly (readonly [Drop | Reply | Target, string])[] = [
  [{ kind: "reply", statusCode: 299 }, "Cannot answer: the status code is not 300 … 699"],
  [{ kind: "reply", statusCode: 700 }, "Cannot answer: the status code is not 300 … 699"],
  [{ kind: "reply", statusCode: 404.5 }, "Cannot answer: the status code is not 300 … 699"],
  [
    { kind: "reply", statusCode: 404, headers: Array.from({ length: 33 }, () => field) },
    "Cannot answer: a bad header, or over 32 of them",
  ],
  [
    { kind: "target", direction: "incoming", nextHop: { ...place, port: 65536 } },
    "Cannot use nextHop: it is no address and port",
  ],
];

for (const [verdict, error] of refused) {
  Deno.test(`readEnd() refuses ${JSON.stringify(verdict).slice(0, 80)}`, () => {
    deepStrictEqual(readEnd(verdict), { ok: false, error });
  });
}

for (const reason of ["", "Text From The Network", "a\nb", "x".repeat(41)]) {
  Deno.test(`readEnd() counts a drop for ${JSON.stringify(reason)} as other`, () => {
    deepStrictEqual(readEnd({ kind: "drop", reason }), {
      ok: true,
      value: { kind: "drop", reason: "other" },
    });
  });
}

Deno.test("what a plugin left open stays open", () => {
  deepStrictEqual([readDirection(undefined), readPlace(undefined), readPhone(undefined)], [
    { ok: true, value: undefined },
    { ok: true, value: undefined },
    { ok: true, value: undefined },
  ]);
});

Deno.test("readPlace() writes an address in its canonical form", () => {
  const mapped = { ...place, address: address("::ffff:192.0.2.9") };
  deepStrictEqual(readPlace(mapped), { ok: true, value: place });
});
