import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { PluginOption } from "../config/config.ts";
import { formatIssue } from "../config/issues.ts";
import type { OptionSchema } from "./option_schema.ts";
import { readOptions } from "./options.ts";

const schema = {
  text: { kind: "string", help: "", example: "x" },
  named: { kind: "string", default: "d", help: "", example: "x", validate: noBlank },
  count: { kind: "integer", default: 3, min: 1, max: 9, help: "", example: "3" },
  on: { kind: "boolean", default: false, help: "", example: "1" },
  many: { kind: "list", help: "", example: "x", validate: noBlank },
  other: { kind: "list", help: "", example: "x" },
  nets: { kind: "networks", help: "", example: "10.0.0.0/8" },
} as const satisfies OptionSchema;

function noBlank(value: string): string | undefined {
  return value.includes(" ") ? "no blank is allowed" : undefined;
}

function lines(...entries: readonly (readonly [string, string])[]): readonly PluginOption[] {
  return entries.map(([key, value], index) => ({
    key: `plugin_test_${key}`,
    value,
    position: { fileName: "f", line: index + 1, column: 1 },
    valueColumn: 20,
  }));
}

function read(...entries: readonly (readonly [string, string])[]) {
  const loadPosition = { fileName: "f", line: 99, column: 5 };
  const owner = { name: "test", options: schema, together: [["many", "other"]] };
  return readOptions(owner, { options: lines(...entries), loadPosition });
}

const defaults = {
  text: undefined,
  named: "d",
  count: 3,
  on: false,
  many: [],
  other: [],
  nets: [],
};

Deno.test("readOptions() gives the defaults when nothing is set", () => {
  const { config, issues } = read();
  deepStrictEqual([config, issues], [defaults, []]);
});

Deno.test("readOptions() reads every kind", () => {
  const { config, issues } = read(
    ["text", "a b"],
    ["named", "n"],
    ["count", "0x5"],
    ["on", "1"],
    ["many", "m1"],
    ["many", "m2"],
    ["other", "ä"],
    ["other", "o"],
    ["nets", "10.0.0.0/8, host.example/32"],
  );
  deepStrictEqual(issues, []);
  deepStrictEqual(config, {
    text: "a b",
    named: "n",
    count: 5,
    on: true,
    many: ["m1", "m2"],
    other: ["\xc3\xa4", "o"],
    nets: [
      { kind: "address", host: "10.0.0.0", bits: 8 },
      { kind: "name", host: "host.example", bits: 32 },
    ],
  });
});

const wrong: readonly (readonly [readonly (readonly [string, string])[], readonly string[]])[] = [
  [[["count", "0"]], ['f:1:20: error: plugin_test_count: Cannot use number "0": lowest is 1']],
  [[["count", "10"]], ['f:1:20: error: plugin_test_count: Cannot use number "10": highest is 9']],
  [[["count", "x"]], ['f:1:20: error: plugin_test_count: Cannot use number "x": not a number']],
  [[["on", "yes"]], [
    'f:1:20: error: plugin_test_on: Cannot use "yes": write 1 for on or 0 for off',
  ]],
  [[["named", "a b"]], ['f:1:20: error: plugin_test_named: Cannot use "a b": no blank is allowed']],
  [[["many", "a b"], ["other", "x"]], [
    'f:1:20: error: plugin_test_many: Cannot use "a b": no blank is allowed',
  ]],
  [[["many", "a"], ["many", "b"], ["other", "x"]], [
    'f:2:20: error: plugin_test_many: Cannot pair "b": 2 plugin_test_many, 1 plugin_test_other ' +
    "are given, their numbers must be equal",
  ]],
  [[["nets", "10.0.0.0/8,x"]], [
    'f:1:31: error: plugin_test_nets: Cannot use entry "x": no /bits, a single host is x/32',
  ]],
];

for (const [entries, said] of wrong) {
  Deno.test(`readOptions() refuses ${JSON.stringify(entries)}`, () => {
    const { config, issues } = read(...entries);
    strictEqual(config, undefined);
    deepStrictEqual(issues.map(formatIssue), said);
  });
}

const odd: readonly (readonly [readonly (readonly [string, string])[], readonly string[]])[] = [
  [[["count", ""]], [
    "f:1:1: warning: plugin_test_count: Cannot use empty value: what was set before or the default stays",
  ]],
  [[["count", "4"], ["count", "5"]], [
    "f:1:1: warning: plugin_test_count: Cannot use this line: line 2 sets plugin_test_count again and wins",
  ]],
  [[["cuont", "4"]], [
    'f:1:1: warning: plugin_test_cuont: Cannot use key "plugin_test_cuont": plugin_test has no such ' +
    'option, nearest is "plugin_test_count"',
  ]],
  [[["count", "4 apples"]], [
    'f:1:20: warning: plugin_test_count: Cannot use " apples" after the number: 4 is used',
  ]],
];

for (const [entries, said] of odd) {
  Deno.test(`readOptions() warns about ${JSON.stringify(entries)}`, () => {
    const { config, issues } = read(...entries);
    strictEqual(config === undefined, false);
    deepStrictEqual(issues.map(formatIssue), said);
  });
}

Deno.test("readOptions() names the load line when a needed option is missing", () => {
  const options = { key: { kind: "string", required: true, help: "", example: "abc" } } as const;
  const loadPosition = { fileName: "f", line: 7, column: 15 };
  const { config, issues } = readOptions({ name: "test", options }, { options: [], loadPosition });
  strictEqual(config, undefined);
  deepStrictEqual(issues.map(formatIssue), [
    "f:7:15: error: plugin_test_key: Cannot load plugin: it needs plugin_test_key " +
    "(example: plugin_test_key = abc)",
  ]);
});
