import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatIssue, hasErrors, type Issue, quote, sortIssues, strictIssues } from "./issues.ts";

function issue(fileName: string, line: number, column: number): Issue {
  const position = { fileName, line, column };
  return { severity: "warning", position, key: "user", message: "Cannot do it: reason" };
}

Deno.test("formatIssue() writes file:line:column: severity: key: message", () => {
  strictEqual(
    formatIssue({
      severity: "error",
      position: { fileName: "siproxd.conf", line: 12, column: 16 },
      key: "rtp_port_low",
      message: 'Cannot use port "70000": highest is 65535',
    }),
    'siproxd.conf:12:16: error: rtp_port_low: Cannot use port "70000": highest is 65535',
  );
});

Deno.test("formatIssue() escapes control characters of file name and key", () => {
  const strange = { ...issue("a\nb", 1, 1), key: "k\x1b[31m" };
  strictEqual(formatIssue(strange), "a\\x0ab:1:1: warning: k\\x1b[31m: Cannot do it: reason");
});

Deno.test("quote() cuts and escapes", () => {
  strictEqual(quote("a\tb"), '"a\\x09b"');
  strictEqual(quote("y".repeat(61)), `"${"y".repeat(60)}…"`);
});

Deno.test("sortIssues() puts lines and columns in order and the command line last", () => {
  const written = [
    issue("--set", 1, 1),
    issue("b.conf", 2, 9),
    issue("b.conf", 2, 1),
    issue("b.conf", 1, 5),
    issue("-d", 1, 1),
    issue("a.conf", 7, 1),
  ];
  deepStrictEqual(
    sortIssues(written).map(({ position }) =>
      `${position.fileName}:${position.line}:${position.column}`
    ),
    ["a.conf:7:1", "b.conf:1:5", "b.conf:2:1", "b.conf:2:9", "--set:1:1", "-d:1:1"],
  );
});

Deno.test("strictIssues() raises lost lines to errors and leaves other warnings", () => {
  const lost: Issue = { ...issue("a.conf", 1, 1), effect: "line-lost" };
  const risky = issue("a.conf", 2, 1);
  deepStrictEqual(strictIssues([lost, risky]), [{ ...lost, severity: "error" }, risky]);
});

Deno.test("hasErrors() is true for one error among warnings", () => {
  strictEqual(hasErrors([]), false);
  strictEqual(hasErrors([issue("a", 1, 1)]), false);
  strictEqual(hasErrors([issue("a", 1, 1), { ...issue("a", 2, 1), severity: "error" }]), true);
});
