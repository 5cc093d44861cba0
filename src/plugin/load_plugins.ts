import type { ConfigPosition, PluginsConfig } from "../config/config.ts";
import { shortPluginName } from "../config/plugin_names.ts";
import { createPluginHost } from "./create_host.ts";
import type { Plugin, PreparedPlugin } from "./define_plugin.ts";
import { PLUGIN_API_VERSION } from "./define_plugin.ts";
import { PluginChain } from "./host.ts";
import type { PluginSession, PluginSupplies } from "./plugin_world.ts";
import { PluginSlot } from "./slot.ts";

/** A plugin of the configuration, in its place of the load order. */
export interface LoadEntry {
  /** Bare name: `stun` of `plugin_stun.la`. */
  readonly name: string;
  readonly order: number;
}

/** Gives the plugin of a name. */
export type PluginFinder = (name: string) => Plugin | undefined;

/**
 * Lists the plugins to load, each once.
 *
 * @param config the `load_plugin` lines
 * @returns bare names with their places
 */
export function loadEntries(config: Pick<PluginsConfig, "load">): readonly LoadEntry[] {
  const names = new Set(config.load.map(shortPluginName));
  return [...names].map((name, order) => ({ name, order }));
}

/** The outcome of a load. */
export interface LoadedPlugins {
  readonly chain: PluginChain;
  /** Entries of no known plugin: files of the plugin folder. */
  readonly missing: readonly LoadEntry[];
  /** Why plugins could not be loaded; with plugin_strict the daemon must not start. */
  readonly failures: readonly string[];
}

/** What loading works with; one loader lasts as long as its chain. */
export interface LoaderParts {
  readonly config: PluginsConfig;
  readonly find: PluginFinder;
  readonly supplies: PluginSupplies;
}

/** Sets plugins up and puts them into a chain. */
export class PluginLoader {
  readonly chain: PluginChain;
  readonly failures: string[] = [];
  readonly #parts: LoaderParts;
  readonly #session: PluginSession = { world: undefined, actions: [] };

  constructor(parts: LoaderParts) {
    this.#parts = parts;
    this.chain = new PluginChain(this.#session);
  }

  /** Loads every plugin that is found at once; gives the entries that are not. */
  loadKnown(): readonly LoadEntry[] {
    const { config, find } = this.#parts;
    const missing: LoadEntry[] = [];
    for (const entry of loadEntries(config)) {
      const plugin = find(entry.name);
      if (plugin === undefined) missing.push(entry);
      else this.load(plugin, entry);
    }
    return missing;
  }

  /** Loads one plugin; siproxd's line says how it went. */
  load(plugin: Plugin, entry: LoadEntry): void {
    if (plugin.apiVersion !== PLUGIN_API_VERSION) {
      const expected = `version ${PLUGIN_API_VERSION} is expected`;
      this.refuse(entry, `it is written for API version ${plugin.apiVersion}, ${expected}`);
      return;
    }
    const { options } = this.#parts.config;
    const prepared = plugin.prepare({ options, loadPosition: NOWHERE });
    if (prepared.setup === undefined) this.refuse(entry, whyNot(prepared));
    else this.#setUp({ prepared, setup: prepared.setup, entry });
  }

  /** Says that a plugin is left out. */
  refuse(entry: LoadEntry, reason: string): void {
    const text = `Plugin '${entry.name}' loaded with failure: ${reason}`;
    this.failures.push(text);
    this.#say("error", text);
  }

  #setUp(job: {
    readonly prepared: PreparedPlugin;
    readonly setup: NonNullable<PreparedPlugin["setup"]>;
    readonly entry: LoadEntry;
  }): void {
    const { prepared, setup, entry } = job;
    const { supplies } = this.#parts;
    const session = this.#session;
    try {
      const hooks = setup(createPluginHost(entry.name, { session, supplies }));
      const { clock } = supplies;
      this.chain.add(
        new PluginSlot({ name: entry.name, order: entry.order, hooks, session, clock }),
      );
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : "a thrown value";
      this.refuse(entry, `setup failed: ${reason.slice(0, 300)}`);
      return;
    }
    this.#say("info", `Plugin '${entry.name}' [${prepared.description}] loaded with success`);
  }

  #say(level: "error" | "info", text: string): void {
    const event = { level, component: "plugins", event: "plugin.loaded", text } as const;
    this.#session.actions.push({ kind: "log", event });
  }
}

/** Issues were told with their places when the configuration was read; this position is never shown. */
const NOWHERE: ConfigPosition = { fileName: "siproxd.conf", line: 1, column: 1 };

function whyNot(prepared: PreparedPlugin): string {
  const issue = prepared.issues.find(({ severity }) => severity === "error");
  if (issue === undefined) return "an option cannot be used";
  const { fileName, line } = issue.position;
  return `${fileName}:${line}: ${issue.key}: ${issue.message}`;
}
