import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  examine,
  firstLine,
  headerOf,
  invite,
  PluginBench,
  request,
} from "../../tests/support/plugin_bench.ts";

type Rule = readonly [string, string, string];

function configOf(rules: readonly Rule[]): string {
  const lines = rules.flatMap(([desc, pattern, replace]) => [
    `plugin_regex_desc = ${desc}`,
    `plugin_regex_pattern = ${pattern}`,
    `plugin_regex_replace = ${replace}`,
  ]);
  return ["load_plugin = plugin_regex.la", ...lines].join("\n");
}

function bench(rules: readonly Rule[]): PluginBench {
  const world = new PluginBench({ config: configOf(rules) });
  world.registerAlice();
  return world;
}

const INTERNATIONAL: Rule = ["00 to +", "^(sips?:)00", "\\1+"];

const rewrites: readonly (readonly [readonly Rule[], string, string])[] = [
  [[INTERNATIONAL], "sip:0041@192.0.2.10", "<sip:+41@192.0.2.10;redirected=regex>"],
  [
    [["a", "sip:9([0-9]+)@", "sip:\\1@"]],
    "sip:9123@192.0.2.10",
    "<sip:123@192.0.2.10;redirected=regex>",
  ],
  [[["all", "1", "2"]], "sip:1131@host", "<sip:2232@host;redirected=regex>"],
  [[["none", "x", "y"], INTERNATIONAL], "sip:0041@h", "<sip:+41@h;redirected=regex>"],
  [[["case", "^SIP:ABC", "sip:def"]], "sip:abc@h", "<sip:def@h;redirected=regex>"],
];

for (const [rules, to, contact] of rewrites) {
  Deno.test(`row 76: regex makes ${contact} of ${to}`, () => {
    const step = bench(rules).fromPhone(invite("sip:any@192.0.2.10:5070", { To: `<${to}>` }));
    strictEqual(firstLine(step), "SIP/2.0 302 Moved Temporarily");
    strictEqual(headerOf(step, "Contact"), contact);
  });
}

Deno.test("regex says which rule matched", () => {
  const step = bench([INTERNATIONAL]).fromPhone(
    invite("sip:0041@192.0.2.10:5070", { To: "<sip:0041@192.0.2.10>" }),
  );
  deepStrictEqual(step.logs, [
    "info Matched rexec rule: 00 to +",
    "info redirecting sip:0041@192.0.2.10 -> sip:+41@192.0.2.10",
  ]);
});

const passing: readonly (readonly [string, Rule, Readonly<Record<string, string>>])[] = [
  ["no match", INTERNATIONAL, { To: "<sip:123@192.0.2.10>" }],
  ["a result that is no URI", ["bad", "^sip:", "<"], { To: "<sip:1@h>" }],
  ["a group that took no part", ["bad", "(x)?sip:", "\\1sip:"], { To: "<sip:1@h>" }],
  ["its own mark", INTERNATIONAL, { To: "<sip:0041@h;redirected=regex>" }],
  ["a call that is up", INTERNATIONAL, { To: "<sip:0041@h>;tag=b" }],
];

for (const [what, rule, changes] of passing) {
  Deno.test(`regex forwards an INVITE with ${what}`, () => {
    const step = bench([rule]).fromPhone(request("INVITE sip:1@192.0.2.10:5070", changes));
    match(firstLine(step) ?? "", /^INVITE sip:1@192/);
  });
}

Deno.test("row 76: regex's ACK is not forwarded", () => {
  const world = bench([INTERNATIONAL]);
  const step = world.fromPhone(invite("sip:0041@192.0.2.10:5070"));
  const ack = request("ACK sip:0041@192.0.2.10:5070", { To: headerOf(step, "To") ?? "" });
  deepStrictEqual(world.fromPhone(ack).sent, []);
});

Deno.test("regex refuses lists of unequal length", () => {
  deepStrictEqual(examine("load_plugin = regex\nplugin_regex_desc = a\nplugin_regex_pattern = b"), [
    'test.conf:2:21: error: plugin_regex_desc: Cannot pair "a": 1 plugin_regex_desc, ' +
    "1 plugin_regex_pattern, 0 plugin_regex_replace are given, their numbers must be equal",
  ]);
});

const badRules: readonly (readonly [string, string, string])[] = [
  [
    "(",
    "x",
    'test.conf:3:24: error: plugin_regex_pattern: Cannot use pattern "(": no ")" at offset 1',
  ],
  [
    "a",
    "\\1",
    'test.conf:4:24: error: plugin_regex_replace: Cannot use replacement "\\x5c1": the pattern has no group 1',
  ],
  [
    "((a{99}){99}){99}",
    "x",
    'test.conf:3:24: error: plugin_regex_pattern: Cannot use pattern "((a{99}){99}){99}": it unfolds to more than 1000 steps',
  ],
];

for (const [pattern, replace, said] of badRules) {
  Deno.test(`regex refuses the rule ${pattern} → ${replace}`, () => {
    deepStrictEqual(examine(configOf([["d", pattern, replace]])), [said]);
  });
}
