import { DEBUG_ALL, DEBUG_CLASS_BITS } from "../base/debug_class.ts";
import { quote } from "./issues.ts";
import { nearest } from "./nearest.ts";
import { readInteger } from "./read_integer.ts";
import { type Reading, reads, refuses } from "./reading.ts";

/** Bits by name, with the word for all of them. */
const bitsByName: ReadonlyMap<string, number> = new Map<string, number>([
  ...Object.entries(DEBUG_CLASS_BITS),
  ["ALL", DEBUG_ALL],
]);

/** siproxd keeps the pattern in 32 bits, signed when written as -1. */
const patternRange = { min: -2_147_483_648, max: DEBUG_ALL } as const;

/**
 * Reads a set of debug classes: a bit pattern as siproxd takes it, or names joined by commas.
 *
 * @param text such as `0x84`, `-1`, `SIP,NETTRAF`
 * @returns the mask, 0 … 0xffffffff
 */
export function readDebugPattern(text: string): Reading<number> {
  if (/^[+-]?\d/.test(text)) {
    const reading = readInteger(text, patternRange);
    const { value } = reading;
    return value === undefined ? reading : { ...reading, value: value >>> 0 };
  }
  let mask = 0;
  let offset = 0;
  for (const part of text.split(",")) {
    const name = part.trim().toUpperCase().replace(/^DBCLASS_/, "");
    const bits = bitsByName.get(name);
    if (bits === undefined) return refuses(unknownClass(part.trim()), offset);
    mask |= bits;
    offset += part.length + 1;
  }
  return reads(mask >>> 0);
}

function unknownClass(name: string): string {
  const names = [...bitsByName.keys()];
  const near = nearest(name, names);
  const hint = near === undefined ? `known are ${names.join(", ")}` : `nearest is "${near}"`;
  return `Cannot use debug class ${quote(name)}: ${hint}`;
}
