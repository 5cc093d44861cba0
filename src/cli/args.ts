import { parseArgs } from "@std/cli";
import { err, ok, type Result } from "../base/result.ts";
import type { Override } from "../config/load.ts";
import { quote } from "../config/issues.ts";
import { nearest } from "../config/nearest.ts";
import { readDebugPattern } from "../config/read_debug_pattern.ts";
import { CLI_COMMANDS, CLI_OPTIONS, type CliOption } from "./options.ts";

/** Where the configuration comes from, as the command line says. */
export interface ConfigArgs {
  /** File of `-c`, or of `check FILE`; undefined: search for one. */
  readonly configFile: string | undefined;
  readonly overrides: readonly Override[];
}

/** How status answers: a screenful, every row, or everything for programs. */
export type StatusOutput = "text" | "all" | "json";

/** What the command line asks for. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "run"; readonly from: ConfigArgs }
  | { readonly kind: "check"; readonly from: ConfigArgs; readonly output: "text" | "json" }
  | { readonly kind: "config"; readonly from: ConfigArgs; readonly output: "text" | "json" }
  | { readonly kind: "status"; readonly from: ConfigArgs; readonly output: StatusOutput }
  | { readonly kind: "demo"; readonly args: readonly string[] }
  | { readonly kind: "self-test"; readonly args: readonly string[] };

/** Options as @std/cli gives them. */
interface Parsed {
  readonly words: readonly string[];
  readonly help: boolean;
  readonly version: boolean;
  readonly json: boolean;
  readonly all: boolean;
  readonly config: string | undefined;
  readonly debug: string | undefined;
  readonly pidFile: string | undefined;
  readonly set: readonly string[];
}

/**
 * Understands the command line.
 *
 * Values are joined to their options first, as getopt does it, since `-d -1` (the form of siproxd's
 * guide) would otherwise be two options.
 *
 * @param args without the program's name
 * @returns the command, or one line that says what is wrong
 */
export function parseCommand(args: readonly string[]): Result<Command> {
  const [name, ...rest] = args;
  if (name === "demo" || name === "self-test") {
    const asksHelp = rest[0] === "-h" || rest[0] === "--help";
    return ok(asksHelp ? { kind: "help" } : { kind: name, args: rest });
  }
  const joined = joinValues(args);
  if (!joined.ok) return joined;
  const parsed = parseJoined(joined.value);
  return parsed.ok ? toCommand(parsed.value) : parsed;
}

function joinValues(args: readonly string[]): Result<readonly string[]> {
  const joined: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") return ok([...joined, ...args.slice(index)]);
    const option = CLI_OPTIONS.find((candidate) => takesValue(candidate, arg));
    if (option === undefined) {
      joined.push(arg);
      continue;
    }
    const attached = attachedValue(option, arg);
    const value = attached ?? args[++index];
    if (value === undefined) {
      return err(`Cannot use ${arg}: a ${option.value ?? "value"} must follow`);
    }
    joined.push(`--${option.name}=${value}`);
  }
  return ok(joined);
}

function takesValue(option: CliOption, arg: string): boolean {
  if (option.value === undefined) return false;
  if (arg === `--${option.name}` || arg.startsWith(`--${option.name}=`)) return true;
  return option.short !== undefined && arg.startsWith(`-${option.short}`);
}

/** The value inside the same argument: `-c/etc/x`, `--config=/etc/x`. */
function attachedValue(option: CliOption, arg: string): string | undefined {
  if (arg.startsWith("--")) {
    return arg.includes("=") ? arg.slice(arg.indexOf("=") + 1) : undefined;
  }
  const rest = arg.slice(`-${option.short ?? ""}`.length);
  return rest === "" ? undefined : rest;
}

function parseJoined(args: readonly string[]): Result<Parsed> {
  const unknown: string[] = [];
  const parsed = parseArgs([...args], {
    boolean: ["help", "version", "json", "all"],
    string: ["config", "debug", "pid-file", "set", "_"],
    collect: ["set"],
    alias: { help: "h" },
    unknown: (arg, key) => {
      if (key === undefined) return true;
      unknown.push(arg);
      return false;
    },
  });
  const [first] = unknown;
  if (first !== undefined) return err(unknownOption(first));
  return ok({
    words: parsed._.map(String),
    help: parsed.help,
    version: parsed.version,
    json: parsed.json,
    all: parsed.all,
    config: parsed.config,
    debug: parsed.debug,
    pidFile: parsed["pid-file"],
    set: parsed.set,
  });
}

function unknownOption(arg: string): string {
  const name = arg.replace(/^-+/, "").split("=")[0] ?? "";
  const near = name.length < 2
    ? undefined
    : nearest(name, CLI_OPTIONS.map((option) => option.name));
  const hint = near === undefined ? "siproxd -h lists all" : `nearest is "--${near}"`;
  return `Cannot use option ${quote(arg)}: no such option, ${hint}`;
}

function toCommand(parsed: Parsed): Result<Command> {
  if (parsed.help) return ok({ kind: "help" });
  if (parsed.version) return ok({ kind: "version" });
  const overrides = toOverrides(parsed);
  if (!overrides.ok) return overrides;
  const [name = "run", ...rest] = parsed.words;
  const file = name === "check" ? rest.shift() : undefined;
  const surplus = rest[0];
  if (surplus !== undefined) return err(`Cannot use argument ${quote(surplus)}: one too many`);
  const from = { configFile: file ?? parsed.config, overrides: overrides.value };
  const output = parsed.json ? "json" : "text";
  if (parsed.all && name !== "status") return err("Cannot use --all: only status takes it");
  switch (name) {
    case "run":
      if (parsed.json) return err("Cannot use --json: only check, config and status take it");
      return ok({ kind: "run", from });
    case "check":
    case "config":
      return ok({ kind: name, from, output });
    case "status":
      return ok({ kind: name, from, output: parsed.all && !parsed.json ? "all" : output });
    default:
      return err(unknownCommand(name));
  }
}

function unknownCommand(name: string): string {
  const names = CLI_COMMANDS.map((command) => command.name);
  const near = nearest(name, names);
  const hint = near === undefined ? `known are ${names.join(", ")}` : `nearest is "${near}"`;
  return `Cannot run ${quote(name)}: no such command, ${hint}`;
}

function toOverrides(parsed: Parsed): Result<readonly Override[]> {
  const overrides: Override[] = parsed.set.map((text) => ({ text, option: "--set" }));
  if (parsed.pidFile !== undefined) {
    overrides.push({ text: `pid_file=${parsed.pidFile}`, option: "-p" });
  }
  if (parsed.debug === undefined) return ok(overrides);
  const reading = readDebugPattern(parsed.debug.trim());
  if (reading.value === undefined || reading.remarks.length > 0) {
    return err(reading.remarks[0]?.message ?? `Cannot use debug pattern ${quote(parsed.debug)}`);
  }
  // siproxd: a pattern of 0 leaves the file's debug_level in force.
  if (reading.value !== 0) {
    overrides.push({ text: `debug_level=${parsed.debug.trim()}`, option: "-d" });
  }
  return ok(overrides);
}
