import { deepStrictEqual } from "node:assert/strict";
import { examine } from "../../tests/support/plugin_bench.ts";
import type { Option } from "./option_schema.ts";
import { BUILT_IN } from "./registry.ts";

/** A value and what is said about it. */
type BadValue = readonly [string, string];

const NO_NUMBER: readonly BadValue[] = [
  ["many", 'Cannot use number "many": not a number'],
  ["-", 'Cannot use number "-": not a number'],
  ["99999999999999999999", ""],
];

const NO_NETWORKS: readonly BadValue[] = [
  ["10.0.0.0", 'Cannot use entry "10.0.0.0": no /bits, a single host is 10.0.0.0/32'],
  ["10.0.0.0/33", 'Cannot use bits "33": 0…32 is expected'],
  ["10.0.0.0/", 'Cannot use bits "": 0…32 is expected'],
  ["2001:db8::/129", 'Cannot use bits "129": 0…128 is expected'],
  [
    "300.1.1.1/8",
    'Cannot use host "300.1.1.1": not a valid IPv4 address',
  ],
];

/** What follows from an option's kind alone, whatever plugin it belongs to. */
function badValues(option: Option): readonly BadValue[] {
  switch (option.kind) {
    case "integer":
      return [
        ...NO_NUMBER.filter(([, said]) => said !== ""),
        [`${option.min - 1}`, `Cannot use number "${option.min - 1}": lowest is ${option.min}`],
        [`${option.max + 1}`, `Cannot use number "${option.max + 1}": highest is ${option.max}`],
      ];
    case "boolean":
      return [
        ["yes", 'Cannot use "yes": write 1 for on or 0 for off'],
        ["on", 'Cannot use "on": write 1 for on or 0 for off'],
        ["true", 'Cannot use "true": write 1 for on or 0 for off'],
      ];
    case "networks":
      return NO_NETWORKS;
    case "string":
    case "list":
      return [];
  }
}

for (const { name, options } of BUILT_IN) {
  for (const [key, option] of Object.entries(options)) {
    const full = `plugin_${name}_${key}`;
    for (const [value, said] of badValues(option)) {
      Deno.test(`${full} = ${value} is refused with its place and reason`, () => {
        const lines = examine(`load_plugin = ${name}\n${full} = ${value}`);
        const expected = `: error: ${full}: ${said}`;
        const mine = lines.filter((line) => line.startsWith("test.conf:2:"));
        deepStrictEqual(mine.map((line) => line.slice(line.indexOf(": error"))), [expected]);
      });
    }

    if (option.kind === "list") continue;

    Deno.test(`${full} set twice: the first line is told to lose`, () => {
      const line = `${full} = ${option.example}`;
      const said = examine(`load_plugin = ${name}\n${line}\n${line}`);
      deepStrictEqual(said.filter((one) => one.startsWith("test.conf:2:")), [
        `test.conf:2:1: warning: ${full}: Cannot use this line: line 3 sets ${full} again and wins`,
      ]);
    });
  }
}

for (const { name } of BUILT_IN) {
  Deno.test(`a key that ${name} does not know is told to be lost`, () => {
    const key = `plugin_${name}_zzzzzzzz`;
    deepStrictEqual(
      examine(`load_plugin = ${name}\n${key} = 1`).filter((line) => line.startsWith("test.conf:2")),
      [`test.conf:2:1: warning: ${key}: Cannot use key "${key}": plugin_${name} has no such option`],
    );
  });
}
