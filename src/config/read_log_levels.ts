import type { ComponentLevel } from "./config.ts";
import { quote } from "./issues.ts";
import { nearest } from "./nearest.ts";
import { type Reading, reads, refuses } from "./reading.ts";

/** Levels of a component, worst first. */
const LEVELS: readonly ComponentLevel["level"][] = ["error", "warning", "info", "debug"];

/** Most components in one line: there are two dozen, and some plugins. */
const MAX_COMPONENTS = 64;

/**
 * Reads the levels of single components.
 *
 * @param text such as `registrar:debug,rtp:warning`
 * @returns the pairs in their order; of two for one component the last wins
 */
export function readLogLevels(text: string): Reading<readonly ComponentLevel[]> {
  const parts = text.split(",");
  if (parts.length > MAX_COMPONENTS) {
    return refuses(`Cannot use log levels: more than ${MAX_COMPONENTS} components`);
  }
  const levels: ComponentLevel[] = [];
  let offset = 0;
  for (const part of parts) {
    const [component = "", word, ...surplus] = part.trim().split(":").map((piece) => piece.trim());
    if (word === undefined || surplus.length > 0 || !/^[A-Za-z0-9_-]{1,64}$/.test(component)) {
      return refuses(
        `Cannot use log level ${quote(part.trim())}: component:level is expected`,
        offset,
      );
    }
    const level = LEVELS.find((known) => known === word.toLowerCase());
    if (level === undefined) return refuses(unknownLevel(word), offset);
    levels.push({ component, level });
    offset += part.length + 1;
  }
  return reads(levels);
}

function unknownLevel(word: string): string {
  const near = nearest(word, LEVELS);
  const hint = near === undefined ? `known are ${LEVELS.join(", ")}` : `nearest is "${near}"`;
  return `Cannot use log level ${quote(word)}: ${hint}`;
}
