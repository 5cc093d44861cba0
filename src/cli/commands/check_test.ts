import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatIssue, strictIssues } from "../../config/issues.ts";
import { loadConfig } from "../../config/load.ts";
import { runCheck } from "./check.ts";

const folder = new URL("../../../fixtures/config/", import.meta.url).pathname;

function check(name: string, output: "text" | "json") {
  let written = "";
  const io = {
    out: (text: string) => written += text,
    err: () => {
      throw new Error("check writes to standard output only");
    },
  };
  const from = { configFile: `${folder}${name}`, overrides: [] };
  return { code: runCheck({ from, output }, io), written };
}

const usable = [
  "siproxd.conf.example",
  "all_directives.conf",
  "odd_layout.conf",
  "broken/risks.conf",
];
const refused = ["typos", "numbers", "names", "pairs", "control_characters"]
  .map((name) => `broken/${name}.conf`);

for (const name of usable) {
  Deno.test(`runCheck() exits 0 for ${name}`, () => {
    const { code, written } = check(name, "text");
    deepStrictEqual([code, /: OK( \(.*\))?\n$/.test(written)], [0, true]);
  });
}

for (const name of refused) {
  Deno.test(`runCheck() exits 78 for ${name} and says the same in text and in JSON`, () => {
    const text = check(name, "text");
    const json = check(name, "json");
    deepStrictEqual([text.code, json.code], [78, 78]);
    const report = JSON.parse(json.written);
    const lines = text.written.split("\n").slice(0, -2);
    strictEqual(report.ok, false);
    strictEqual(report.errors + report.warnings, report.issues.length);
    strictEqual(lines.length, report.issues.length);
    const path = `${folder}${name}`;
    const { issues } = loadConfig({ text: Deno.readTextFileSync(path), fileName: path });
    deepStrictEqual(lines, strictIssues(issues).map(formatIssue));
  });
}

Deno.test("runCheck() --json of a good file has no issues", () => {
  const { code, written } = check("siproxd.conf.example", "json");
  strictEqual(code, 0);
  deepStrictEqual(JSON.parse(written), {
    version: 1,
    file: `${folder}siproxd.conf.example`,
    ok: true,
    errors: 0,
    warnings: 0,
    issues: [],
  });
});
