import { deepEqual } from "node:assert/strict";
import { parseContentLength } from "./content_length.ts";

Deno.test("parseContentLength() takes digits below 2^31", () => {
  const noDigits = "Cannot parse Content-Length: not a number of digits";
  const tooHigh = "Cannot use Content-Length: highest is 2147483647";
  const rows: readonly (readonly [string, number | string])[] = [
    ["0", 0],
    ["0150", 150],
    ["2147483647", 2147483647],
    ["2147483648", tooHigh],
    ["99999999999999999999999", tooHigh],
    ["-999", noDigits],
    ["+1", noDigits],
    ["", noDigits],
    ["1 2", noDigits],
    ["0x1", noDigits],
  ];
  for (const [text, expected] of rows) {
    const result = parseContentLength(text);
    deepEqual(result.ok ? result.value : result.error, expected, text);
  }
});
