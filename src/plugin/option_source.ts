import type { ConfigPosition, PluginOption } from "../config/config.ts";

/** What is wrong with a configuration whose single options are right. */
export interface ConfigProblem {
  /** Option to name. */
  readonly option: string;
  /** Which of its values, from 0; the last when left out. */
  readonly index?: number;
  /** With an error the plugin is not loaded. */
  readonly severity: "error" | "warning";
  /** Action first: `Cannot use pattern "…": reason`. */
  readonly message: string;
}

/** Where the options of a plugin come from. */
export interface OptionSource {
  /** All options of all plugins, in the order of the file. */
  readonly options: readonly PluginOption[];
  /** Place of the `load_plugin` line. */
  readonly loadPosition: ConfigPosition;
}
