import type { Figures } from "./load.ts";

/** One line of the bench's table. */
export interface Row {
  readonly part: string;
  readonly measure: string;
  readonly ours: number | undefined;
  readonly anchor: number | undefined;
  readonly anchorName: string;
  readonly target: Target | undefined;
  readonly digits: number;
}

/** What a part of the bench found: rows of the common table, or a table of its own. */
export type Findings =
  | { readonly kind: "rows"; readonly rows: readonly Row[] }
  | { readonly kind: "table"; readonly text: string };

/** What the figure is to stay within: our own value or the ratio to the anchor. */
export interface Target {
  readonly of: "ours" | "ratio";
  readonly limit: number;
}

/** The figures of all rounds, ours and the anchor's. */
export interface Runs {
  readonly ours: readonly Figures[];
  readonly anchor: readonly Figures[];
}

/** Both medians of one figure over the rounds. */
export function medians(runs: Runs, read: (figures: Figures) => number): Pair {
  return { ours: median(runs.ours.map(read)), anchor: median(runs.anchor.map(read)) };
}

/** The worst round of one figure of both. */
export function worsts(runs: Runs, read: (figures: Figures) => number): Pair {
  return { ours: highest(runs.ours.map(read)), anchor: highest(runs.anchor.map(read)) };
}

/** A value of ours and of the anchor, either absent when it could not be measured. */
export interface Pair {
  readonly ours: number | undefined;
  readonly anchor: number | undefined;
}

/** A named figure of a generator, NaN when it is missing. */
export function figureOf(figures: Figures, name: string): number {
  return figures.get(name) ?? Number.NaN;
}

/** The highest value; undefined of none. */
export function highest(values: readonly number[]): number | undefined {
  return values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => b - a)[0];
}

/** The middle value; of an even number of values the higher middle; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const known = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}

/** The table as aligned text. */
export function formatTable(rows: readonly Row[]): string {
  const head = ["measure", "siproxd", "anchor", "", "ratio", "target", "verdict"];
  const lines = [head];
  let part = "";
  for (const row of rows) {
    if (row.part !== part) lines.push([`-- ${row.part}`]);
    part = row.part;
    lines.push(cellsOf(row));
  }
  return alignColumns(lines, { left: [0, 3] });
}

/** Lines of cells as aligned text; a line of one cell is a heading and widens no column. */
export function alignColumns(
  lines: readonly (readonly string[])[],
  columns: { readonly left: readonly number[] },
): string {
  const wide = lines.filter((line) => line.length > 1);
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...wide.map((line) => (line[column] ?? "").length))
  );
  const align = (cell: string, column: number) =>
    columns.left.includes(column)
      ? cell.padEnd(widths[column] ?? 0)
      : cell.padStart(widths[column] ?? 0);
  return lines.map((line) => line.map(align).join("  ").trimEnd()).join("\n");
}

function cellsOf(row: Row): string[] {
  const { digits } = row;
  const ratio = row.ours === undefined || row.anchor === undefined || row.anchor === 0
    ? undefined
    : row.ours / row.anchor;
  return [
    row.measure,
    figure(row.ours, digits),
    figure(row.anchor, digits),
    row.anchorName,
    figure(ratio, 2),
    row.target === undefined ? "" : `${row.target.of} <= ${row.target.limit}`,
    verdict(row.target, row.target?.of === "ratio" ? ratio : row.ours),
  ];
}

function verdict(target: Target | undefined, value: number | undefined): string {
  if (target === undefined) return "";
  if (value === undefined) return "not measured";
  return value <= target.limit ? "within" : "over";
}

function figure(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? "-" : value.toFixed(digits);
}
