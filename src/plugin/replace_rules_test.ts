import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { examineRules, readRules, ruleOptions } from "./replace_rules.ts";
import { replaceFirstOrAll } from "./replacement.ts";

const OPTIONS = ruleOptions({
  subject: "the To URI",
  examples: { desc: "00 to +", pattern: "^00", replace: "+" },
});

Deno.test("ruleOptions() names the subject and the examples", () => {
  deepStrictEqual(Object.entries(OPTIONS).map(([key, { kind, example }]) => [key, kind, example]), [
    ["desc", "list", "00 to +"],
    ["pattern", "list", "^00"],
    ["replace", "list", "+"],
  ]);
  strictEqual(
    OPTIONS.pattern.help,
    "POSIX extended regular expression on the To URI, in any case.",
  );
});

Deno.test("ruleOptions() refuses a pattern that is none", () => {
  strictEqual(OPTIONS.pattern.validate?.("^00"), undefined);
  strictEqual(typeof OPTIONS.pattern.validate?.("(("), "string");
});

Deno.test("examineRules() warns where there is no rule", () => {
  deepStrictEqual(examineRules({ desc: [], pattern: [], replace: [] }, "plugin_x_pattern"), [{
    option: "pattern",
    severity: "warning",
    message: "Cannot rewrite anything: no plugin_x_pattern is set",
  }]);
});

Deno.test("examineRules() names the replacement that cannot be used", () => {
  const lines = { desc: ["a", "b"], pattern: ["(x)", "(x)"], replace: ["\\1", "\\2"] };
  deepStrictEqual(
    examineRules(lines, "k").map(({ option, index, severity }) => [option, index, severity]),
    [["replace", 1, "error"]],
  );
});

Deno.test("readRules() keeps the order and leaves out what cannot be used", () => {
  const rules = readRules({
    desc: ["first", "bad", "last"],
    pattern: ["a(.)", "((", "b"],
    replace: ["\\1\\1", "x", "c"],
  });
  deepStrictEqual(rules.map(({ desc }) => desc), ["first", "last"]);
  deepStrictEqual(rules.map((rule) => replaceFirstOrAll("ayb", rule)), [
    { ok: true, value: "yyb" },
    { ok: true, value: "ayc" },
  ]);
});
