import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type ConfigEntry, lexConfig } from "./lexer.ts";
import { nearestKey, type ResolvedEntries, resolveEntries } from "./resolve.ts";

function resolve(text: string, overrides = ""): ResolvedEntries {
  return resolveEntries(
    lexConfig({ text, fileName: "f" }).entries,
    lexConfig({ text: overrides, fileName: "--set" }).entries,
  );
}

function inForce(resolved: ResolvedEntries, key: string): readonly string[] | undefined {
  return resolved.settings.find((setting) => setting.directive.key === key)?.entries
    .map((entry: ConfigEntry) => entry.value);
}

const cases: readonly {
  readonly name: string;
  readonly text: string;
  readonly overrides?: string;
  readonly key: string;
  readonly values: readonly string[];
  readonly issues: number;
}[] = [
  { name: "a scalar", text: "user = a", key: "user", values: ["a"], issues: 0 },
  { name: "the last of a scalar", text: "user=a\nuser=b", key: "user", values: ["b"], issues: 1 },
  { name: "no value for an empty one", text: "user =", key: "user", values: [], issues: 1 },
  {
    name: "the value before an empty one",
    text: "user = a\nuser =",
    key: "user",
    values: ["a"],
    issues: 1,
  },
  {
    name: "an array in order",
    text: "load_plugin = b\nuser = x\nload_plugin = a",
    key: "load_plugin",
    values: ["b", "a"],
    issues: 0,
  },
  {
    name: "the last of a scalar that the command line sets twice",
    text: "user = a",
    overrides: "user = b\nuser = c",
    key: "user",
    values: ["c"],
    issues: 0,
  },
  {
    name: "nothing for a scalar that the command line sets and takes back",
    text: "user = a",
    overrides: "user = b\nuser =",
    key: "user",
    values: [],
    issues: 0,
  },
  {
    name: "all of an array that the command line sets",
    text: "load_plugin = a",
    overrides: "load_plugin = b\nload_plugin = c",
    key: "load_plugin",
    values: ["b", "c"],
    issues: 0,
  },
  {
    name: "the command line before the file",
    text: "user = a",
    overrides: "user = b",
    key: "user",
    values: ["b"],
    issues: 0,
  },
  {
    name: "the command line's array in place of the file's",
    text: "load_plugin = a\nload_plugin = b",
    overrides: "load_plugin = c",
    key: "load_plugin",
    values: ["c"],
    issues: 0,
  },
  {
    name: "the default again for an empty override",
    text: "registration_file = /x",
    overrides: "registration_file =",
    key: "registration_file",
    values: [],
    issues: 0,
  },
];

for (const { name, text, overrides, key, values, issues } of cases) {
  Deno.test(`resolveEntries() takes ${name}`, () => {
    const resolved = resolve(text, overrides);
    deepStrictEqual(inForce(resolved, key), values);
    strictEqual(resolved.issues.length, issues);
  });
}

Deno.test("resolveEntries() takes 1024 entries of an array and reports each further one", () => {
  const resolved = resolve("load_plugin = a\n".repeat(1026));
  strictEqual(inForce(resolved, "load_plugin")?.length, 1024);
  deepStrictEqual(resolved.issues.map((issue) => [issue.position.line, issue.message]), [
    [1025, "Cannot add entry: more than 1024 of them"],
    [1026, "Cannot add entry: more than 1024 of them"],
  ]);
});

Deno.test("resolveEntries() keeps options of built-in and loaded plugins raw and in order", () => {
  const resolved = resolve(
    "load_plugin = plugin_mine.js\nplugin_mine_x = 1\nplugin_stun_port = 007\nplugin_mine_x = ",
  );
  deepStrictEqual(resolved.pluginOptions.map(({ key, value }) => [key, value]), [
    ["plugin_mine_x", "1"],
    ["plugin_stun_port", "007"],
    ["plugin_mine_x", ""],
  ]);
  deepStrictEqual(resolved.issues, []);
});

Deno.test("resolveEntries() loses the line of an unknown key and goes on", () => {
  const [issue] = resolve("registraton_file = /x").issues;
  deepStrictEqual(issue, {
    severity: "warning",
    effect: "line-lost",
    position: { fileName: "f", line: 1, column: 1 },
    key: "registraton_file",
    message: 'Cannot use key "registraton_file": no such directive, nearest is ' +
      '"registration_file" (example: registration_file = ' +
      "/var/lib/siproxd/siproxd_registrations)",
  });
});

Deno.test("nearestKey() finds directives", () => {
  strictEqual(nearestKey("rtp_prot_low"), "rtp_port_low");
  strictEqual(nearestKey("completely_different"), undefined);
});
