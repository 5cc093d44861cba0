/** What one run did to texts, in octets looked at. */
interface Meter {
  work: number;
}

type Searcher = "indexOf" | "lastIndexOf" | "includes" | "startsWith" | "endsWith";
type Sweeper =
  | "split"
  | "replace"
  | "replaceAll"
  | "match"
  | "matchAll"
  | "toLowerCase"
  | "toUpperCase"
  | "trim"
  | "trimEnd";

const SEARCHERS: readonly Searcher[] = ["indexOf", "lastIndexOf", "includes"];
const SWEEPERS: readonly Sweeper[] = [
  "split",
  "replace",
  "replaceAll",
  "match",
  "matchAll",
  "toLowerCase",
  "toUpperCase",
  "trim",
  "trimEnd",
];

/**
 * Counts the work that a function does on texts, so that linear time can be proven without a clock: an octet for each
 * one that a search passes or a sweep reads, and one for each single access.
 *
 * @param run what is measured; it must not keep any text method for later
 * @returns octets looked at
 */
export function countWork(run: () => void): number {
  const meter: Meter = { work: 0 };
  const restore = [
    wrapSingle(meter),
    ...SEARCHERS.map((name) => wrapSearch(name, meter)),
    ...SWEEPERS.map((name) => wrapSweep(name, meter)),
  ];
  try {
    run();
  } finally {
    for (const undo of restore) undo();
  }
  return meter.work;
}

function wrapSingle(meter: Meter): () => void {
  const original = Object.getOwnPropertyDescriptor(String.prototype, "charCodeAt");
  const inner: unknown = original?.value;
  if (typeof inner !== "function") throw new Error("Cannot count: no charCodeAt");
  replaceMethod("charCodeAt", function (this: unknown, ...args: readonly unknown[]): unknown {
    meter.work++;
    return Reflect.apply(inner, this, args);
  });
  return () => restoreMethod("charCodeAt", original);
}

/** A search costs the way to what it finds, or to the end. */
function wrapSearch(name: Searcher, meter: Meter): () => void {
  const original = Object.getOwnPropertyDescriptor(String.prototype, name);
  const inner: unknown = original?.value;
  if (typeof inner !== "function") throw new Error(`Cannot count: no ${name}`);
  replaceMethod(name, function (this: unknown, ...args: readonly unknown[]): unknown {
    const found: unknown = Reflect.apply(inner, this, args);
    const start = typeof args[1] === "number" ? args[1] : 0;
    const end = typeof found === "number" && found >= 0 ? found : String(this).length;
    meter.work += Math.max(1, end - start);
    return found;
  });
  return () => restoreMethod(name, original);
}

function wrapSweep(name: Sweeper, meter: Meter): () => void {
  const original = Object.getOwnPropertyDescriptor(String.prototype, name);
  const inner: unknown = original?.value;
  if (typeof inner !== "function") throw new Error(`Cannot count: no ${name}`);
  replaceMethod(name, function (this: unknown, ...args: readonly unknown[]): unknown {
    meter.work += Math.max(1, String(this).length);
    return Reflect.apply(inner, this, args);
  });
  return () => restoreMethod(name, original);
}

function replaceMethod(name: string, value: (...args: readonly unknown[]) => unknown): void {
  Object.defineProperty(String.prototype, name, { value, writable: true, configurable: true });
}

function restoreMethod(name: string, original: PropertyDescriptor | undefined): void {
  if (original !== undefined) Object.defineProperty(String.prototype, name, original);
}
