import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { defaultConfig } from "./default_config.ts";
import { DIRECTIVES } from "./directives.ts";
import { entriesOf, type Examination, isSet, issueAt, valuePosition } from "./examination.ts";
import type { ConfigEntry } from "./lexer.ts";

const userEntry: ConfigEntry = {
  key: "user",
  value: "nobody",
  position: { fileName: "f", line: 4, column: 1 },
  valueColumn: 8,
};

const examination: Examination = {
  config: defaultConfig(),
  settings: new Map(DIRECTIVES.map((directive) => [
    directive.key,
    { directive, entries: directive.key === "user" ? [userEntry] : [] },
  ])),
  fileName: "f",
};

Deno.test("issueAt() points at the value of a set key", () => {
  deepStrictEqual(issueAt(examination, { severity: "warning", key: "user", message: "m" }), {
    severity: "warning",
    key: "user",
    message: "m",
    position: { fileName: "f", line: 4, column: 8 },
  });
});

Deno.test("issueAt() points at the top of the file for a key that is not set", () => {
  const { position } = issueAt(examination, { severity: "error", key: "pid_file", message: "m" });
  deepStrictEqual(position, { fileName: "f", line: 1, column: 1 });
});

Deno.test("valuePosition() of no entry is the top of the file", () => {
  deepStrictEqual(valuePosition(examination, undefined), { fileName: "f", line: 1, column: 1 });
});

Deno.test("entriesOf() and isSet() tell set keys from others", () => {
  deepStrictEqual(entriesOf(examination, "user"), [userEntry]);
  deepStrictEqual(entriesOf(examination, "pid_file"), []);
  strictEqual(isSet(examination, "user"), true);
  strictEqual(isSet(examination, "no_such_key"), false);
});
