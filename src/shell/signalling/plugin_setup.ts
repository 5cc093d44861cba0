import type { DatabaseRows } from "../../plugin/plugin_host.ts";
import type { RunningHook } from "../../plugin/plugin_world.ts";
import type { PluginFile } from "../files/plugin_files.ts";

/** A plugin that the supervisor could not make available. */
export interface RefusedPlugin {
  readonly name: string;
  readonly reason: string;
}

/** What the signalling isolate gets for its plugins, since it can open no file. */
export interface PluginSetup {
  /** Texts of the modules of the plugin folder. */
  readonly files: readonly PluginFile[];
  readonly refused: readonly RefusedPlugin[];
  readonly stored: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly databases: Readonly<Record<string, DatabaseRows>>;
  readonly processId: number;
  /** Memory that the supervisor sees too: whose hook runs. */
  readonly running: RunningHook;
}
