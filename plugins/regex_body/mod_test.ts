import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  examine,
  headerOf,
  PluginBench,
  register,
  request,
} from "../../tests/support/plugin_bench.ts";

function bench(rules: readonly (readonly [string, string])[]): PluginBench {
  const lines = rules.flatMap(([pattern, replace]) => [
    "plugin_regex_body_desc = rule",
    `plugin_regex_body_pattern = ${pattern}`,
    `plugin_regex_body_replace = ${replace}`,
  ]);
  const world = new PluginBench({
    config: ["load_plugin = plugin_regex_body.la", ...lines].join("\n"),
  });
  world.registerAlice();
  return world;
}

function bodyOf(text: string | undefined): string {
  return text?.slice(text.indexOf("\n\n") + 2) ?? "";
}

const rewrites:
  readonly (readonly [string, readonly (readonly [string, string])[], string, string])[] = [
    ["once each, though the result matches again", [["a", "aa"]], "abca", "aabcaa\n"],
    ["cumulatively", [["one", "two"], ["two", "three"]], "one", "three\n"],
    ["once when group 1 took part", [["(x)", "<\\1>"]], "xx", "<x>x\n"],
  ];

for (const [how, rules, body, expected] of rewrites) {
  Deno.test(`regex_body applies rules ${how}`, () => {
    const step = bench(rules).fromPhone(request("MESSAGE sip:bob@192.0.2.10:5070", { body }));
    strictEqual(bodyOf(step.sent[0]?.text), expected);
    strictEqual(headerOf(step, "Content-Length"), `${expected.length + 1}`);
  });
}

Deno.test("regex_body also changes responses and REGISTERs", () => {
  const world = bench([["a", "b"]]);
  const out = world.fromPhone(`${register({ user: "carol", contact: "sip:carol@10.0.0.10:5062" })}`
    .replace("Content-Length: 0", "Content-Type: text/plain\nContent-Length: auto\n\naaa"));
  strictEqual(bodyOf(out.sent[0]?.text), "bbb\n");
  const lines = (out.sent[0]?.text ?? "").split("\n");
  const copied = lines.filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
  const answer = world.fromOutside(
    ["SIP/2.0 403 Forbidden", ...copied, "Content-Length: auto", "", "aha"].join("\n"),
  );
  strictEqual(bodyOf(answer.sent[0]?.text), "bhb\n");
});

Deno.test("regex_body leaves messages without a body, and without a match, byte for byte", () => {
  const world = bench([["zzz", "y"]]);
  const plain = request("MESSAGE sip:bob@192.0.2.10:5070", { body: "text" });
  strictEqual(bodyOf(world.fromPhone(plain).sent[0]?.text), "text\n");
});

Deno.test("regex_body leaves the body alone when a rule fails", () => {
  const step = bench([["t", "u"], ["(q)?e", "\\1"]]).fromPhone(
    request("MESSAGE sip:bob@192.0.2.10:5070", { body: "text" }),
  );
  strictEqual(bodyOf(step.sent[0]?.text), "text\n");
  deepStrictEqual(step.logs, [
    "error rule rule: Cannot replace: group 1 took no part in the match",
  ]);
});

Deno.test("regex and regex_body do not claim each other's options", () => {
  deepStrictEqual(
    examine(
      "load_plugin = regex\nload_plugin = regex_body\nplugin_regex_body_desc = a\n" +
        "plugin_regex_body_pattern = b\nplugin_regex_body_replace = c\nplugin_regex_desc = x\n" +
        "plugin_regex_pattern = y\nplugin_regex_replace = z",
    ),
    [],
  );
});
