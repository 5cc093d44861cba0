import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatIssue } from "../config/issues.ts";
import { type ConfigProblem, definePlugin, drop, redirectTo, reply } from "./api.ts";
import { isConfigOf } from "./is_config.ts";
import type { OptionSchema } from "./option_schema.ts";
import type { PluginHost } from "./plugin_host.ts";

const loadPosition = { fileName: "f", line: 9, column: 15 };

/** What a plugin whose options have these problems says. */
function prepareWith(problems: readonly ConfigProblem[], lines: readonly string[] = []) {
  const plugin = definePlugin({
    name: "test",
    apiVersion: 1,
    description: "d",
    options: { many: { kind: "list", help: "", example: "x" } },
    examine: () => problems,
    setup: () => ({}),
  });
  const options = lines.map((value, index) => ({
    key: "plugin_test_many",
    value,
    position: { fileName: "f", line: index + 1, column: 1 },
    valueColumn: 20,
  }));
  const { issues, setup } = plugin.prepare({ options, loadPosition });
  return { said: issues.map(formatIssue), isUsable: setup !== undefined };
}

Deno.test("definePlugin() lets examine() say nothing", () => {
  deepStrictEqual(prepareWith([]), { said: [], isUsable: true });
});

Deno.test("definePlugin() refuses options that examine() finds an error in", () => {
  const problem = { option: "many", severity: "error", message: "Cannot do it: no" } as const;
  deepStrictEqual(prepareWith([problem]), {
    said: ["f:9:15: error: plugin_test_many: Cannot do it: no"],
    isUsable: false,
  });
});

Deno.test("definePlugin() loads with a warning", () => {
  const problem = { option: "many", severity: "warning", message: "Cannot do much: no" } as const;
  deepStrictEqual(prepareWith([problem]), {
    said: ["f:9:15: warning: plugin_test_many: Cannot do much: no"],
    isUsable: true,
  });
});

const places: readonly (readonly [number | undefined, string])[] = [
  [0, "f:1:20"],
  [1, "f:3:20"],
  [undefined, "f:3:20"],
  [7, "f:9:15"],
];

for (const [index, place] of places) {
  Deno.test(`definePlugin() places a problem of value ${index} at ${place}`, () => {
    const problem = { option: "many", severity: "warning", message: "Cannot: x" } as const;
    const { said } = prepareWith(
      [index === undefined ? problem : { ...problem, index }],
      ["a", "", "b"],
    );
    strictEqual(said.at(-1), `${place}: warning: plugin_test_many: Cannot: x`);
  });
}

Deno.test("definePlugin() does not ask examine() about options that cannot be read", () => {
  let asked = 0;
  const plugin = definePlugin({
    name: "test",
    apiVersion: 1,
    description: "d",
    options: { key: { kind: "string", required: true, help: "", example: "x" } },
    examine: () => {
      asked++;
      return [];
    },
    setup: () => ({}),
  });
  strictEqual(plugin.prepare({ options: [], loadPosition }).setup, undefined);
  strictEqual(asked, 0);
});

Deno.test("definePlugin() hands the typed configuration to setup()", () => {
  const seen: unknown[] = [];
  const plugin = definePlugin({
    name: "test",
    apiVersion: 1,
    description: "d",
    options: { count: { kind: "integer", default: 4, min: 1, max: 9, help: "", example: "4" } },
    setup: (config, host) => {
      seen.push(config, host.processId);
      return {};
    },
  });
  const host: Pick<PluginHost, "processId"> = { processId: 5 };
  const { setup } = plugin.prepare({ options: [], loadPosition });
  if (setup !== undefined) Reflect.apply(setup, undefined, [host]);
  deepStrictEqual(seen, [{ count: 4 }, 5]);
});

const schema = {
  text: { kind: "string", help: "", example: "" },
  named: { kind: "string", default: "d", help: "", example: "" },
  needed: { kind: "string", required: true, help: "", example: "" },
  count: { kind: "integer", default: 1, min: 0, max: 9, help: "", example: "" },
  on: { kind: "boolean", default: true, help: "", example: "" },
  many: { kind: "list", help: "", example: "" },
  nets: { kind: "networks", help: "", example: "" },
} as const satisfies OptionSchema;

const whole = { text: undefined, named: "n", needed: "x", count: 1, on: true, many: [], nets: [] };

const values: readonly (readonly [string, object, boolean])[] = [
  ["a whole configuration", whole, true],
  ["an optional text", { ...whole, text: "t" }, true],
  ["no default text", { ...whole, named: undefined }, false],
  ["no needed text", { ...whole, needed: undefined }, false],
  ["a text for a number", { ...whole, count: "1" }, false],
  ["a number for a switch", { ...whole, on: 1 }, false],
  ["a text for a list", { ...whole, many: "x" }, false],
  ["nothing for networks", { ...whole, nets: undefined }, false],
  ["nothing at all", {}, false],
];

for (const [what, candidate, expected] of values) {
  Deno.test(`isConfigOf() says ${expected} to ${what}`, () => {
    strictEqual(isConfigOf(candidate, schema), expected);
  });
}

Deno.test("drop(), reply() and redirectTo() make their verdicts", () => {
  deepStrictEqual(drop("why"), { kind: "drop", reason: "why" });
  deepStrictEqual(reply(404), { kind: "reply", statusCode: 404, headers: [] });
  deepStrictEqual(redirectTo("sip:a@b;x=y"), {
    kind: "reply",
    statusCode: 302,
    headers: [{
      key: "contact",
      name: "Contact",
      value: "<sip:a@b;x=y>",
      line: "Contact: <sip:a@b;x=y>",
    }],
  });
});
