const BEGIN = "<!-- table: made by `deno task security` -->";
const END = "<!-- end of table -->";

/**
 * Puts the table into SECURITY.md.
 *
 * @param document its text
 * @param lines of the table
 * @returns the text with that table between its markers
 * @throws Error when the markers are gone
 */
export function replaceTable(document: string, lines: readonly string[]): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error("Cannot find the table's place in SECURITY.md");
  const ignored = [
    "<!-- deno-fmt-ignore-start -->",
    "",
    ...lines,
    "",
    "<!-- deno-fmt-ignore-end -->",
  ];
  return [
    document.slice(0, begin) + BEGIN,
    "",
    ...ignored,
    "",
    document.slice(end),
  ].join("\n");
}
