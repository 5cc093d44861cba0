/** Longest line of a manual page's source: mandoc's own limit is 80. */
const MAX_LINE_LENGTH_CHARS = 78;

/** What the source of a manual page writes in place of other characters (mandoc_char(7)). */
const SUBSTITUTES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\e"],
  ['"', "\\(dq"],
  ["–", "\\(en"],
  ["…", "\\&..."],
  ["’", "\\(cq"],
]);

/**
 * Writes a text so that mdoc(7) shows it as it is, inside a line or as the argument of a macro.
 *
 * @param text one line; the characters outside ASCII that our texts use
 * @returns the source
 */
export function roffText(text: string): string {
  return text.replace(/[\\"–…’]/g, (character) => SUBSTITUTES.get(character) ?? character);
}

/**
 * Writes a paragraph: a sentence begins a line, as mdoc(7) wants it, and no line is longer than a
 * terminal is wide.
 *
 * @param paragraph plain text
 * @returns source lines
 */
export function roffLines(paragraph: string): readonly string[] {
  return roffText(paragraph).split(/(?<=[.?!]) (?=[A-Z0-9])/).flatMap(wrap).map(guard);
}

function wrap(sentence: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of sentence.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || longer.length <= MAX_LINE_LENGTH_CHARS) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line];
}

/** A line that begins with a dot or an apostrophe would be taken for a macro. */
function guard(line: string): string {
  return /^[.']/.test(line) ? `\\&${line}` : line;
}

/**
 * Writes the argument of a macro that holds blanks.
 *
 * @param text one line
 * @returns the argument in quotation marks
 */
export function roffArgument(text: string): string {
  return `"${roffText(text)}"`;
}

/**
 * Writes the day a manual page is of, as mdoc(7) wants it.
 *
 * @param day such as `2026-11-24`
 * @returns such as `November 24, 2026`
 */
export function roffDate(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString("en-US", {
    timeZone: "UTC",
    year: "numeric",
    month: "long",
    day: "numeric",
  });
}
