import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { err, ok, type Result } from "./result.ts";

const VALUES: readonly (readonly [string, unknown])[] = [
  ["a text", "5060"],
  ["an empty text", ""],
  ["zero", 0],
  ["false", false],
  ["null", null],
  ["nothing", undefined],
  ["a tree", { ports: [5060, 5061] }],
];

for (const [what, value] of VALUES) {
  Deno.test(`ok() of ${what} is good and holds it`, () => {
    deepStrictEqual(ok(value), { ok: true, value });
  });

  Deno.test(`err() of ${what} is bad and holds it`, () => {
    deepStrictEqual(err(value), { ok: false, error: value });
  });
}

Deno.test("ok() keeps the very object", () => {
  const value = { port: 5060 };
  strictEqual(ok(value).value, value);
});

Deno.test("Result tells value and reason apart by `ok` alone", () => {
  const half = (text: string): Result<number> => {
    const number = Number(text);
    return number % 2 === 0 ? ok(number / 2) : err(`Cannot halve "${text}": odd`);
  };
  deepStrictEqual(["4", "3", "0"].map(half), [
    { ok: true, value: 2 },
    { ok: false, error: 'Cannot halve "3": odd' },
    { ok: true, value: 0 },
  ]);
});
