import { err, ok, type Result } from "../base/result.ts";
import type { PluginOption, PluginsConfig } from "../config/config.ts";
import { shortPluginName } from "../config/plugin_names.ts";
import { createPluginHost } from "./create_host.ts";
import type { Plugin } from "./define_plugin.ts";
import { describeThrown } from "./describe_thrown.ts";
import { PluginChain } from "./host.ts";
import { readHooks } from "./own_hooks.ts";
import type { PluginSession, PluginSupplies } from "./plugin_world.ts";
import { readyPlugin } from "./ready_plugin.ts";
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

/** What loading works with; one loader lasts as long as its chain. */
export interface LoaderParts {
  readonly config: PluginsConfig;
  readonly find: PluginFinder;
  readonly supplies: PluginSupplies;
  /** Foreign code is about to run for the first time; undefined when it came back. */
  readonly onSetup?: (name: string | undefined) => void;
}

/** A plugin that a configuration loads. */
export interface WantedPlugin {
  readonly entry: LoadEntry;
  /** The plugin, or why there is none. */
  readonly plugin: Result<Plugin>;
  /** Text of its file; undefined for a built-in one and where there is no file. */
  readonly source: string | undefined;
}

/** What a reload wants. */
export interface WantedPlugins {
  readonly config: PluginsConfig;
  readonly supplies: PluginSupplies;
  /** In load order. */
  readonly plugins: readonly WantedPlugin[];
}

/** Plugins that are set up for a reload and not called yet: exactly one of the two has to follow. */
export interface StagedPlugins {
  /** Puts them in the places of their predecessors, which are disposed of. */
  readonly commit: () => void;
  /** Disposes of them; everything is as before. */
  readonly abandon: () => void;
}

/** A plugin that was asked for; without a slot it could not be loaded. */
interface KnownPlugin {
  /** Of what it was made: with the same file and the same options it would be the same again. */
  readonly mark: string;
  readonly slot: PluginSlot | undefined;
}

interface FreshPlugin {
  readonly slot: PluginSlot;
  readonly description: string;
}

/** Sets plugins up and puts them into a chain; a reload exchanges those of which something changed. */
export class PluginLoader {
  readonly chain: PluginChain;
  readonly failures: string[] = [];
  readonly #parts: LoaderParts;
  readonly #session: PluginSession;
  #known: ReadonlyMap<string, KnownPlugin> = new Map();

  constructor(parts: LoaderParts) {
    this.#parts = parts;
    const { running } = parts.supplies;
    this.#session = { world: undefined, actions: [], running };
    this.chain = new PluginChain(this.#session);
  }

  /** Loads every plugin that is found at once; gives the entries that are not. */
  loadKnown(): readonly LoadEntry[] {
    const { config, find } = this.#parts;
    const missing: LoadEntry[] = [];
    for (const entry of loadEntries(config)) {
      const plugin = find(entry.name);
      if (plugin === undefined) missing.push(entry);
      else this.load({ entry, plugin: ok(plugin), source: undefined });
    }
    return missing;
  }

  /** Loads one plugin; siproxd's line says how it went. */
  load(wanted: WantedPlugin): void {
    const { config, supplies } = this.#parts;
    const { name } = wanted.entry;
    const fresh = this.#make(wanted, { config, supplies });
    const mark = markOf(wanted, config.options);
    this.#known = new Map(this.#known).set(name, {
      mark,
      slot: fresh.ok ? fresh.value.slot : undefined,
    });
    if (!fresh.ok) {
      const text = `Plugin '${name}' loaded with failure: ${fresh.error}`;
      this.failures.push(text);
      this.#say("error", text);
      return;
    }
    this.chain.add(fresh.value.slot);
    this.#sayLoaded(fresh.value);
  }

  /**
   * Sets up what a reload changes and leaves the chain alone; a plugin that is the same keeps its memory.
   *
   * @param wanted all plugins of the new configuration
   * @returns what is to be committed, or why the reload must be refused: a plugin that cannot be loaded, unless it is
   * the one that could not be before
   */
  stage(wanted: WantedPlugins): Result<StagedPlugins> {
    const fresh: FreshPlugin[] = [];
    const known = new Map<string, KnownPlugin>();
    const kept = this.#session.actions.length;
    const abandon = () => {
      for (const { slot } of fresh) dispose(slot);
      this.#session.actions.length = kept;
    };
    for (const one of wanted.plugins) {
      const { name } = one.entry;
      const mark = markOf(one, wanted.config.options);
      const before = this.#known.get(name);
      if (before?.mark === mark && before.slot !== undefined) {
        known.set(name, before);
        continue;
      }
      const made = this.#make(one, wanted);
      known.set(name, { mark, slot: made.ok ? made.value.slot : undefined });
      if (made.ok) fresh.push(made.value);
      else if (wanted.config.strict || before?.mark !== mark) {
        abandon();
        return err(`plugin ${name}: ${made.error}`);
      }
    }
    return ok({ abandon, commit: () => this.#commit(known, fresh) });
  }

  #commit(known: ReadonlyMap<string, KnownPlugin>, fresh: readonly FreshPlugin[]): void {
    for (const [name, { slot }] of this.#known) {
      if (slot === undefined || known.get(name)?.slot === slot) continue;
      dispose(slot);
      if (!known.has(name)) this.#say("info", `Plugin '${name}' ended`);
    }
    this.#known = known;
    this.chain.replace([...known.values()].flatMap(({ slot }) => slot ?? []));
    for (const one of fresh) this.#sayLoaded(one);
  }

  #make(
    wanted: WantedPlugin,
    from: Pick<WantedPlugins, "config" | "supplies">,
  ): Result<FreshPlugin> {
    const { entry, plugin, source } = wanted;
    if (!plugin.ok) return plugin;
    const session = this.#session;
    const { supplies } = from;
    const told = source === undefined ? undefined : this.#parts.onSetup;
    let doing = "reading its options";
    try {
      told?.(entry.name);
      const ready = readyPlugin(plugin.value, from.config.options);
      if (!ready.ok) return ready;
      doing = "setup";
      const { name, order } = entry;
      const receiver = ready.value.setup(createPluginHost(name, { session, supplies }));
      const hooks = readHooks(receiver);
      if (!hooks.ok) return hooks;
      const origin = source === undefined ? "built-in" : "foreign";
      const { clock } = supplies;
      const slot = new PluginSlot(
        { name, order, hooks: hooks.value, receiver, origin, session, clock },
      );
      return ok({ slot, description: ready.value.description });
    } catch (error) {
      return err(`${doing} failed: ${describeThrown(error)}`);
    } finally {
      told?.(undefined);
    }
  }

  #sayLoaded({ slot, description }: FreshPlugin): void {
    this.#say("info", `Plugin '${slot.name}' [${description}] loaded with success`);
  }

  #say(level: "error" | "info", text: string): void {
    const event = { level, component: "plugins", event: "plugin.loaded", text } as const;
    this.#session.actions.push({ kind: "log", event });
  }
}

function dispose(slot: PluginSlot): void {
  const { dispose: hook } = slot.hooks;
  if (slot.isOn && hook !== undefined) slot.call("dispose", () => slot.ask(hook, undefined));
}

/** What a plugin is made of: its file, and its own lines in their order, wherever they stand. */
function markOf({ entry, source }: WantedPlugin, options: readonly PluginOption[]): string {
  const prefix = `plugin_${entry.name}_`;
  const own = options.filter(({ key }) => key.startsWith(prefix))
    .map(({ key, value }) => [key, value]);
  return JSON.stringify([source, own]);
}
