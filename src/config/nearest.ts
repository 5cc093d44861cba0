/** Longest key that is compared: bounds the quadratic comparison; no directive is half as long. */
const MAX_KEY_LENGTH_CHARS = 64;

/**
 * Finds the known word that a misspelt one most likely meant.
 *
 * Counts inserted, missing, changed and swapped neighbouring characters; case and `-` for `_` are
 * forgiven. A word that differs in more than a third of its characters is no suggestion.
 *
 * @param word what was written
 * @param candidates the known words
 * @returns the nearest one (the first of equals), or undefined when none is near
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_KEY_LENGTH_CHARS) return undefined;
  const written = fold(word);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(written, fold(candidate));
    if (distance < bestDistance && distance < candidate.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll("-", "_");
}

/** Optimal string alignment distance, in three rows. */
function editDistance(left: string, right: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const changed = left[row - 1] === right[column - 1] ? 0 : 1;
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + changed,
      );
      const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
