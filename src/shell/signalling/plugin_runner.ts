import { assertNever } from "../../base/assert_never.ts";
import type { IpAddress } from "../../base/ip_address.ts";
import type { SocketAddress } from "../../base/socket_address.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { Config } from "../../config/config.ts";
import type { HostQuery } from "../../dns/host_query.ts";
import type { PluginAction, PluginEffect } from "../../plugin/effect.ts";
import type { Plugin } from "../../plugin/define_plugin.ts";
import { pluginOfModule } from "../../plugin/external.ts";
import type { PluginChain } from "../../plugin/host.ts";
import {
  loadEntries,
  type LoadEntry,
  PluginLoader,
  type StagedPlugins,
  type WantedPlugin,
} from "../../plugin/load_plugins.ts";
import type { PluginSupplies } from "../../plugin/plugin_world.ts";
import { findBuiltIn } from "../../plugin/registry.ts";
import type { PluginFile } from "../files/plugin_files.ts";
import type { PluginSetup } from "./plugin_setup.ts";
import type { FromSignalling } from "../protocol.ts";

/** What a runner works with. */
export interface PluginRunnerParts {
  readonly config: Config;
  readonly setup: PluginSetup;
  readonly post: (message: FromSignalling) => void;
  /** Clock of the proxy. */
  readonly nowMs: () => number;
}

/** What effects of plugins act on. */
export interface PluginReach {
  readonly send: (data: Uint8Array, peer: SocketAddress) => void;
  readonly resolve: (query: HostQuery) => void;
  readonly advertise: (found: { readonly plugin: string; readonly address: IpAddress }) => void;
}

/** The plugins of the signalling isolate: loads them and carries out what they ask for. */
export class PluginRunner {
  readonly #parts: PluginRunnerParts;
  readonly #loader: PluginLoader;
  readonly #supplies: PluginSupplies;
  /** Kept up to date: who is set up by a reload gets what its predecessor stored a moment ago. */
  readonly #stored: Record<string, Record<string, string>> = {};
  readonly #missing: readonly LoadEntry[];
  #reach: PluginReach | undefined;

  constructor(parts: PluginRunnerParts) {
    this.#parts = parts;
    const { stored, databases, processId, running } = parts.setup;
    const clock = {
      nowMs: parts.nowMs,
      monotonicMs: () => performance.now(),
      wallMs: () => Date.now(),
      zoneOffsetMs: () => -new Date().getTimezoneOffset() * 60_000,
    };
    for (const [name, texts] of Object.entries(stored)) this.#stored[name] = { ...texts };
    this.#supplies = { clock, processId, stored: this.#stored, databases, running };
    const refused = new Set(parts.setup.refused.map(({ name }) => name));
    this.#loader = new PluginLoader({
      config: parts.config.plugins,
      find: (name) => refused.has(name) ? undefined : findBuiltIn(name),
      supplies: this.#supplies,
      onSetup: (name) => parts.post({ kind: "plugin-setup", name }),
    });
    this.#missing = this.#loader.loadKnown();
  }

  /** The loaded plugins; those of the plugin folder join at `begin`. */
  get chain(): PluginChain {
    return this.#loader.chain;
  }

  /** Says what effects act on; before this they are lost. */
  connect(reach: PluginReach): void {
    this.#reach = reach;
  }

  /** Loads the plugins of the plugin folder; gives the reason why the daemon must not start, if there is one. */
  async begin(): Promise<string | undefined> {
    const { config, setup } = this.#parts;
    for (const entry of this.#missing) this.#loader.load(await this.#find(entry, setup));
    const [failure] = this.#loader.failures;
    return config.plugins.strict ? failure : undefined;
  }

  /**
   * Sets up what another configuration, or another text of a plugin's file, changes.
   *
   * @param next the configuration, and what the supervisor read for it
   * @returns what is to be committed or abandoned in the same step, or why the reload must be refused
   */
  async stage(
    next: { readonly config: Config; readonly plugins: PluginSetup },
  ): Promise<Result<StagedPlugins>> {
    const { config, plugins } = next;
    const wanted: WantedPlugin[] = [];
    for (const entry of loadEntries(config.plugins)) wanted.push(await this.#find(entry, plugins));
    const supplies = { ...this.#supplies, databases: plugins.databases };
    return this.#loader.stage({ config: config.plugins, supplies, plugins: wanted });
  }

  /** Carries one effect out; what needs a file goes to the supervisor. */
  readonly carryOut = (effect: PluginEffect): void => {
    switch (effect.kind) {
      case "send-datagram":
        this.#reach?.send(effect.data, effect.target);
        return;
      case "resolve":
        this.#reach?.resolve(effect.query);
        return;
      case "advertise":
        this.#reach?.advertise(effect);
        return;
      case "store":
        this.#keep(effect);
        this.#parts.post({ kind: "plugin", effect });
        return;
      case "report":
      case "database":
        this.#parts.post({ kind: "plugin", effect });
        return;
      default:
        assertNever(effect);
    }
  };

  /** Gives what was said while plugins were loaded. */
  takeActions(): readonly PluginAction[] {
    return this.#loader.chain.takeActions();
  }

  /** Lets plugins end; what they ask for then is carried out too. */
  end(): readonly PluginAction[] {
    return this.#loader.chain.notify("dispose", undefined);
  }

  #keep({ plugin, key, value }: Extract<PluginEffect, { kind: "store" }>): void {
    const texts = this.#stored[plugin] ??= {};
    if (value === undefined) delete texts[key];
    else texts[key] = value;
  }

  /** Finds the plugin that an entry names: built in, or in the file that the supervisor read. */
  async #find(entry: LoadEntry, setup: PluginSetup): Promise<WantedPlugin> {
    const { name } = entry;
    const reason = setup.refused.find((one) => one.name === name)?.reason;
    const builtIn = reason === undefined ? findBuiltIn(name) : undefined;
    if (builtIn !== undefined) return { entry, plugin: ok(builtIn), source: undefined };
    const file = setup.files.find((one) => one.name === name);
    if (file === undefined) {
      const plugin = err(reason ?? "it is neither built in nor a file of plugindir");
      return { entry, plugin, source: undefined };
    }
    // If its code never comes back, the supervisor knows who it was and starts the next isolate without it.
    this.#parts.post({ kind: "plugin-setup", name });
    const plugin = await evaluate(file);
    this.#parts.post({ kind: "plugin-setup", name: undefined });
    return { entry, plugin, source: file.source };
  }
}

async function evaluate(file: PluginFile): Promise<Result<Plugin>> {
  try {
    const module: unknown = await import(moduleUrl(file.source));
    return pluginOfModule(module, file.name);
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : "a thrown value";
    const [line = ""] = reason.replaceAll(/data:[^\s]{40,}/g, file.path).split("\n");
    return err(line.slice(0, 300));
  }
}

/** A module that can import nothing of ours and nothing beside itself, since its base is no folder. */
function moduleUrl(source: string): string {
  return `data:text/javascript;base64,${new TextEncoder().encode(source).toBase64()}`;
}
