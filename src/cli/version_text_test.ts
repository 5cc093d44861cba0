import { strictEqual } from "node:assert/strict";
import { VERSION } from "../base/version.ts";
import { versionText } from "./version_text.ts";

Deno.test("VERSION is the one of deno.json", () => {
  const manifest = JSON.parse(Deno.readTextFileSync(new URL("../../deno.json", import.meta.url)));
  strictEqual(VERSION, manifest.version);
});

Deno.test("versionText() names version, platform and runtime", () => {
  strictEqual(
    versionText(),
    `siproxd ${VERSION} (${Deno.build.target}, deno ${Deno.version.deno})`,
  );
});
