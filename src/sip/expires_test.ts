import { equal } from "node:assert/strict";
import { messageOf } from "../../tests/support/sip_messages.ts";
import { parseDeltaSeconds, readExpires } from "./expires.ts";

Deno.test("parseDeltaSeconds() clamps what does not fit and refuses what is no number", () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ["0", 0],
    ["600", 600],
    ["4294967295", 4294967295],
    ["4294967296", 4294967295],
    ["1" + "0".repeat(40), 4294967295],
    ["-1", undefined],
    ["", undefined],
    ["60 ", undefined],
    ["Thu, 01 Dec 1994 16:00:00 GMT", undefined],
  ];
  for (const [text, seconds] of rows) equal(parseDeltaSeconds(text), seconds, text);
});

Deno.test("readExpires() takes a malformed field for a missing one", () => {
  const rows: readonly (readonly [readonly string[], number | undefined])[] = [
    [["Expires: 600"], 600],
    [["EXPIRES :\r\n 0"], 0],
    [["Expires: -5"], undefined],
    [["Expires:"], undefined],
    [[], undefined],
  ];
  for (const [lines, seconds] of rows) {
    equal(readExpires(messageOf(["REGISTER sip:b SIP/2.0", ...lines])), seconds);
  }
});
