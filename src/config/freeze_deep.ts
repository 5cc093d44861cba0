/**
 * Freezes plain data with everything in it, so that no isolate changes what others read.
 *
 * @param value a tree of plain objects and arrays
 * @returns the same value
 */
export function freezeDeep<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value)) {
    if (typeof inner === "object" && inner !== null) freezeDeep(inner);
  }
  return Object.freeze(value);
}
