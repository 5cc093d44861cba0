/**
 * Measures what is alive on the heap: what a collection leaves, so that two figures can be compared.
 *
 * @returns MiB; NaN where the engine was not started with `--v8-flags=--expose-gc`
 */
export function liveHeapMib(): number {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") return NaN;
  Reflect.apply(collect, undefined, []);
  return Deno.memoryUsage().heapUsed / 1_048_576;
}
