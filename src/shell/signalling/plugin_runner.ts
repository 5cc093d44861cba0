import { assertNever } from "../../base/assert_never.ts";
import type { IpAddress } from "../../base/ip_address.ts";
import type { SocketAddress } from "../../base/socket_address.ts";
import type { Config } from "../../config/config.ts";
import type { HostQuery } from "../../dns/host_query.ts";
import type { PluginAction, PluginEffect } from "../../plugin/effect.ts";
import { pluginOfModule } from "../../plugin/external.ts";
import type { PluginChain } from "../../plugin/host.ts";
import { type LoadEntry, PluginLoader } from "../../plugin/load_plugins.ts";
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
  readonly advertise: (address: IpAddress) => void;
}

/** The plugins of the signalling isolate: loads them and carries out what they ask for. */
export class PluginRunner {
  readonly #parts: PluginRunnerParts;
  readonly #loader: PluginLoader;
  readonly #missing: readonly LoadEntry[];
  #reach: PluginReach | undefined;

  constructor(parts: PluginRunnerParts) {
    this.#parts = parts;
    const { stored, databases, processId } = parts.setup;
    const clock = {
      nowMs: parts.nowMs,
      monotonicMs: () => performance.now(),
      wallMs: () => Date.now(),
      zoneOffsetMs: () => -new Date().getTimezoneOffset() * 60_000,
    };
    const refused = new Set(parts.setup.refused.map(({ name }) => name));
    this.#loader = new PluginLoader({
      config: parts.config.plugins,
      find: (name) => refused.has(name) ? undefined : findBuiltIn(name),
      supplies: { clock, processId, stored, databases },
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
    for (const entry of this.#missing) await this.#loadFile(entry);
    const [failure] = this.#loader.failures;
    return this.#parts.config.plugins.strict ? failure : undefined;
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
        this.#reach?.advertise(effect.address);
        return;
      case "store":
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

  async #loadFile(entry: LoadEntry): Promise<void> {
    const { files, refused } = this.#parts.setup;
    const file = files.find(({ name }) => name === entry.name);
    if (file === undefined) {
      const reason = refused.find(({ name }) => name === entry.name)?.reason;
      this.#loader.refuse(entry, reason ?? "it is neither built in nor a file of plugindir");
      return;
    }
    // If its code never comes back, the supervisor knows who it was and starts the next isolate without it.
    this.#parts.post({ kind: "plugin-setup", name: entry.name });
    await this.#evaluate(file, entry);
    this.#parts.post({ kind: "plugin-setup", name: undefined });
  }

  async #evaluate(file: PluginFile, entry: LoadEntry): Promise<void> {
    try {
      const module: unknown = await import(moduleUrl(file.source));
      const plugin = pluginOfModule(module, entry.name);
      if (plugin.ok) this.#loader.load(plugin.value, entry);
      else this.#loader.refuse(entry, plugin.error);
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : "a thrown value";
      const [line = ""] = reason.replaceAll(/data:[^\s]{40,}/g, file.path).split("\n");
      this.#loader.refuse(entry, line.slice(0, 300));
    }
  }
}

/** A module that can import nothing of ours and nothing beside itself, since its base is no folder. */
function moduleUrl(source: string): string {
  return `data:text/javascript;base64,${new TextEncoder().encode(source).toBase64()}`;
}
