import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { DIRECTIVES } from "../../config/directives.ts";
import { runConfig } from "./config.ts";

const folder = new URL("../../../fixtures/config/", import.meta.url).pathname;

function config(name: string, output: "text" | "json") {
  const written = { out: "", err: "" };
  const from = { configFile: `${folder}${name}`, overrides: [] };
  const code = runConfig({ from, output }, {
    out: (text) => written.out += text,
    err: (text) => written.err += text,
  });
  return { code, ...written };
}

Deno.test("runConfig() shows every directive once or as often as it stands", () => {
  const { code, out } = config("siproxd.conf.example", "text");
  strictEqual(code, 0);
  const keys = new Set(out.split("\n").map((line) => line.replace(/^# /, "").split(" ")[0]));
  deepStrictEqual(DIRECTIVES.filter(({ key }) => !keys.has(key)), []);
});

Deno.test("runConfig() --json lists what the file sets", () => {
  const { settings } = JSON.parse(config("all_directives.conf", "json").out);
  const defaults = settings.filter((row: { source: string }) => row.source === "default");
  deepStrictEqual(defaults, []);
});

Deno.test("runConfig() never shows the password of the file", () => {
  for (const output of ["text", "json"] as const) {
    const { out, err } = config("all_directives.conf", output);
    strictEqual(`${out}${err}`.includes("= secret"), false);
    strictEqual(`${out}${err}`.includes('"secret"'), false);
  }
});

Deno.test("runConfig() says why a file is refused, on standard error", () => {
  const { code, out, err } = config("broken/pairs.conf", "text");
  deepStrictEqual([code, out], [78, ""]);
  strictEqual(err.split("\n").length, 4);
});
