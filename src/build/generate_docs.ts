/**
 * Writes the manual pages, the completions and the option table of README.md: `deno task docs`.
 * It decides nothing about their content. People call it after a change of an option.
 *
 * @module
 */
import { generatedFiles } from "./docs/generated_files.ts";
import { parseReleases } from "./docs/release.ts";

const ROOT = new URL("../../", import.meta.url);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

function main(): number {
  const releases = parseReleases(read("CHANGELOG.md"));
  if (!releases.ok) return fail(releases.error);
  const files = generatedFiles({ readme: read("README.md"), day: releases.value[0]?.day ?? "" });
  if (!files.ok) return fail(files.error);
  for (const { path, text } of files.value) {
    Deno.mkdirSync(new URL("./", new URL(path, ROOT)), { recursive: true });
    Deno.writeTextFileSync(new URL(path, ROOT), text);
    console.log(path);
  }
  return 0;
}

function fail(reason: string): number {
  console.error(reason);
  return 1;
}

if (import.meta.main) Deno.exit(main());
