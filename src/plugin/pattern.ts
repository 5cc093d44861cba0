import { assertNever } from "../base/assert_never.ts";
import { err, ok, type Result } from "../base/result.ts";
import { quote } from "../config/issues.ts";
import { parsePattern, type PatternNode } from "./pattern_syntax.ts";

/** Offsets of a match and of its groups; a group that took no part is undefined. */
export interface PatternMatch {
  /** Place of the first character. */
  readonly start: number;
  /** Place behind the last character. */
  readonly end: number;
  /** Text of group n at index n; index 0 is the whole match. */
  readonly groups: readonly (string | undefined)[];
}

/** A pattern in the form it is run in. */
export interface Pattern {
  /** The expression as it was written. */
  readonly source: string;
  /** Number of its parentheses. */
  readonly groupCount: number;
  /** Finds the first, then longest match at or after an offset. */
  readonly exec: (text: string, from?: number) => PatternMatch | undefined;
}

/** Steps of the machine: one match costs at most text × steps, so this bounds what a pattern can cost (R12). */
const MAX_STEPS = 1000;

type Step =
  | { readonly kind: "set"; readonly table: Uint8Array }
  | { readonly kind: "split"; first: number; second: number }
  | { readonly kind: "jump"; to: number }
  | { readonly kind: "save"; readonly slot: number }
  | { readonly kind: "begin" | "end" | "match" };

/**
 * Prepares a POSIX extended regular expression, case-insensitive, to be matched in linear time.
 *
 * All ways to match are followed at once, character by character, so no pattern and no text can make it slow; a
 * pattern whose counted repetitions unfold into too many steps is refused (R12).
 *
 * @param source the pattern as written in siproxd.conf
 * @returns the pattern, or why it cannot be used
 * @example A prefix
 * ```ts
 * import { compilePattern } from "./api.ts";
 * const pattern = compilePattern("^(sips?:)00");
 * if (!pattern.ok || pattern.value.exec("sip:0041@x")?.groups[1] !== "sip:") throw new Error("unexpected");
 * ```
 */
export function compilePattern(source: string): Result<Pattern> {
  const syntax = parsePattern(source);
  if (!syntax.ok) return syntax;
  const steps: Step[] = [];
  emit({ kind: "group", index: 0, node: syntax.value.node }, steps);
  steps.push({ kind: "match" });
  if (steps.length > MAX_STEPS) {
    return err(`Cannot use pattern ${quote(source)}: it unfolds to more than ${MAX_STEPS} steps`);
  }
  const { groupCount } = syntax.value;
  return ok({
    source,
    groupCount,
    exec: (text, from = 0) => run(steps, { text, from, groupCount }),
  });
}

function emit(node: PatternNode, steps: Step[]): void {
  if (steps.length > MAX_STEPS) return;
  switch (node.kind) {
    case "set":
    case "begin":
    case "end":
      steps.push(node);
      return;
    case "sequence":
      for (const one of node.nodes) emit(one, steps);
      return;
    case "group":
      steps.push({ kind: "save", slot: node.index * 2 });
      emit(node.node, steps);
      steps.push({ kind: "save", slot: node.index * 2 + 1 });
      return;
    case "choice":
      emitChoice(node.nodes, steps);
      return;
    case "repeat":
      emitRepeat(node, steps);
      return;
    default:
      assertNever(node);
  }
}

function emitChoice(nodes: readonly PatternNode[], steps: Step[]): void {
  const jumps: { to: number }[] = [];
  for (const [index, node] of nodes.entries()) {
    if (index === nodes.length - 1) {
      emit(node, steps);
      break;
    }
    const { split } = openSplit(steps);
    emit(node, steps);
    const jump: Extract<Step, { kind: "jump" }> = { kind: "jump", to: 0 };
    steps.push(jump);
    jumps.push(jump);
    split.second = steps.length;
  }
  for (const jump of jumps) jump.to = steps.length;
}

function emitRepeat(node: Extract<PatternNode, { kind: "repeat" }>, steps: Step[]): void {
  for (let count = 0; count < node.min; count++) emit(node.node, steps);
  if (node.max === Infinity) {
    const loop = openSplit(steps);
    emit(node.node, steps);
    steps.push({ kind: "jump", to: loop.at });
    loop.split.second = steps.length;
    return;
  }
  const splits: { second: number }[] = [];
  for (let count = node.min; count < node.max && steps.length <= MAX_STEPS; count++) {
    splits.push(openSplit(steps).split);
    emit(node.node, steps);
  }
  for (const split of splits) split.second = steps.length;
}

function openSplit(steps: Step[]): { readonly at: number; readonly split: { second: number } } {
  const at = steps.length;
  const split: Extract<Step, { kind: "split" }> = { kind: "split", first: at + 1, second: 0 };
  steps.push(split);
  return { at, split };
}

interface Thread {
  readonly step: number;
  /** Offsets saved so far, two a group. */
  readonly slots: readonly number[];
}

interface Search {
  readonly text: string;
  readonly from: number;
  readonly groupCount: number;
}

/** Pike's machine: one list of threads a character, each step at most once in it, the earliest start first. */
function run(steps: readonly Step[], search: Search): PatternMatch | undefined {
  const { text, from, groupCount } = search;
  const nothing = new Array<number>(groupCount * 2 + 2).fill(-1);
  const marks = new Int32Array(steps.length).fill(-1);
  let threads: Thread[] = [];
  let best: readonly number[] | undefined;
  for (let at = from; at <= text.length; at++) {
    const follow: Follow = { steps, text, at, marks, threads: [] };
    for (const thread of threads) addThread(follow, thread);
    if (best === undefined) addThread(follow, { step: 0, slots: nothing });
    threads = [];
    const code = text.charCodeAt(at);
    for (const thread of follow.threads) {
      const step = steps[thread.step];
      if (best !== undefined && (thread.slots[0] ?? 0) > (best[0] ?? 0)) break;
      if (step?.kind === "match") {
        if (best === undefined || at > (best[1] ?? 0)) best = thread.slots;
      } else if (step?.kind === "set" && step.table[code] === 1) {
        threads.push({ step: thread.step + 1, slots: thread.slots });
      }
    }
    if (threads.length === 0 && best !== undefined) break;
  }
  return best === undefined ? undefined : matchOf(text, best);
}

interface Follow {
  readonly steps: readonly Step[];
  readonly text: string;
  readonly at: number;
  /** Offset at which each step was last put on the list. */
  readonly marks: Int32Array;
  readonly threads: Thread[];
}

/** Follows all steps that take no character; the recursion is as deep as the pattern has steps. */
function addThread(follow: Follow, thread: Thread): void {
  const { steps, text, at, marks } = follow;
  const { step: index, slots } = thread;
  if (marks[index] === at) return;
  marks[index] = at;
  const step = steps[index];
  if (step === undefined) return;
  switch (step.kind) {
    case "jump":
      addThread(follow, { step: step.to, slots });
      return;
    case "split":
      addThread(follow, { step: step.first, slots });
      addThread(follow, { step: step.second, slots });
      return;
    case "save":
      addThread(follow, { step: index + 1, slots: slots.with(step.slot, at) });
      return;
    case "begin":
      if (at === 0) addThread(follow, { step: index + 1, slots });
      return;
    case "end":
      if (at === text.length) addThread(follow, { step: index + 1, slots });
      return;
    case "set":
    case "match":
      follow.threads.push(thread);
      return;
    default:
      assertNever(step);
  }
}

function matchOf(text: string, slots: readonly number[]): PatternMatch {
  const groups: (string | undefined)[] = [];
  for (let slot = 0; slot < slots.length; slot += 2) {
    const start = slots[slot] ?? -1;
    const end = slots[slot + 1] ?? -1;
    groups.push(start < 0 || end < start ? undefined : text.slice(start, end));
  }
  return { start: slots[0] ?? 0, end: slots[1] ?? 0, groups };
}
