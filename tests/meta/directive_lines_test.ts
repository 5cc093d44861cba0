import { deepStrictEqual } from "node:assert/strict";
import { DIRECTIVES } from "../../src/config/directives.ts";
import { effectName } from "../directives/effect.ts";
import { readDirectiveLines } from "./directive_lines.ts";

const ROOT = new URL("../../", import.meta.url);

/** Source texts of a folder, its own folders included. */
function* textsOf(folder: URL): Generator<string> {
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    const url = new URL(isFile ? name : `${name}/`, folder);
    if (!isFile) yield* textsOf(url);
    else if (name.endsWith(".ts")) yield Deno.readTextFileSync(url);
  }
}

Deno.test("readDirectiveLines() reads the runner's steps and the lines of the tests on the wire", () => {
  const name = effectName({ directive: "use_rport", change: "0 → 2", seen: "Via has => ;rport" });
  const output = [
    "directives of SIP ...",
    `  ${name} ... ok (24ms)`,
    "  directive user: unset → nobody => the process is his ... ignored (0ms)",
    "  directive lan_expires: 0 → 30 => it is told ... FAILED (15ms)",
    "directives of SIP ... FAILED (due to 1 failed step) (2s)",
    "ok   directives: directive rtp_dscp: 0 → 46 => the mark (9373 ms)",
    "FAIL directives: directive sip_dscp: 0 → 24 => the mark (12 ms)",
    "ok   dscp: the daemon ends with 0 (12 ms)",
  ].join("\n");
  deepStrictEqual(readDirectiveLines(output), [
    { directive: "use_rport", change: "0 → 2 => Via has", seen: ";rport", result: "ok" },
    { directive: "user", change: "unset → nobody", seen: "the process is his", result: "ignored" },
    { directive: "lan_expires", change: "0 → 30", seen: "it is told", result: "FAILED" },
    { directive: "rtp_dscp", change: "0 → 46", seen: "the mark", result: "ok" },
    { directive: "sip_dscp", change: "0 → 24", seen: "the mark", result: "FAILED" },
  ]);
});

Deno.test("every directive has a test in which its effect is seen, and no such test is about another", () => {
  const named = new Set<string>();
  const folders = ["tests/directives/", "tests/e2e/"].map((path) => new URL(path, ROOT));
  for (const text of folders.flatMap((folder) => [...textsOf(folder)])) {
    for (const [, key = ""] of text.matchAll(/\bdirective: "([a-z0-9_]+)"/g)) named.add(key);
    for (const [, key = ""] of text.matchAll(/"directive ([a-z0-9_]+): [^"]+ => /g)) named.add(key);
  }
  deepStrictEqual([...named].sort(), DIRECTIVES.map(({ key }) => key).sort());
});
