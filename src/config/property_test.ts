import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { describeText } from "./describe.ts";
import { DIRECTIVES } from "./directives.ts";
import { formatIssue } from "./issues.ts";
import { lexConfig } from "./lexer.ts";
import { loadConfig } from "./load.ts";
import { nearestKey } from "./resolve.ts";

/** Numbers 0 … below a bound, the same in every run (a linear congruential generator). */
function randomNumbers(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * bound);
  };
}

function pick<Item>(random: (bound: number) => number, items: readonly Item[]): Item {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

const pieces = [
  "if_inbound",
  "rtp_port_low",
  "hosts_allow_reg",
  "plugin_stun_x",
  "load_plugin",
  "=",
  "=",
  "\n",
  "\n",
  " ",
  "\t",
  "#",
  "\r",
  "\0",
  "0x",
  "-1",
  "99999",
  "10.0.0.0/8",
  ",",
  "/",
  ":",
  "[::1]",
  "ü",
  "\ufeff",
  "\u2028",
  "__proto__",
  "constructor",
] as const;

Deno.test("loadConfig() judges 3000 random files without a throw, each issue on one line", () => {
  const random = randomNumbers(1);
  for (let run = 0; run < 3000; run++) {
    const length = random(40);
    const text = Array.from({ length }, () => pick(random, pieces)).join("");
    const { loaded, issues } = loadConfig({ text, fileName: "f" });
    strictEqual(loaded === undefined, issues.some((issue) => issue.severity === "error"));
    for (const issue of issues) strictEqual(/^f:\d+:\d+: [^\n\r]*$/.test(formatIssue(issue)), true);
  }
});

Deno.test("loadConfig() points into the text: every position of 2000 random files exists", () => {
  const random = randomNumbers(2);
  for (let run = 0; run < 2000; run++) {
    const text = Array.from({ length: 30 }, () => pick(random, pieces)).join("");
    const lines = text.split("\n");
    for (const { position } of loadConfig({ text, fileName: "f" }).issues) {
      const line = lines[position.line - 1] ?? "";
      strictEqual(position.column >= 1 && position.column <= line.length + 1, true);
    }
  }
});

Deno.test("lexConfig() finds key and value at their columns", () => {
  const random = randomNumbers(3);
  const blanks = () => Array.from({ length: random(4) }, () => pick(random, [" ", "\t"])).join("");
  for (let run = 0; run < 1000; run++) {
    const key = pick(random, DIRECTIVES).key;
    const value = pick(random, ["a", "two words", "a=b", "x;y", "0x1F"]);
    const line = `${blanks()}${key}${blanks()}=${blanks()}${value}${blanks()}# note`;
    const [entry] = lexConfig({ text: line, fileName: "f" }).entries;
    deepStrictEqual([entry?.key, entry?.value], [key, value]);
    strictEqual(line.slice((entry?.position.column ?? 0) - 1).startsWith(key), true);
    strictEqual(line.slice((entry?.valueColumn ?? 0) - 1).startsWith(value), true);
  }
});

Deno.test("describeText() of any mix of examples reads back to the same configuration", () => {
  const random = randomNumbers(4);
  const single = DIRECTIVES.filter(({ repeat, type }) =>
    repeat === "scalar" && type.kind !== "secret"
  );
  for (let run = 0; run < 200; run++) {
    const chosen = single.filter(() => random(3) === 0);
    const text = chosen.map(({ key, example }) => `${key} = ${example}\n`).join("");
    const { loaded } = loadConfig({ text, fileName: "f" });
    if (loaded === undefined) continue;
    const again = loadConfig({ text: describeText(loaded), fileName: "g" });
    deepStrictEqual(again.loaded?.config, loaded.config);
  }
});

/** The four slips of a typing hand at one place of a word. */
function slips(word: string, at: number): readonly string[] {
  const before = word.slice(0, at);
  const after = word.slice(at + 1);
  const here = word[at] ?? "";
  const next = word[at + 1] ?? "";
  return [
    `${before}${after}`,
    `${before}${here}${here}${after}`,
    `${before}x${after}`,
    `${before}${next}${here}${word.slice(at + 2)}`,
  ];
}

/** Slips that are as near to another directive, which comes first in the table. */
const ambiguous: ReadonlyMap<string, string> = new Map([
  ["ctp_timeout", "rtp_timeout"],
  ["tp_timeout", "rtp_timeout"],
  ["maskd_host", "mask_host"],
  ["maske_host", "mask_host"],
]);

for (const { key } of DIRECTIVES) {
  Deno.test(`nearestKey() brings every single slip in ${key} back to it`, () => {
    const others = new Set(DIRECTIVES.map((directive) => directive.key));
    for (let at = 0; at < key.length - 1; at++) {
      for (const slip of slips(key, at)) {
        if (!others.has(slip)) strictEqual(nearestKey(slip), ambiguous.get(slip) ?? key, slip);
      }
    }
  });
}
