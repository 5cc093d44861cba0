import { equal } from "node:assert/strict";
import { isTransactionBranch, MAGIC_COOKIE } from "./branch.ts";

Deno.test("isTransactionBranch() wants more than the cookie", () => {
  const rows: readonly (readonly [string | undefined, boolean])[] = [
    [`${MAGIC_COOKIE}1`, true],
    ["Z9HG4BKx", true],
    ["z9hG4bK", false],
    ["390skdjuw", false],
    ["xz9hG4bK1", false],
    ["", false],
    [undefined, false],
  ];
  for (const [branch, expected] of rows) equal(isTransactionBranch(branch), expected);
});
