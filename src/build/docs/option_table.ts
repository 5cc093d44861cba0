import { DIRECTIVES } from "../../config/directives.ts";
import {
  describeType,
  type Directive,
  type DirectiveGroup,
  type OptionType,
} from "../../config/schema.ts";

/** Directives of one section of the manual. */
export interface OptionGroup {
  readonly group: DirectiveGroup;
  readonly directives: readonly Directive[];
}

/**
 * Puts directives into the sections of the manual, in its order.
 *
 * @param directives the table, whole by default
 * @returns sections without empty ones
 */
export function optionGroups(
  directives: readonly Directive[] = DIRECTIVES,
): readonly OptionGroup[] {
  const names = [...new Set(directives.map(({ group }) => group))];
  return names.map((group) => ({
    group,
    directives: directives.filter((directive) => directive.group === group),
  }));
}

/**
 * Writes the table of options as README.md shows it.
 *
 * @param directives the table, whole by default
 * @returns Markdown: a heading and a table for each section
 */
export function optionTable(directives: readonly Directive[] = DIRECTIVES): string {
  return optionGroups(directives).map((section) => sectionText(section)).join("\n");
}

function sectionText({ group, directives }: OptionGroup): string {
  const title = `${group.charAt(0).toUpperCase()}${group.slice(1)}`;
  const rows = directives.map((directive) => {
    const name = `\`${directive.key}\`${directive.origin === "new" ? " (new)" : ""}`;
    const repeated = directive.repeat === "array" ? ", repeatable" : "";
    const value = `${valueText(directive.type)}${repeated}`;
    const standard = directive.defaultText === undefined ? "–" : `\`${directive.defaultText}\``;
    return `| ${[name, value, standard, directive.help].map(cell).join(" | ")} |`;
  });
  return [
    `#### ${title}`,
    "",
    "| directive | value | default | meaning |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/**
 * Says what a directive takes. Numbers below 0 stay unsaid: old files may have them, and they mean 0.
 *
 * @param type the directive's type
 * @returns such as `number 0…4`
 */
export function valueText(type: OptionType): string {
  return describeType(type.kind === "integer" ? { ...type, min: Math.max(0, type.min) } : type);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
