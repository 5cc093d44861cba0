/** Reading of foreign JSON without trusting its shape. */

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of a field, or an empty text. */
export function textField(value: unknown, key: string): string {
  if (!isRecord(value)) return "";
  const field = value[key];
  return typeof field === "string" ? field : "";
}

/** The number of a field, or 0. */
export function numberField(value: unknown, key: string): number {
  if (!isRecord(value)) return 0;
  const field = value[key];
  return typeof field === "number" ? field : 0;
}

/** Parses JSON text to an unknown value. */
export function parseJson(text: string): unknown {
  return JSON.parse(text);
}
