import { entriesOf, type Examination, valuePosition } from "./examination.ts";
import { type Issue, quote } from "./issues.ts";
import type { ConfigEntry } from "./lexer.ts";
import { shortPluginName } from "./plugin_names.ts";

/** Arrays whose entries belong together by position. */
const groups: readonly (readonly string[])[] = [
  ["mask_host", "masked_host"],
  ["outbound_domain_name", "outbound_domain_host", "outbound_domain_port"],
];

/**
 * Examines the directives that may stand several times.
 *
 * @param examination a bound configuration
 * @returns errors for incomplete pairs and triples, warnings for what stands twice
 */
export function validateArrays(examination: Examination): readonly Issue[] {
  return [
    ...groups.flatMap((keys) => validateGroup(examination, keys)),
    ...validateRepeats(examination, { key: "mask_host", normalize: lowerCase }),
    ...validateRepeats(examination, { key: "outbound_domain_name", normalize: lowerCase }),
    ...validateRepeats(examination, { key: "load_plugin", normalize: shortPluginName }),
  ];
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

/** siproxd ignores the whole feature when the counts differ; a half list is never applied. */
function validateGroup(examination: Examination, keys: readonly string[]): readonly Issue[] {
  const counts = keys.map((key) => entriesOf(examination, key).length);
  const shortest = Math.min(...counts);
  const longest = counts.indexOf(Math.max(...counts));
  const key = keys[longest];
  if (key === undefined || counts.every((count) => count === shortest)) return [];
  const surplus = entriesOf(examination, key)[shortest];
  const said = keys.map((name, index) => `${counts[index]} ${name}`).join(", ");
  return [{
    severity: "error",
    key,
    position: valuePosition(examination, surplus),
    message: `Cannot pair ${quote(surplus?.value ?? "")}: ${said} are given, ` +
      "their numbers must be equal",
  }];
}

function validateRepeats(
  examination: Examination,
  what: { readonly key: string; readonly normalize: (text: string) => string },
): readonly Issue[] {
  const seen = new Map<string, ConfigEntry>();
  const issues: Issue[] = [];
  for (const entry of entriesOf(examination, what.key)) {
    const name = what.normalize(entry.value);
    const first = seen.get(name);
    if (first === undefined) seen.set(name, entry);
    else {
      issues.push({
        severity: "warning",
        key: what.key,
        position: valuePosition(examination, entry),
        message:
          `Cannot use ${quote(entry.value)} twice: line ${first.position.line} has it already ` +
          "and wins",
      });
    }
  }
  return issues;
}
