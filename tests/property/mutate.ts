import type { Dice } from "./dice.ts";
import { TOKENS } from "./dictionary.ts";

/** Longest input that mutation makes: one octet more than a message may have. */
const MAX_INPUT_LENGTH_CHARS = 65_537;

/** Longest stretch that one edit deletes, doubles or moves. */
const MAX_STRETCH_CHARS = 400;

/**
 * Changes a text at one to eight places.
 *
 * @param text latin1 text
 * @param dice where and how
 * @returns another text, most often still close to the first
 */
export function mutate(text: string, dice: Dice): string {
  let mutant = text;
  for (let edits = dice.between(1, 8); edits > 0; edits--) mutant = edit(mutant, dice);
  return mutant.slice(0, MAX_INPUT_LENGTH_CHARS);
}

function edit(text: string, dice: Dice): string {
  const at = dice.below(text.length + 1);
  const end = Math.min(text.length, at + dice.below(MAX_STRETCH_CHARS));
  switch (dice.below(9)) {
    case 0:
      return text.slice(0, at) + String.fromCharCode(dice.below(256)) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + String.fromCharCode(dice.below(256)) + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(end);
    case 3:
      return text.slice(0, at) + text.slice(at, end).repeat(dice.between(2, 6)) + text.slice(end);
    case 4:
      return text.slice(0, at);
    case 5:
      return swapLines(text, dice);
    case 6:
      return text.slice(0, at) + dice.pick(TOKENS) + text.slice(end);
    default:
      return text.slice(0, at) + dice.pick(TOKENS) + text.slice(at);
  }
}

/** Puts one line in the place of another, or behind it. */
function swapLines(text: string, dice: Dice): string {
  const lines = text.split("\r\n");
  const from = dice.below(lines.length);
  const [line = ""] = dice.oneIn(2) ? lines.splice(from, 1) : [lines[from] ?? ""];
  lines.splice(dice.below(lines.length + 1), 0, line);
  return lines.join("\r\n");
}
