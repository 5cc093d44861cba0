import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { compilePattern, type PatternMatch } from "./pattern.ts";

function exec(source: string, text: string): PatternMatch | undefined {
  const pattern = compilePattern(source);
  if (!pattern.ok) throw new Error(pattern.error);
  return pattern.value.exec(text);
}

const matches: readonly (readonly [string, string, readonly (string | undefined)[] | undefined])[] =
  [
    ["abc", "xxABCxx", ["ABC"]],
    ["^abc", "xabc", undefined],
    ["abc$", "abcx", undefined],
    ["^$", "", [""]],
    ["a.c", "a\nc", ["a\nc"]],
    ["a*", "aaab", ["aaa"]],
    ["a+b", "caab", ["aab"]],
    ["colou?r", "color", ["color"]],
    ["a{2,3}", "aaaa", ["aaa"]],
    ["a{2}", "a", undefined],
    ["a{2,}", "aaaa", ["aaaa"]],
    ["(a|ab)(c|bcd)", "abcd", ["abcd", "a", "bcd"]],
    ["a|ab", "ab", ["ab"]],
    ["(a)|(b)", "b", ["b", undefined, "b"]],
    ["^(sips?:)00([0-9]+)", "SIP:0041@x", ["SIP:0041", "SIP:", "41"]],
    ["[a-c]+", "xabcd", ["abc"]],
    ["[^a-c]+", "abxyc", ["xy"]],
    ["[]x]", "a]", ["]"]],
    ["[a-]", "-", ["-"]],
    ["[[:digit:]]+", "ab12", ["12"]],
    ["[[:alpha:][:space:]]+", "1a b2", ["a b"]],
    ["\\*0\\.", "x*0.", ["*0."]],
    ["\\w+", "-a_1-", ["a_1"]],
    ["\\S+", "  ab ", ["ab"]],
    ["(a*)*", "aa", ["aa", "aa"]],
    ["()b", "ab", ["b", ""]],
    ["\xe4", "x\xe4", ["\xe4"]],
  ];

for (const [source, text, groups] of matches) {
  Deno.test(`compilePattern() runs ${JSON.stringify(source)} on ${JSON.stringify(text)}`, () => {
    deepStrictEqual(exec(source, text)?.groups, groups);
  });
}

const refused: readonly (readonly [string, string])[] = [
  ["(", 'no ")" at offset 1'],
  ["a)", 'a ")" without "(" at offset 1'],
  ["*a", 'nothing before "*" at offset 0'],
  ["a{2,1}", "no {m}, {m,} or {m,n} up to 255 at offset 1"],
  ["a{256}", "no {m}, {m,} or {m,n} up to 255 at offset 1"],
  ["a{", "no {m}, {m,} or {m,n} up to 255 at offset 1"],
  ["[a", 'no "]" at offset 0'],
  ["[b-a]", "a range that ends before it begins at offset 0"],
  ["[[:word:]]", "a class that is not known at offset 0"],
  ["[[.a.]]", "[. or [= is not known at offset 0"],
  ["(?:a)", '"(?" of Perl is not known, write "(" at offset 0'],
  ["(a)\\1", "a backreference in the pattern at offset 3"],
  ["\\d+", '"\\d" is not known, write [0-9] at offset 0'],
  ["\\", "nothing after the backslash at offset 0"],
];

for (const [source, reason] of refused) {
  Deno.test(`compilePattern() refuses ${source}`, () => {
    const pattern = compilePattern(source);
    strictEqual(pattern.ok ? "" : pattern.error.endsWith(`: ${reason}`) || pattern.error, true);
  });
}

const oversized: readonly string[] = [
  "a".repeat(513),
  "(".repeat(40) + ")".repeat(40),
  "((a{200}){200}){200}",
  "(a|b){255}{255}",
  "(((a*){9}){9}){99}",
];

for (const source of oversized) {
  Deno.test(`compilePattern() refuses the blow-up ${source.slice(0, 30)} (R12)`, () => {
    strictEqual(compilePattern(source).ok, false);
  });
}

/** Patterns that take a backtracking engine longer than the universe lasts. */
const evil: readonly (readonly [string, string, string | undefined])[] = [
  ["(a+)+$", "a".repeat(2000) + "!", undefined],
  ["^(a|a)*$", "a".repeat(2000) + "!", undefined],
  ["(a*)*b", "a".repeat(2000), undefined],
  ["^(([a-z])+.)+[A-Z]([a-z])+$", "a".repeat(2000), "a".repeat(2000)],
  ["(.*)*(.*)*(.*)*x", "a".repeat(2000), undefined],
  ["[0-9]*[0-9]*[0-9]*[0-9]*x", "1".repeat(2000), undefined],
];

for (const [source, text, whole] of evil) {
  Deno.test(`compilePattern() follows all ways of ${source} at once (R12)`, () => {
    strictEqual(exec(source, text)?.groups[0], whole);
  });
}
