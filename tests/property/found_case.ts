import { createHash } from "node:crypto";
import type { Found } from "./hunt.ts";

const FOLDER = new URL("../../fixtures/fuzz/", import.meta.url);

/** Digits of the hash in the name of a case: enough to tell a few thousand apart. */
const HASH_DIGITS = 12;

/** A case that was found once and must stay mended. */
export interface FoundCase {
  readonly fileName: string;
  readonly target: string;
  readonly input: Uint8Array<ArrayBuffer>;
}

/**
 * Writes a found case to fixtures/fuzz, where every run of the tests plays it again.
 *
 * @param found what the fuzzer found
 * @returns the path from the repository's root
 */
export function saveCase(found: Found): string {
  const hash = createHash("sha256").update(found.input).digest("hex").slice(0, HASH_DIGITS);
  const fileName = `${found.target}-${hash}.bin`;
  Deno.mkdirSync(FOLDER, { recursive: true });
  Deno.writeFileSync(new URL(fileName, FOLDER), found.input);
  return `fixtures/fuzz/${fileName}`;
}

/** Reads all cases that were ever found. */
export function savedCases(): readonly FoundCase[] {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
    .filter((name) => name.endsWith(".bin")).sort();
  return names.map((fileName) => ({
    fileName,
    target: fileName.slice(0, fileName.lastIndexOf("-")),
    input: Deno.readFileSync(new URL(fileName, FOLDER)),
  }));
}
