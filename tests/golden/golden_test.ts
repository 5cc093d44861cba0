import { strictEqual } from "node:assert/strict";
import { formatCase, parseCase } from "./case_file.ts";
import { playCase } from "./play_case.ts";

const folder = new URL("../../fixtures/golden/", import.meta.url);

for (const entry of [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  if (!entry.name.endsWith(".case")) continue;
  const text = Deno.readTextFileSync(new URL(entry.name, folder));
  const file = parseCase(text);
  Deno.test(`golden ${entry.name.slice(0, -5)}: ${file.title.split("\n")[0]}`, () => {
    strictEqual(formatCase(playCase(file)), text);
  });
}

Deno.test("golden cases exist", () => {
  const names = [...Deno.readDirSync(folder)].filter((entry) => entry.name.endsWith(".case"));
  strictEqual(names.length >= 30, true, `only ${names.length} cases in fixtures/golden`);
});
