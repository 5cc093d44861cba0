import type { Issue } from "../config/issues.ts";
import type { LoadedConfig } from "../config/load.ts";
import { positionOf } from "../plugin/examine_plugins.ts";
import { loadEntries } from "../plugin/load_plugins.ts";
import { findBuiltIn } from "../plugin/registry.ts";
import { readPluginFile } from "../shell/files/plugin_files.ts";

/**
 * Says which plugins of a configuration are neither built in nor usable files of the plugin folder.
 *
 * @param loaded a configuration whose own directives are right
 * @returns an error each with plugin_strict, else a lost line, since the daemon starts without the plugin
 */
export function missingPlugins(loaded: LoadedConfig): readonly Issue[] {
  const { plugins } = loaded.config;
  return loadEntries(plugins).flatMap(({ name }): readonly Issue[] => {
    if (findBuiltIn(name) !== undefined) return [];
    const file = readPluginFile(plugins.directory, name);
    if (file.ok) return [];
    const position = positionOf(loaded, name) ?? { fileName: loaded.fileName, line: 1, column: 1 };
    const issue = { position, key: "load_plugin", message: file.error };
    return [
      plugins.strict
        ? { ...issue, severity: "error" }
        : { ...issue, severity: "warning", effect: "line-lost" },
    ];
  });
}
