import { deepEqual } from "node:assert/strict";
import { readSource, sourcePaths } from "../support/source_tree.ts";

/** Longer files are data. */
const MAX_TEXT_LENGTH = 1_000_000;

/** Fixtures hold bytes on purpose. */
const DATA = /^fixtures\/|\.(?:pcap|wav|raw|bin|g711u|png)$/;

/** Patterns of what belongs to one machine or one person, with the name they are reported by. */
const FOREIGN: readonly (readonly [string, RegExp])[] = [
  [
    "a path of one machine",
    /(?:^|[\s"'`=(:])\/(?:root|work|home\/(?!user\/)[a-z][a-z0-9]*|Users\/\w+)\//m,
  ],
  ["a package registry's host", /\b(?:registry\.[a-z]+js\.org|jsr\.io|artifactory|nexus\.)/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["an access token", /\b(?:npm_[A-Za-z0-9]{36}|gh[pousr]_[A-Za-z0-9]{36}|AKIA[A-Z0-9]{16})\b/],
  ["a registry's credentials", /_auth(?:Token)?\s*=/],
  ["an unfinished place", /\b(?:FIX|XX)X?ME\b|\bTO[D]O\b/],
];

function findForeign(text: string): readonly string[] {
  return FOREIGN.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);
}

Deno.test("findForeign() knows what it looks for", () => {
  const token = "a".repeat(36);
  const texts = [
    'const path = "/home/ann/x";',
    `"https://registry.${"npm"}js.org/x"`,
    `-----BEGIN RSA ${"PRIVATE"} KEY-----`,
    `npm_${token}`,
    `//host/:_auth${"Token"}=x`,
    `// TO${"DO"} later`,
  ];
  deepEqual(texts.flatMap(findForeign), FOREIGN.map(([name]) => name));
  deepEqual(findForeign("/var/lib/siproxd/registrations, https://example.com/home/x/"), []);
});

Deno.test("no file holds machine paths, registry hosts, secrets or unfinished places", () => {
  const found = sourcePaths()
    .filter((path) => !DATA.test(path))
    .map((path) => ({ path, text: readSource(path) }))
    .filter(({ text }) => text.length <= MAX_TEXT_LENGTH)
    .flatMap(({ path, text }) => findForeign(text).map((name) => `${path}: ${name}`));
  deepEqual(found.filter((line) => !line.startsWith("tests/meta/portable_text_test.ts")), []);
});
