import { hasErrors, type Issue } from "../config/issues.ts";
import type { PluginHooks } from "./hooks.ts";
import type { ConfigOf, OptionSchema } from "./option_schema.ts";
import type { ConfigProblem, OptionSource } from "./option_source.ts";
import { readOptions } from "./options.ts";
import type { PluginHost } from "./plugin_host.ts";

/** Version of the interface between daemon and plugins; it changes when a plugin would have to. */
export const PLUGIN_API_VERSION = 1;

/** What a plugin is. */
export interface PluginDefinition<Schema extends OptionSchema> {
  /** Letters, digits and `_`; `stun` is loaded by `load_plugin = plugin_stun.la`. */
  readonly name: string;
  /** `PLUGIN_API_VERSION` of the day it was written. */
  readonly apiVersion: number;
  /** One line for the log. */
  readonly description: string;
  /** Its options; a plugin without options has an empty object. */
  readonly options: Schema;
  /** Lists whose values belong together by position and so must be equally long. */
  readonly together?: readonly (readonly (keyof Schema & string)[])[];
  /** Says what is wrong with the options taken together. */
  readonly examine?: (config: ConfigOf<Schema>) => readonly ConfigProblem[];
  /** Begins the plugin's life; what it returns is called from then on. */
  readonly setup: (config: ConfigOf<Schema>, host: PluginHost) => PluginHooks;
}

/** A plugin whose options were read. */
export interface PreparedPlugin {
  /** The plugin. */
  readonly name: string;
  /** One line for the log. */
  readonly description: string;
  /** Everything to say about its options. */
  readonly issues: readonly Issue[];
  /** Undefined when an option cannot be used. */
  readonly setup: ((host: PluginHost) => PluginHooks) | undefined;
}

/** A plugin as the registry keeps it: its types are closed over, so that all plugins are of one type. */
export interface Plugin {
  /** Bare name, such as `stun`. */
  readonly name: string;
  /** Version of the interface it is written for. */
  readonly apiVersion: number;
  /** One line for the log. */
  readonly description: string;
  /** Its options, for the documentation and for `check`. */
  readonly options: OptionSchema;
  /** Reads its options; `setup` is called later. */
  readonly prepare: (source: OptionSource) => PreparedPlugin;
}

/**
 * Makes a plugin of its definition; the types of its options follow from the schema.
 *
 * @param definition name, options and setup
 * @returns the plugin
 * @example A plugin that counts calls
 * ```ts
 * import { CONTINUE, definePlugin, type Plugin } from "./api.ts";
 * export const plugin: Plugin = definePlugin({
 *   name: "count",
 *   apiVersion: 1,
 *   description: "Counts INVITEs",
 *   options: { label: { kind: "string", default: "calls", help: "Counter.", example: "calls" } },
 *   setup: (config, host) => ({
 *     preProxy: (request) => {
 *       if (request.message.method === "INVITE") host.count(config.label);
 *       return CONTINUE;
 *     },
 *   }),
 * });
 * ```
 */
export function definePlugin<const Schema extends OptionSchema>(
  definition: PluginDefinition<Schema>,
): Plugin {
  const { name, apiVersion, description, options } = definition;
  return {
    name,
    apiVersion,
    description,
    options,
    prepare: (source) => prepare(definition, source),
  };
}

function prepare<Schema extends OptionSchema>(
  definition: PluginDefinition<Schema>,
  source: OptionSource,
): PreparedPlugin {
  const { name, description } = definition;
  const { config, issues, place } = readOptions(definition, source);
  const problems = config === undefined ? [] : (definition.examine?.(config) ?? []).map(place);
  const all = [...issues, ...problems];
  if (config === undefined || hasErrors(all)) {
    return { name, description, issues: all, setup: undefined };
  }
  return { name, description, issues: all, setup: (host) => definition.setup(config, host) };
}
