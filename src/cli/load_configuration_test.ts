import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Issue } from "../config/issues.ts";
import { countIssues, issueLines, loadConfiguration } from "./load_configuration.ts";

const position = { fileName: "f", line: 1, column: 1 };
const error: Issue = { severity: "error", position, key: "k", message: "Cannot do it: reason" };
const warning: Issue = { ...error, severity: "warning" };
const lost: Issue = { ...warning, effect: "line-lost" };

const counts: readonly (readonly [readonly Issue[], string])[] = [
  [[], "0 errors, 0 warnings"],
  [[error], "1 error, 0 warnings"],
  [[warning, error, warning], "1 error, 2 warnings"],
  [[lost], "0 errors, 1 warning"],
];

for (const [issues, words] of counts) {
  Deno.test(`countIssues() says ${words}`, () => strictEqual(countIssues(issues), words));
}

Deno.test("issueLines() ends every line", () => {
  strictEqual(
    issueLines([error, warning]),
    "f:1:1: error: k: Cannot do it: reason\nf:1:1: warning: k: Cannot do it: reason\n",
  );
  strictEqual(issueLines([]), "");
});

Deno.test("loadConfiguration() makes an unreadable file an issue", () => {
  deepStrictEqual(loadConfiguration({ configFile: "/nonexistent", overrides: [] }), {
    path: "/nonexistent",
    loaded: undefined,
    issues: [{
      severity: "error",
      key: "file",
      position: { fileName: "/nonexistent", line: 1, column: 1 },
      message: 'Cannot read "/nonexistent": no such file',
    }],
  });
});

Deno.test("loadConfiguration() names the file in the positions of its issues", () => {
  const path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, "user =");
  const { issues } = loadConfiguration({ configFile: path, overrides: [] });
  deepStrictEqual(issues.map((issue) => issue.position), [{ fileName: path, line: 1, column: 1 }]);
  Deno.removeSync(path);
});
