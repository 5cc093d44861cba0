import type { ListOption } from "./option_schema.ts";
import type { ConfigProblem } from "./option_source.ts";
import { compilePattern } from "./pattern.ts";
import { compileReplacement, type ReplaceRule } from "./replacement.ts";

/** A rule of three lines: `desc`, `pattern` and `replace`. */
export interface NamedRule extends ReplaceRule {
  /** Name for the log. */
  readonly desc: string;
}

/** The lines of all rules, as options hold them. */
export interface RuleLines {
  /** Names. */
  readonly desc: readonly string[];
  /** POSIX extended regular expressions. */
  readonly pattern: readonly string[];
  /** What takes the place of what they match. */
  readonly replace: readonly string[];
}

/** What is particular of a plugin's rules. */
export interface RuleTexts {
  /** What the pattern looks at, such as `the body`. */
  readonly subject: string;
  /** An example of each line. */
  readonly examples: Readonly<Record<keyof RuleLines, string>>;
}

/** Lists whose values belong together by position. */
export const RULE_LINES: readonly (readonly (keyof RuleLines)[])[] = [
  ["desc", "pattern", "replace"],
];

/**
 * Makes the options of a plugin that replaces texts by rules.
 *
 * @param texts what is particular of its rules
 * @returns the three lists
 */
export function ruleOptions(
  { subject, examples }: RuleTexts,
): Readonly<Record<keyof RuleLines, ListOption>> {
  return {
    desc: { kind: "list", help: "Name of the rule, for the log.", example: examples.desc },
    pattern: {
      kind: "list",
      help: `POSIX extended regular expression on ${subject}, in any case.`,
      example: examples.pattern,
      validate: whyNoPattern,
    },
    replace: {
      kind: "list",
      help:
        "What takes its place; \\1 … \\9 are the groups, \\0 the whole match, \\\\ a backslash.",
      example: examples.replace,
    },
  };
}

/**
 * Says what is wrong with the rules of a configuration.
 *
 * @param lines the options
 * @param key the option that holds the patterns, as it is written in the file
 * @returns a warning where there is no rule, an error for each that cannot be used
 */
export function examineRules(lines: RuleLines, key: string): readonly ConfigProblem[] {
  const { pattern, replace } = lines;
  if (pattern.length === 0) {
    const message = `Cannot rewrite anything: no ${key} is set`;
    return [{ option: "pattern", severity: "warning", message }];
  }
  return pattern.flatMap((source, index) => {
    const rule = readRule(source, replace[index] ?? "");
    return typeof rule === "string"
      ? [{ option: "replace", index, severity: "error", message: rule } as const]
      : [];
  });
}

/**
 * Compiles the rules of a configuration.
 *
 * @param lines the options
 * @returns the rules that can be used, in their order
 */
export function readRules({ desc, pattern, replace }: RuleLines): readonly NamedRule[] {
  return pattern.flatMap((source, index) => {
    const rule = readRule(source, replace[index] ?? "");
    return typeof rule === "string" ? [] : [{ ...rule, desc: desc[index] ?? "" }];
  });
}

function whyNoPattern(source: string): string | undefined {
  const pattern = compilePattern(source);
  return pattern.ok ? undefined : pattern.error;
}

function readRule(source: string, replacementText: string): ReplaceRule | string {
  const pattern = compilePattern(source);
  if (!pattern.ok) return pattern.error;
  const replacement = compileReplacement(replacementText, pattern.value);
  if (!replacement.ok) return replacement.error;
  return { pattern: pattern.value, replacement: replacement.value };
}
