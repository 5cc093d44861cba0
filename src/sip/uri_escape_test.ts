import { equal } from "node:assert/strict";
import { canonicalEscapes, escapeUriUser, unescapeUri } from "./uri_escape.ts";

Deno.test("unescapeUri() resolves escapes once and leaves bad ones", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["alice", "alice"],
    ["%61lice", "alice"],
    ["sips%3Auser%40example.com", "sips:user@example.com"],
    ["v%61lue%25%34%31", "value%41"],
    ["%Z%45", "%ZE"],
    ["%", "%"],
    ["%4", "%4"],
    ["%%41", "%A"],
    ["%00%0d%0A", "\0\r\n"],
    ["%e9", "\u00e9"],
    ["%-1%+1%4 ", "%-1%+1%4 "],
  ];
  for (const [text, plain] of rows) equal(unescapeUri(text), plain, text);
});

Deno.test("canonicalEscapes() makes equal spellings equal and prints safely", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["alice", "alice"],
    ["%61li%63e", "alice"],
    ["%00", "%00"],
    ["%0d%0a", "%0D%0A"],
    ["%2500", "%2500"],
    ["%e9", "%E9"],
    ["\u00e9", "%E9"],
    ["a\0b", "a%00b"],
    ["%Z", "%Z"],
    ["%20", "%20"],
  ];
  for (const [text, canonical] of rows) equal(canonicalEscapes(text), canonical, text);
});

Deno.test("canonicalEscapes() keeps different meanings apart", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["%00", "%00%00"],
    ["%00", "%2500"],
    ["%41", "%2541"],
    ["a", "A"],
  ];
  for (const [left, right] of rows) {
    equal(canonicalEscapes(left) === canonicalEscapes(right), false);
  }
});

Deno.test("escapeUriUser() escapes what a user part may not hold", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["alice", "alice"],
    ["*97#", "*97%23"],
    ["a@b:c", "a%40b%3Ac"],
    ["+1-201;ext=5", "+1-201;ext=5"],
    ["a b%", "a%20b%25"],
    ["\r\n<>\u00e9", "%0D%0A%3C%3E%E9"],
  ];
  for (const [plain, text] of rows) {
    equal(escapeUriUser(plain), text);
    equal(unescapeUri(text), plain);
  }
});
