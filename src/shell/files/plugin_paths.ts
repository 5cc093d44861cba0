import type { Config } from "../../config/config.ts";
import { insideJail } from "./jail_path.ts";

/**
 * Gives the value of a plugin's option as the supervisor needs it for the files of plugins.
 *
 * @param config the daemon's configuration
 * @param key whole key, such as `plugin_stats_filename`
 * @returns the last value, or undefined where none is set
 */
export function pluginOptionOf(config: Config, key: string): string | undefined {
  return config.plugins.options.findLast((line) => line.key === key && line.value !== "")?.value;
}

/**
 * Places a plugin's file: `chrootjail` keeps its meaning for paths.
 *
 * @param config the daemon's configuration
 * @param path as the option names it
 * @returns the name on this machine
 */
export function pluginPathOf(config: Config, path: string): string {
  const jail = config.daemon.chrootJail;
  return jail === undefined ? path : insideJail(jail, path);
}
