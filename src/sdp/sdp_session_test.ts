import { strictEqual } from "node:assert/strict";
import { isUnspecifiedText } from "./sdp_session.ts";

Deno.test("isUnspecifiedText() knows every way to write hold", () => {
  const table: readonly (readonly [string, boolean])[] = [
    ["0.0.0.0", true],
    ["::", true],
    ["0:0:0:0:0:0:0:0", true],
    ["0000::0", true],
    ["::1", false],
    ["0.0.0.1", false],
    ["10.0.0.0", false],
    ["0", false],
    ["", false],
    ["example.net", false],
  ];
  for (const [text, expected] of table) strictEqual(isUnspecifiedText(text), expected, text);
});
