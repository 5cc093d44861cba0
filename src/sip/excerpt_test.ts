import { equal } from "node:assert/strict";
import { excerpt } from "./excerpt.ts";

Deno.test("excerpt() escapes control characters and cuts long text", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["abc", '"abc"'],
    ["", '""'],
    ["a\r\n\x1b[31m", '"a\\x0d\\x0a\\x1b[31m"'],
    ["a".repeat(64), `"${"a".repeat(64)}"`],
    ["a".repeat(65), `"${"a".repeat(64)}…"`],
  ];
  for (const [text, quoted] of rows) equal(excerpt(text), quoted);
});
