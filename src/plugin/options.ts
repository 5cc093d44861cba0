import { assertNever } from "../base/assert_never.ts";
import type { ConfigPosition, PluginOption } from "../config/config.ts";
import { type Issue, quote } from "../config/issues.ts";
import { nearest } from "../config/nearest.ts";
import { readAccessList } from "../config/read_access_list.ts";
import { readFlag, readInteger } from "../config/read_integer.ts";
import type { Reading, Remark } from "../config/reading.ts";
import { decodeLatin1 } from "../base/text.ts";
import { isConfigOf } from "./is_config.ts";
import type { ConfigProblem, OptionSource } from "./option_source.ts";
import type { ConfigOf, Option, OptionSchema } from "./option_schema.ts";

/** Values of one list option: siproxd takes 128. */
const MAX_LIST_ENTRIES = 1024;

const utf8 = new TextEncoder();

/** What is known of the plugin whose options are read. */
export interface OptionOwner<Schema extends OptionSchema> {
  readonly name: string;
  readonly options: Schema;
  readonly together?: readonly (readonly string[])[];
}

/** The outcome of reading all options of a plugin. */
export interface OptionsReading<Schema extends OptionSchema> {
  /** Undefined when one of them cannot be used. */
  readonly config: ConfigOf<Schema> | undefined;
  readonly issues: readonly Issue[];
  /** Gives a problem of the plugin's own its place in the file. */
  readonly place: (problem: ConfigProblem) => Issue;
}

/**
 * Reads the `plugin_<name>_<option>` lines of one plugin by its schema.
 *
 * @param owner the plugin's name and schema
 * @param source the raw lines of all plugins
 * @returns the typed configuration and everything to say about it
 */
export function readOptions<Schema extends OptionSchema>(
  owner: OptionOwner<Schema>,
  source: OptionSource,
): OptionsReading<Schema> {
  const job = { prefix: `plugin_${owner.name}_`, source, issues: new Array<Issue>() };
  const byOption = groupByOption(owner, job);
  const values: Record<string, unknown> = {};
  let isUsable = true;
  for (const [key, option] of Object.entries(owner.options)) {
    const reader: Reader = { ...job, key: `${job.prefix}${key}`, lines: byOption.get(key) ?? [] };
    const value = readOption(option, reader);
    if (value.kind === "refused") isUsable = false;
    else values[key] = value.value;
  }
  for (const keys of owner.together ?? []) {
    const problem = unequal(keys, { byOption, prefix: job.prefix });
    if (problem === undefined) continue;
    job.issues.push(placeOf(problem, { ...job, byOption }));
    isUsable = false;
  }
  return {
    config: isUsable && isConfigOf(values, owner.options) ? values : undefined,
    issues: job.issues,
    place: (problem) => placeOf(problem, { ...job, byOption }),
  };
}

interface Job {
  readonly prefix: string;
  readonly source: OptionSource;
  readonly issues: Issue[];
}

interface Reader extends Job {
  readonly key: string;
  readonly lines: readonly PluginOption[];
}

type OptionResult =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "refused" };

const REFUSED: OptionResult = { kind: "refused" };

/** Sorts the lines by option; a line of no option is lost, as a directive that nobody knows. */
function groupByOption(
  owner: OptionOwner<OptionSchema>,
  job: Job,
): ReadonlyMap<string, readonly PluginOption[]> {
  const names = Object.keys(owner.options);
  const groups = new Map<string, PluginOption[]>();
  for (const line of job.source.options) {
    if (!line.key.startsWith(job.prefix)) continue;
    const name = line.key.slice(job.prefix.length);
    if (owner.options[name] !== undefined) {
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [line]);
      else group.push(line);
      continue;
    }
    // regex must not claim what belongs to regex_body.
    if (owner.name === "regex" && name.startsWith("body_")) continue;
    job.issues.push(unknownOption(line, { owner: owner.name, name, names }));
  }
  return groups;
}

function unknownOption(
  line: PluginOption,
  what: { readonly owner: string; readonly name: string; readonly names: readonly string[] },
): Issue {
  const near = nearest(what.name, what.names);
  const hint = near === undefined ? "" : `, nearest is "plugin_${what.owner}_${near}"`;
  return {
    severity: "warning",
    effect: "line-lost",
    position: line.position,
    key: line.key,
    message: `Cannot use key ${quote(line.key)}: plugin_${what.owner} has no such option${hint}`,
  };
}

function readOption(option: Option, reader: Reader): OptionResult {
  if (option.kind === "list") return readList(option, reader);
  const line = lastFilled(reader);
  if (line === undefined) return missing(option, reader);
  switch (option.kind) {
    case "integer":
      return take(readInteger(line.value, { min: option.min, max: option.max }), line, reader);
    case "boolean":
      return take(readFlag(line.value, { kind: "flag", other: "on" }), line, reader);
    case "networks":
      return take(readAccessList(line.value), line, reader);
    case "string":
      return readString(option, line, reader);
    default:
      return assertNever(option);
  }
}

/** One value: the last line counts, as for directives. */
function lastFilled(reader: Reader): PluginOption | undefined {
  const filled = filledLines(reader);
  const last = filled.at(-1);
  for (const line of filled.slice(0, -1)) {
    warn(
      line,
      reader,
      `Cannot use this line: line ${last?.position.line} sets ${line.key} again and wins`,
    );
  }
  return last;
}

function filledLines(reader: Reader): readonly PluginOption[] {
  return reader.lines.filter((line) => {
    if (line.value !== "") return true;
    warn(line, reader, "Cannot use empty value: what was set before or the default stays");
    return false;
  });
}

function missing(option: Exclude<Option, { kind: "list" }>, reader: Reader): OptionResult {
  switch (option.kind) {
    case "networks":
      return { kind: "value", value: [] };
    case "integer":
    case "boolean":
      return { kind: "value", value: option.default };
    case "string":
      if (option.required === true) return missingRequired(option, reader);
      return { kind: "value", value: option.default };
    default:
      return assertNever(option);
  }
}

function missingRequired(option: Option, reader: Reader): OptionResult {
  reader.issues.push({
    severity: "error",
    position: reader.source.loadPosition,
    key: reader.key,
    message:
      `Cannot load plugin: it needs ${reader.key} (example: ${reader.key} = ${option.example})`,
  });
  return REFUSED;
}

function readString(
  option: Extract<Option, { kind: "string" }>,
  line: PluginOption,
  reader: Reader,
): OptionResult {
  const value = wireText(line.value);
  const reason = option.validate?.(value);
  if (reason === undefined) return { kind: "value", value };
  refuse(line, reader, refusal(line, reason));
  return REFUSED;
}

function readList(option: Extract<Option, { kind: "list" }>, reader: Reader): OptionResult {
  const lines = filledLines(reader);
  if (lines.length === 0 && option.required === true) return missingRequired(option, reader);
  const surplus = lines[MAX_LIST_ENTRIES];
  if (surplus !== undefined) {
    refuse(surplus, reader, `Cannot add entry: more than ${MAX_LIST_ENTRIES} of them`);
    return REFUSED;
  }
  let isUsable = true;
  const values = lines.map((line) => {
    const value = wireText(line.value);
    const reason = option.validate?.(value);
    if (reason !== undefined) {
      refuse(line, reader, refusal(line, reason));
      isUsable = false;
    }
    return value;
  });
  return isUsable ? { kind: "value", value: values } : REFUSED;
}

/** A reason that is a whole message already, as those of patterns, stands alone. */
function refusal(line: PluginOption, reason: string): string {
  return reason.startsWith("Cannot ") ? reason : `Cannot use ${quote(line.value)}: ${reason}`;
}

/** The core writes one byte a character; what is not ASCII becomes its UTF-8 bytes (RFC 3261 §25.1). */
function wireText(text: string): string {
  return decodeLatin1(utf8.encode(text));
}

function take<Value>(reading: Reading<Value>, line: PluginOption, reader: Reader): OptionResult {
  for (const remark of reading.remarks) reader.issues.push(issueOf(remark, line));
  return reading.value === undefined ? REFUSED : { kind: "value", value: reading.value };
}

function issueOf(remark: Remark, line: PluginOption): Issue {
  const column = line.valueColumn + remark.offset;
  const { severity, message } = remark;
  return { severity, message, key: line.key, position: { ...line.position, column } };
}

function refuse(line: PluginOption, reader: Reader, message: string): void {
  reader.issues.push(issueOf({ severity: "error", message, offset: 0 }, line));
}

function warn(line: PluginOption, reader: Reader, message: string): void {
  reader.issues.push({ severity: "warning", message, key: line.key, position: line.position });
}

/** A half list is never applied. */
function unequal(
  keys: readonly string[],
  from: {
    readonly byOption: ReadonlyMap<string, readonly PluginOption[]>;
    readonly prefix: string;
  },
): ConfigProblem | undefined {
  const counts = keys.map((key) => from.byOption.get(key)?.length ?? 0);
  const shortest = Math.min(...counts);
  const longest = Math.max(...counts);
  if (shortest === longest) return undefined;
  const option = keys[counts.indexOf(longest)] ?? "";
  const said = keys.map((key, at) => `${counts[at]} ${from.prefix}${key}`).join(", ");
  const value = from.byOption.get(option)?.[shortest]?.value ?? "";
  const message = `Cannot pair ${quote(value)}: ${said} are given, their numbers must be equal`;
  return { option, index: shortest, severity: "error", message };
}

function placeOf(
  problem: ConfigProblem,
  from: Job & { readonly byOption: ReadonlyMap<string, readonly PluginOption[]> },
): Issue {
  const lines = from.byOption.get(problem.option)?.filter((line) => line.value !== "");
  const line = problem.index === undefined ? lines?.at(-1) : lines?.[problem.index];
  const { severity, message } = problem;
  const position: ConfigPosition = line === undefined
    ? from.source.loadPosition
    : { ...line.position, column: line.valueColumn };
  return { severity, message, key: `${from.prefix}${problem.option}`, position };
}
