import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { compilePattern } from "./pattern.ts";
import { compileReplacement, replaceFirstOrAll } from "./replacement.ts";

function replace(text: string, source: string, replacementText: string) {
  const pattern = compilePattern(source);
  if (!pattern.ok) throw new Error(pattern.error);
  const replacement = compileReplacement(replacementText, pattern.value);
  if (!replacement.ok) return replacement;
  return replaceFirstOrAll(text, { pattern: pattern.value, replacement: replacement.value });
}

const good: readonly (readonly [string, string, string, string])[] = [
  ["aXbX", "x", "-", "a-b-"],
  ["aXbX", "(x)", "-", "a-bX"],
  ["abc", "b", "[\\0]", "a[b]c"],
  ["abc", "(a)(b)", "\\2\\1", "bac"],
  ["abc", "b", "\\\\", "a\\c"],
  ["abc", "b", "\\x", "a\\xc"],
  ["abc", "x*", "-", "-a-b-c-"],
  ["aaa", "^a", "b", "baa"],
];

for (const [text, source, replacement, expected] of good) {
  Deno.test(`replaceFirstOrAll() puts ${replacement} for ${source} in ${text}`, () => {
    deepStrictEqual(replace(text, source, replacement), { ok: true, value: expected });
  });
}

Deno.test("replaceFirstOrAll() says when nothing matches", () => {
  strictEqual(replace("abc", "x", "y"), undefined);
});

Deno.test("replaceFirstOrAll() refuses a group that took no part", () => {
  deepStrictEqual(replace("b", "(a)?b", "\\1"), {
    ok: false,
    error: "Cannot replace: group 1 took no part in the match",
  });
});

Deno.test("replaceFirstOrAll() refuses a text that grows without end", () => {
  deepStrictEqual(replace("a".repeat(900), "a", "b".repeat(100)), {
    ok: false,
    error: "Cannot replace: the text grows by more than 4096 characters",
  });
});

Deno.test("compileReplacement() refuses a group that the pattern does not have", () => {
  deepStrictEqual(replace("a", "(a)", "\\2"), {
    ok: false,
    error: 'Cannot use replacement "\\x5c2": the pattern has no group 2',
  });
});
