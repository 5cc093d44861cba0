import { deepEqual, equal } from "node:assert/strict";
import { generatedFiles, OPTION_MARKERS } from "./generated_files.ts";

const README = `# x\n\n${OPTION_MARKERS.begin}\n${OPTION_MARKERS.end}\n`;

Deno.test("generatedFiles() makes README, manual pages and completions", () => {
  const files = generatedFiles({ readme: README, day: "2026-11-24" });
  deepEqual(files.ok ? files.value.map(({ path }) => path) : files.error, [
    "README.md",
    "packaging/man/siproxd.8",
    "packaging/man/siproxd.conf.5",
    "packaging/completion/siproxd.bash",
    "packaging/completion/_siproxd",
  ]);
});

Deno.test("generatedFiles() refuses a README without a place for the options", () => {
  equal(generatedFiles({ readme: "# x\n", day: "2026-11-24" }).ok, false);
});
