import { formatCase, parseCase, type Section } from "../golden/case_file.ts";
import type { Outcome } from "./describe.ts";
import { type Setting, SETTINGS } from "./settings.ts";

/** What must become of one message, and what becomes of it in each setting. */
export interface Row {
  readonly name: string;
  /** `RFC 4475 §3.1.1.1`, and what it tries. */
  readonly about: string;
  /** Written by hand from the RFC: words of which each outcome must have one, by setting. */
  readonly rules: ReadonlyMap<Setting["name"], string>;
  /** Written by `update.ts`, to be read before it is believed. */
  readonly outcomes: ReadonlyMap<Setting["name"], Outcome>;
}

/** The table, with the text that explains it. */
export interface TortureTable {
  readonly title: string;
  readonly rows: readonly Row[];
}

const PATH = new URL("../../fixtures/torture.table", import.meta.url);

/** Reads the table. */
export function readTable(): TortureTable {
  const { title, sections } = parseCase(Deno.readTextFileSync(PATH));
  const rows: Row[] = [];
  for (const [index, section] of sections.entries()) {
    if (section.kind !== "message") continue;
    const end = sections.findIndex(({ kind }, at) => at > index && kind === "message");
    rows.push(readRow(section, sections.slice(index + 1, end < 0 ? undefined : end)));
  }
  return { title, rows };
}

function readRow(head: Section, parts: readonly Section[]): Row {
  const [name = "", ...about] = head.words.split(" ");
  const rules = new Map<Setting["name"], string>();
  const outcomes = new Map<Setting["name"], Outcome>();
  for (const { name: setting } of SETTINGS) {
    const rule = parts.find(({ kind }) => kind === "rule")?.text.split("\n").find((line) =>
      setting.startsWith(line.split(":")[0] ?? " ") ||
      setting.endsWith(line.split(":")[0] ?? " ") ||
      line.startsWith("all:")
    );
    rules.set(setting, rule?.slice(rule.indexOf(":") + 1).trim() ?? "");
    const part = parts.find(({ kind }) => kind === setting);
    if (part !== undefined) outcomes.set(setting, part.text.replace(/\n+$/, "").split("\n"));
  }
  return { name, about: about.join(" "), rules, outcomes };
}

/** Writes the table with other outcomes; rules stay as they were written. */
export function writeTable(
  outcomeOf: (row: Row, setting: Setting) => Outcome,
): void {
  const { title, sections } = parseCase(Deno.readTextFileSync(PATH));
  const { rows } = readTable();
  const kept = sections.filter(({ kind }) => kind === "message" || kind === "rule");
  const written = kept.flatMap((section, index) => {
    const row = rows.find(({ name }) => name === kept[index - 1]?.words.split(" ")[0]);
    if (section.kind !== "rule" || row === undefined) return [section];
    const parts = SETTINGS.map((setting) => ({
      kind: setting.name,
      words: "",
      text: outcomeOf(row, setting).join("\n"),
    }));
    return [section, ...parts];
  });
  Deno.writeTextFileSync(PATH, formatCase({ title, sections: written }));
}

/** Whether an outcome is one that the rule allows: `forward`, `answer 400`, `drop`, `wait`, `close`, with `or` between. */
export function obeys(outcome: Outcome, rule: string): boolean {
  if (rule === "") return false;
  const events = outcome.filter((line) => !/^[-+] /.test(line));
  return rule.split(" or ").some((allowed) => {
    const wanted = allowed.split(", ");
    return wanted.length === events.length &&
      wanted.every((words, index) => events[index]?.startsWith(words));
  });
}
