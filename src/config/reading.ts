/** What a value reader made of a text: a value, things to say about it, or both. */
export interface Reading<Value> {
  /** Undefined when the text cannot be used. */
  readonly value: Value | undefined;
  readonly remarks: readonly Remark[];
}

/** Something to say about a value; `offset` counts characters from the value's start. */
export interface Remark {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly offset: number;
}

/**
 * A value that nothing is to be said about.
 *
 * @param value what was read
 * @returns a reading without remarks
 */
export function reads<Value>(value: Value): Reading<Value> {
  return { value, remarks: [] };
}

/**
 * A text that cannot be used.
 *
 * @param message why, in our wording
 * @param offset where in the value
 * @returns a reading without a value
 */
export function refuses(message: string, offset: number = 0): Reading<never> {
  return { value: undefined, remarks: [{ severity: "error", message, offset }] };
}

/**
 * A value that is used although something is odd about it.
 *
 * @param value what was read
 * @param message what is odd
 * @returns a reading with one warning
 */
export function readsOddly<Value>(value: Value, message: string): Reading<Value> {
  return { value, remarks: [{ severity: "warning", message, offset: 0 }] };
}
