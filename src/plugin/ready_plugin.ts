import type { ConfigPosition, PluginOption } from "../config/config.ts";
import { err, ok, type Result } from "../base/result.ts";
import { type Plugin, PLUGIN_API_VERSION, type PreparedPlugin } from "./define_plugin.ts";
import type { PluginHooks } from "./hooks.ts";
import type { PluginHost } from "./plugin_host.ts";

/** A plugin whose options are right, and that is not set up yet. */
export interface ReadyPlugin {
  /** One line for the log. */
  readonly description: string;
  readonly setup: (host: PluginHost) => PluginHooks;
}

/**
 * Reads the options of a plugin, if it is written for this daemon.
 *
 * @param plugin built in, or taken out of its file
 * @param options the options of all plugins
 * @returns the plugin, or why it cannot be used, with file and line where an option is to blame
 */
export function readyPlugin(plugin: Plugin, options: readonly PluginOption[]): Result<ReadyPlugin> {
  if (plugin.apiVersion !== PLUGIN_API_VERSION) {
    const expected = `version ${PLUGIN_API_VERSION} is expected`;
    return err(`it is written for API version ${plugin.apiVersion}, ${expected}`);
  }
  const prepared = plugin.prepare({ options, loadPosition: NOWHERE });
  const { description, setup } = prepared;
  return setup === undefined ? err(whyNot(prepared)) : ok({ description, setup });
}

/** Issues were told with their places when the configuration was read; this position is never shown. */
const NOWHERE: ConfigPosition = { fileName: "siproxd.conf", line: 1, column: 1 };

function whyNot(prepared: PreparedPlugin): string {
  const issue = prepared.issues.find(({ severity }) => severity === "error");
  if (issue === undefined) return "an option cannot be used";
  const { fileName, line } = issue.position;
  return `${fileName}:${line}: ${issue.key}: ${issue.message}`;
}
