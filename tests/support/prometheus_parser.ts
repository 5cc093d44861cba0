/** One line with a value. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with all that stands under its TYPE line. */
export interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ParsedSample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const VALUE = /^(?:[+-]?Inf|NaN|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/**
 * Reads the text exposition format of Prometheus (0.0.4) and throws at everything that `promtool check metrics` would
 * refuse or warn of: order of HELP and TYPE, names, escapes, doubled samples, counters without `_total`, histograms whose
 * buckets shrink or disagree with their count.
 */
export function parsePrometheus(text: string): ReadonlyMap<string, ParsedFamily> {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const lines = text.slice(0, -1).split("\n");
  const families = new Map<string, ParsedFamily>();
  let at = 0;
  while (at < lines.length) {
    const [help, type, ...rest] = [lines[at] ?? "", lines[at + 1] ?? "", ...lines.slice(at + 2)];
    const endOfSamples = rest.findIndex((line) => line.startsWith("#"));
    const samples = endOfSamples < 0 ? rest : rest.slice(0, endOfSamples);
    const family = readFamily({ help, type, samples });
    if (families.has(family.name)) throw new Error(`${family.name} stands twice`);
    families.set(family.name, family);
    at += 2 + samples.length;
  }
  return families;
}

function readFamily(
  lines: { readonly help: string; readonly type: string; readonly samples: readonly string[] },
): ParsedFamily {
  const [, name = "", help = ""] = /^# HELP (\S+) (.+)$/.exec(lines.help) ??
    fail("no HELP", lines.help);
  const [, typed = "", type = ""] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(lines.type) ??
    fail("no TYPE", lines.type);
  if (typed !== name || !NAME.test(name)) fail("wrong name", lines.type);
  if ((type === "counter") !== name.endsWith("_total")) fail("_total is for counters", lines.type);
  const samples = lines.samples.map(readSample);
  const keys = samples.map((sample) => JSON.stringify([sample.name, sortedLabels(sample)]));
  if (new Set(keys).size !== keys.length) fail("a sample stands twice", name);
  const family = { name, help, type, samples };
  if (type === "histogram") checkHistogram(family);
  else if (samples.some((sample) => sample.name !== name)) fail("a foreign sample", name);
  if (type === "counter" && samples.some(({ value }) => value < 0)) fail("less than nothing", name);
  return family;
}

function readSample(line: string): ParsedSample {
  const [, name = "", labels, value = ""] = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(line) ??
    fail("no sample", line);
  if (!NAME.test(name) || !VALUE.test(value)) fail("no sample", line);
  return {
    name,
    labels: readLabels(labels ?? "", line),
    value: Number(value.replace("Inf", "Infinity")),
  };
}

function readLabels(text: string, line: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== "") {
    const [all = "", name = "", value = ""] =
      /^([^=]+)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/.exec(rest) ??
        fail("bad label", line);
    if (!LABEL_NAME.test(name) || name in labels) fail("bad label", line);
    labels[name] = value.replaceAll(/\\(.)/g, (_, escaped) => escaped === "n" ? "\n" : escaped);
    rest = rest.slice(all.length);
  }
  return labels;
}

function checkHistogram({ name, samples }: ParsedFamily): void {
  const groups = new Map<string, ParsedSample[]>();
  for (const sample of samples) {
    const { le: _, ...others } = sample.labels;
    const key = JSON.stringify(sortedLabels({ labels: others }));
    groups.set(key, [...groups.get(key) ?? [], sample]);
  }
  for (const group of groups.values()) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const limits = buckets.map(({ labels }) => Number(labels["le"]?.replace("+Inf", "Infinity")));
    const counts = buckets.map(({ value }) => value);
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    const sum = group.find((sample) => sample.name === `${name}_sum`)?.value;
    if (count === undefined || sum === undefined || group.length !== buckets.length + 2) {
      fail("no sum or count", name);
    }
    if (limits.at(-1) !== Infinity || counts.at(-1) !== count) fail("wrong last bucket", name);
    if (!isRising(limits) || !isRising(counts)) fail("buckets that shrink", name);
  }
}

function isRising(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));
}

function sortedLabels({ labels }: Pick<ParsedSample, "labels">): readonly (readonly string[])[] {
  return Object.entries(labels).sort(([left], [right]) => left < right ? -1 : 1);
}

function fail(what: string, where: string): never {
  throw new Error(`${what}: ${where}`);
}
