/**
 * Command line arguments to a typed record, with the rules of minimist.
 *
 * @module
 */
import type { Aliases, Args, Names, ParseOptions, Values } from "./types.ts";
export type { Args, ParseOptions } from "./types.ts";

type Value = string | number | boolean;
type Unknown = NonNullable<ParseOptions["unknown"]>;

interface Declared {
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly booleans: ReadonlySet<string>;
  readonly strings: ReadonlySet<string>;
  readonly collected: ReadonlySet<string>;
  readonly negatable: ReadonlySet<string>;
  readonly everyFlag: boolean;
  readonly unknown: Unknown;
}

/** One option as it was met: `collect` is off for `--no-x`, which replaces a list. */
interface Met {
  readonly key: string;
  readonly value: Value;
  readonly arg: string;
  readonly collect: boolean;
}

type Tree = Record<string, unknown>;

/** Keys that would reach into every object of the program. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

function looksNumeric(text: string): boolean {
  return /^0x[0-9a-f]+$/i.test(text) ||
    /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/.test(text);
}

function toList(names: unknown): string[] {
  const list: unknown[] = Array.isArray(names) ? names : [names];
  return list.filter((name): name is string => typeof name === "string" && name !== "");
}

function aliasMap(alias: Aliases): Map<string, readonly string[]> {
  const map = new Map<string, readonly string[]>();
  for (const [name, others] of Object.entries(alias)) {
    const group = [name, ...toList(others)];
    for (const member of group) map.set(member, group.filter((other) => other !== member));
  }
  return map;
}

function withAliases(
  names: unknown,
  aliases: ReadonlyMap<string, readonly string[]>,
): Set<string> {
  return new Set(toList(names).flatMap((name) => [name, ...(aliases.get(name) ?? [])]));
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function holder(root: Tree, path: readonly string[]): Tree {
  let node = root;
  for (const step of path.slice(0, -1)) {
    const next = node[step];
    if (isTree(next)) {
      node = next;
      continue;
    }
    const made: Tree = {};
    node[step] = made;
    node = made;
  }
  return node;
}

function setPath(root: Tree, key: string, change: (before: unknown) => unknown): void {
  const path = key.split(".");
  if (path.some((step) => FORBIDDEN_KEYS.has(step))) return;
  const node = holder(root, path);
  const last = path.at(-1) ?? key;
  node[last] = change(node[last]);
}

function hasPath(root: Tree, key: string): boolean {
  const path = key.split(".");
  let node: unknown = root;
  for (const step of path) {
    if (!isTree(node) || !Object.hasOwn(node, step)) return false;
    node = node[step];
  }
  return true;
}

function collected(before: unknown, value: Value): unknown[] {
  if (Array.isArray(before)) return [...before, value];
  return before ? [before, value] : [value];
}

/** Walks the arguments once; holds the result while it grows. */
class Walk {
  readonly result: Tree = {};
  readonly rest: Array<string | number> = [];
  readonly #args: readonly string[];
  readonly #declared: Declared;
  #at = 0;

  constructor(args: readonly string[], declared: Declared) {
    this.#args = args;
    this.#declared = declared;
  }

  run(stopEarly: boolean): void {
    for (this.#at = 0; this.#at < this.#args.length; this.#at++) {
      const arg = this.#args[this.#at] ?? "";
      if (/^--./s.test(arg)) this.#long(arg);
      else if (/^-./s.test(arg)) this.#short(arg);
      else {
        this.#plain(arg);
        if (!stopEarly) continue;
        this.rest.push(...this.#args.slice(this.#at + 1));
        return;
      }
    }
  }

  #plain(arg: string): void {
    if (this.#declared.unknown(arg) === false) return;
    const asText = this.#declared.strings.has("_") || !looksNumeric(arg);
    this.rest.push(asText ? arg : Number(arg));
  }

  #long(arg: string): void {
    const body = arg.slice(2);
    const equals = body.indexOf("=", 1);
    if (equals > 0) return this.#assigned(arg, body.slice(0, equals), body.slice(equals + 1));
    const negated = /^no-(.+)$/s.exec(body)?.[1];
    if (negated !== undefined && this.#declared.negatable.has(negated)) {
      return this.#set({ key: negated, value: false, arg, collect: false });
    }
    const next = this.#args[this.#at + 1];
    const takesValue = !this.#isBoolean(body) && !this.#declared.everyFlag;
    if (next && takesValue && !next.startsWith("-")) {
      this.#at++;
      return this.#set({ key: body, value: next, arg, collect: true });
    }
    this.#flag(arg, body);
  }

  /** `--no-x=y` names `x`, as in minimist. */
  #assigned(arg: string, name: string, value: string): void {
    const key = name.replace(/^no-(?=.)/s, "");
    const isFlag = this.#declared.booleans.has(key);
    this.#set({ key, value: isFlag ? value !== "false" : value, arg, collect: true });
  }

  #flag(arg: string, key: string): void {
    const next = this.#args[this.#at + 1];
    if (next === "true" || next === "false") {
      this.#at++;
      return this.#set({ key, value: next !== "false", arg, collect: true });
    }
    const value = this.#declared.strings.has(key) ? "" : true;
    this.#set({ key, value, arg, collect: true });
  }

  #short(arg: string): void {
    for (let at = 1; at < arg.length - 1; at++) {
      const key = arg.charAt(at);
      const rest = arg.slice(at + 1);
      const value = attachedValue(key, rest);
      if (value !== undefined) {
        this.#set({ key, value, arg, collect: true });
        if (rest !== "-") return;
        continue;
      }
      const empty = this.#declared.strings.has(key) ? "" : true;
      this.#set({ key, value: empty, arg, collect: true });
    }
    if (!arg.endsWith("-")) this.#lastLetter(arg);
  }

  #lastLetter(arg: string): void {
    const key = arg.slice(-1);
    const next = this.#args[this.#at + 1];
    if (next && !/^--?[^-]/.test(next) && !this.#isBoolean(key)) {
      this.#at++;
      return this.#set({ key, value: next, arg, collect: true });
    }
    this.#flag(arg, key);
  }

  #isBoolean(key: string): boolean {
    return this.#declared.booleans.has(key) ||
      (this.#declared.aliases.get(key) ?? []).some((name) => this.#declared.booleans.has(name));
  }

  #set(met: Met): void {
    const { booleans, strings, aliases, everyFlag, unknown, collected: lists } = this.#declared;
    const known = booleans.has(met.key) || strings.has(met.key) || aliases.has(met.key) ||
      (everyFlag && /^--[^=]+$/.test(met.arg));
    if (!known && unknown(met.arg, met.key, met.value) === false) return;
    const numeric = typeof met.value === "string" && !strings.has(met.key) &&
      looksNumeric(met.value);
    const value = numeric ? Number(met.value) : met.value;
    const asList = met.collect && lists.has(met.key);
    for (const name of [met.key, ...(aliases.get(met.key) ?? [])]) {
      setPath(this.result, name, (before) => asList ? collected(before, value) : value);
    }
  }
}

function attachedValue(letter: string, rest: string): string | undefined {
  if (rest === "-") return rest;
  if (/[A-Za-z]/.test(letter)) {
    const equals = rest.indexOf("=");
    if (equals >= 0 && equals < rest.length - 1) return rest.slice(equals + 1);
    if (/-?\d+(?:\.\d*)?(?:e-?\d+)?$/.test(rest)) return rest;
  }
  return rest.length > 1 && /\W/.test(rest.charAt(0)) ? rest : undefined;
}

function fillDefaults(walk: Walk, declared: Declared, defaults: Tree): void {
  for (const [key, value] of Object.entries(defaults)) {
    if (hasPath(walk.result, key)) continue;
    for (const name of [key, ...(declared.aliases.get(key) ?? [])]) {
      setPath(walk.result, name, () => value);
    }
  }
  for (const key of declared.booleans) {
    if (hasPath(walk.result, key)) continue;
    setPath(walk.result, key, () => declared.collected.has(key) ? [] : false);
  }
  for (const key of declared.strings) {
    if (hasPath(walk.result, key) || !declared.collected.has(key)) continue;
    setPath(walk.result, key, () => []);
  }
}

function declare(options: ParseOptions): Declared {
  const aliases = aliasMap(options.alias ?? {});
  return {
    aliases,
    booleans: withAliases(options.boolean, aliases),
    strings: withAliases(options.string, aliases),
    collected: withAliases(options.collect, aliases),
    negatable: withAliases(options.negatable, aliases),
    everyFlag: options.boolean === true,
    unknown: options.unknown ?? ((arg) => arg),
  };
}

/**
 * Parses command line arguments into a record typed by the options' names.
 *
 * @example Flags, values and lists
 * ```ts
 * import { parseArgs } from "@std/cli/parse-args";
 * import { equal } from "node:assert/strict";
 * const args = parseArgs(["-h", "--set", "a=1"], { boolean: ["h"], string: ["set"] });
 * equal(args.h, true);
 * equal(args.set, "a=1");
 * ```
 *
 * @param args The arguments, usually `Deno.args`.
 * @param options Which names are booleans, strings, lists, aliases and so on.
 * @returns The options by name, and everything else in `_`.
 */
export function parseArgs<
  TArgs extends Values<TBooleans, TStrings, TCollectable, TNegatable, TDefaults, TAliases>,
  TDoubleDash extends boolean | undefined = undefined,
  TBooleans extends Names = undefined,
  TStrings extends Names = undefined,
  TCollectable extends Names = undefined,
  TNegatable extends Names = undefined,
  TDefaults extends Record<string, unknown> | undefined = undefined,
  const TAliases extends Aliases | undefined = undefined,
>(
  args: string[],
  options?: ParseOptions<
    TBooleans,
    TStrings,
    TCollectable,
    TNegatable,
    TDefaults,
    TAliases,
    TDoubleDash
  >,
): Args<TArgs, TDoubleDash>;
export function parseArgs(args: string[], options: ParseOptions = {}): unknown {
  const declared = declare(options);
  const end = args.indexOf("--");
  const walk = new Walk(end < 0 ? args : args.slice(0, end), declared);
  walk.run(options.stopEarly === true);
  fillDefaults(walk, declared, options.default ?? {});
  const after = end < 0 ? [] : args.slice(end + 1);
  if (options["--"]) return { ...walk.result, _: walk.rest, "--": after };
  return { ...walk.result, _: [...walk.rest, ...after] };
}
