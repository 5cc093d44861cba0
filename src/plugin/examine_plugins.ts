import type { ConfigPosition } from "../config/config.ts";
import type { Issue } from "../config/issues.ts";
import type { LoadedConfig } from "../config/load.ts";
import { shortPluginName } from "../config/plugin_names.ts";
import { loadEntries } from "./load_plugins.ts";
import { findBuiltIn } from "./registry.ts";

/**
 * Reads the options of all built-in plugins that a configuration loads, without setting any of them up.
 *
 * @param loaded a configuration whose own directives are right
 * @returns everything to say about them; nothing about plugins of the plugin folder, whose schema is in their code
 */
export function examinePlugins(loaded: LoadedConfig): readonly Issue[] {
  const { config, fileName } = loaded;
  return loadEntries(config.plugins).flatMap(({ name }) => {
    const loadPosition = positionOf(loaded, name) ?? { fileName, line: 1, column: 1 };
    const { options } = config.plugins;
    return findBuiltIn(name)?.prepare({ options, loadPosition }).issues ?? [];
  });
}

/**
 * Says where the configuration loads a plugin.
 *
 * @param loaded the configuration
 * @param name bare name
 * @returns the place of the value, or undefined
 */
export function positionOf(loaded: LoadedConfig, name: string): ConfigPosition | undefined {
  const setting = loaded.settings.find(({ directive }) => directive.key === "load_plugin");
  const entry = setting?.entries.find(({ value }) => shortPluginName(value) === name);
  return entry === undefined ? undefined : { ...entry.position, column: entry.valueColumn };
}
