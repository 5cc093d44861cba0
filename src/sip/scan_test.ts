import { equal } from "node:assert/strict";
import { isToken, parseDigits, quotedStringEnd, skipBlanks, tokenEnd, trimBlanks } from "./scan.ts";

Deno.test("tokenEnd() stops at the first character that is none of a token", () => {
  const rows: readonly (readonly [string, number, number])[] = [
    ["INVITE sip:a", 0, 6],
    ["a-.!%*_+`'~b;c", 0, 12],
    ["name=value", 5, 10],
    ["", 0, 0],
    [";a", 0, 0],
    ["a:b", 0, 1],
    ["a\u00e9", 0, 1],
    ["a\u0142", 0, 1],
  ];
  for (const [text, start, end] of rows) equal(tokenEnd(text, start), end, text);
});

Deno.test("isToken() takes whole tokens only", () => {
  const rows: readonly (readonly [string, boolean])[] = [
    ["RE%47IST%45R", true],
    ["!interesting-Method0123456789_*+`.%indeed'~", true],
    ["", false],
    ["A B", false],
    ["A\0", false],
    ["A@b", false],
    ['"A"', false],
  ];
  for (const [text, expected] of rows) equal(isToken(text), expected, text);
});

Deno.test("skipBlanks() skips SP and HTAB and nothing else", () => {
  const rows: readonly (readonly [string, number, number])[] = [
    [" \t a", 0, 3],
    ["a", 0, 0],
    ["a  ", 1, 3],
    ["\u00a0a", 0, 0],
    ["\r\na", 0, 0],
  ];
  for (const [text, start, end] of rows) equal(skipBlanks(text, start), end);
});

Deno.test("trimBlanks() keeps NBSP, which is a byte of UTF-8 text", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["  a b\t", "a b"],
    ["\u00a0a\u00a0", "\u00a0a\u00a0"],
    [" \t ", ""],
    ["", ""],
  ];
  for (const [text, expected] of rows) equal(trimBlanks(text), expected);
});

Deno.test("quotedStringEnd() takes quoted-pairs into account", () => {
  const rows: readonly (readonly [string, number])[] = [
    ['"abc" x', 5],
    ['"a\\"b" x', 6],
    ['"a\\\\" x', 5],
    ['"a\\"', -1],
    ['"', -1],
    ['"abc', -1],
    ['""', 2],
  ];
  for (const [text, end] of rows) equal(quotedStringEnd(text, 0), end, text);
});

Deno.test("parseDigits() takes digits alone", () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ["0", 0],
    ["0068", 68],
    ["4294967296", 4294967296],
    ["", undefined],
    ["-1", undefined],
    ["+1", undefined],
    ["1e3", undefined],
    [" 1", undefined],
    ["0x10", undefined],
    ["1.5", undefined],
    ["9".repeat(400), Infinity],
  ];
  for (const [text, expected] of rows) equal(parseDigits(text), expected, text);
});
