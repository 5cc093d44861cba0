/** A straight line through measured points, and how far they lie from it. */
export interface Trend {
  /** Units of y for each unit of x. */
  readonly slope: number;
  /** Change of the line from the first x to the last. */
  readonly growth: number;
  /** Median distance of a point from the line. */
  readonly spread: number;
}

/** One measured point. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Draws the line of Theil and Sen: its slope is the median of the slopes between all pairs of points.
 *
 * Unlike least squares it does not follow single points, so that one garbage collection, or one burst before it, moves
 * nothing: up to 29 % of all points may lie anywhere.
 *
 * @param points at least two with different x
 * @returns the line
 */
export function theilSen(points: readonly Point[]): Trend {
  const slopes: number[] = [];
  points.forEach((one, index) => {
    for (const other of points.slice(index + 1)) {
      if (other.x !== one.x) slopes.push((other.y - one.y) / (other.x - one.x));
    }
  });
  const slope = median(slopes);
  const base = median(points.map(({ x, y }) => y - slope * x));
  const xs = points.map(({ x }) => x);
  return {
    slope,
    growth: slope * (Math.max(...xs) - Math.min(...xs)),
    spread: median(points.map(({ x, y }) => Math.abs(y - slope * x - base))),
  };
}

/** The middle value; 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
}
