import { err, ok, type Result } from "../base/result.ts";
import { definePlugin, type Plugin, type PluginDefinition } from "./define_plugin.ts";
import type { Option, OptionSchema } from "./option_schema.ts";

/** Name under which a module exports its plugin. */
export const PLUGIN_EXPORT = "plugin";

const OPTION_KINDS: ReadonlySet<unknown> = new Set([
  "string",
  "integer",
  "boolean",
  "list",
  "networks",
]);

/**
 * Takes the plugin out of a module that a third party wrote; nothing in it is believed unchecked.
 *
 * @param module what the import of `<plugindir>/<name>.js` gave
 * @param name the name it was loaded by
 * @returns the plugin, or why the module holds none
 */
export function pluginOfModule(module: unknown, name: string): Result<Plugin> {
  const definition = fieldOf(module, PLUGIN_EXPORT);
  if (definition === undefined) return err(`the module has no export named "${PLUGIN_EXPORT}"`);
  const reason = whyNoDefinition(definition, name);
  if (reason !== undefined) return err(reason);
  return isDefinition(definition, name)
    ? ok(definePlugin(definition))
    : err("no plugin definition");
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(key);
}

function isDefinition(value: unknown, name: string): value is PluginDefinition<OptionSchema> {
  return whyNoDefinition(value, name) === undefined;
}

function whyNoDefinition(value: unknown, name: string): string | undefined {
  const named = fieldOf(value, "name");
  if (named !== name) return `its name is ${JSON.stringify(named)}, the file's is "${name}"`;
  if (!Number.isInteger(fieldOf(value, "apiVersion"))) return "apiVersion is no whole number";
  if (typeof fieldOf(value, "description") !== "string") return "description is no text";
  if (typeof fieldOf(value, "setup") !== "function") return "setup is no function";
  const options = fieldOf(value, "options");
  if (typeof options !== "object" || options === null) return "options is no object";
  for (const [key, option] of Object.entries(options)) {
    if (!isOption(option)) return `option "${key}" has no kind, help and example of the API`;
  }
  return undefined;
}

function isOption(value: unknown): value is Option {
  const kind = fieldOf(value, "kind");
  if (!OPTION_KINDS.has(kind) || typeof fieldOf(value, "help") !== "string") return false;
  if (typeof fieldOf(value, "example") !== "string") return false;
  if (kind === "boolean") return typeof fieldOf(value, "default") === "boolean";
  if (kind !== "integer") return true;
  return ["default", "min", "max"].every((key) => typeof fieldOf(value, key) === "number");
}
