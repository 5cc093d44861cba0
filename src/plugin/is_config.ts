import { assertNever } from "../base/assert_never.ts";
import type { ConfigOf, Option, OptionSchema } from "./option_schema.ts";

/**
 * Tells whether every option has a value of its kind, which is what the schema's type promises.
 *
 * @param values by option name
 * @param schema the options
 * @returns true when the values are a whole configuration
 */
export function isConfigOf<Schema extends OptionSchema>(
  values: object,
  schema: Schema,
): values is ConfigOf<Schema> {
  const table = new Map<string, unknown>(Object.entries(values));
  return Object.entries(schema).every(([key, option]) => holds(option, table.get(key)));
}

function holds(option: Option, value: unknown): boolean {
  switch (option.kind) {
    case "integer":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "list":
    case "networks":
      return Array.isArray(value);
    case "string":
      return typeof value === "string" ||
        (value === undefined && option.required !== true && option.default === undefined);
    default:
      return assertNever(option);
  }
}
