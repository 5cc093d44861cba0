/** Where README.md has the table that `deno task e2e:attack --table` printed. */
const BEGIN = "<!-- attack -->";

/** `| attack and figure | siproxd | has to be | C siproxd |`. */
const ROW = /^\| ((?:\([a-f]\)|reflection|provider moves)[^|]*) \| ([^|]*) \| ([^|]*) \|/;

/**
 * Reads the figures of the attacks.
 *
 * @param readme text of README.md
 * @returns a line for each figure; nothing while there is no table
 */
export function attackFigures(readme: string): readonly string[] {
  const begin = readme.indexOf(BEGIN);
  if (begin < 0) return [];
  const end = readme.indexOf("\n## ", begin);
  const lines = readme.slice(begin, end < 0 ? undefined : end).split("\n");
  return lines.flatMap((line) => {
    const [, figure, value, limit] = ROW.exec(line) ?? [];
    return figure === undefined ? [] : [`${figure}: ${value} (${limit})`];
  });
}
