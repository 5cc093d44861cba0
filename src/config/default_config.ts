import { bindConfig } from "./bind.ts";
import { createBinder } from "./binder.ts";
import type { Config } from "./config.ts";
import { DIRECTIVES } from "./directives.ts";
import { freezeDeep } from "./freeze_deep.ts";

/**
 * Gives the configuration of a daemon that was told nothing; its values stand in the table of
 * directives.
 *
 * @returns a new frozen configuration
 */
export function defaultConfig(): Config {
  const settings = DIRECTIVES.map((directive) => ({ directive, entries: [] }));
  return freezeDeep(bindConfig(createBinder(settings), []));
}
