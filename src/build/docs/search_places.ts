import { searchPath } from "../../cli/find_config.ts";

/** Name of the file in the home folder, whose place differs from user to user. */
const HOME_FILE = "/.siproxdrc";

/**
 * Lists where the configuration is searched, the same on every machine.
 *
 * @returns paths in order, the home folder's as `~`
 */
export function searchPlaces(): readonly string[] {
  return [`~${HOME_FILE}`, ...searchPath().filter((path) => !path.endsWith(HOME_FILE))];
}
