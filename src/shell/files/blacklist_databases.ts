import { ok, type Result } from "../../base/result.ts";
import type { Config } from "../../config/config.ts";
import { loadEntries } from "../../plugin/load_plugins.ts";
import type { DatabaseChange } from "../../plugin/effect.ts";
import type { DatabaseRows } from "../../plugin/plugin_host.ts";
import { BlacklistDatabase } from "./blacklist_database.ts";
import { pluginOptionOf, pluginPathOf } from "./plugin_paths.ts";

/** Where siproxd keeps it. */
const DEFAULT_PATH = "/var/lib/siproxd/blacklist.sqlite";

/** The open database of plugin_blacklist, and during a reload the one of the configuration that is being tried. */
export class BlacklistDatabases {
  readonly #open = new Map<string, BlacklistDatabase>();
  readonly #guard: (run: () => void) => void;

  /** @param guard runs what may fail, and tells */
  constructor(guard: (run: () => void) => void) {
    this.#guard = guard;
  }

  /** Opens the database of a configuration, if it is not open yet, and reads it. */
  rows(config: Config): Result<DatabaseRows> {
    const { key, path, mode } = placeOf(config);
    let database = this.#open.get(key);
    if (database === undefined) {
      const opened = BlacklistDatabase.open(path, mode);
      if (!opened.ok) return opened;
      database = opened.value;
      this.#open.set(key, database);
      this.#guard(() => opened.value.countUp("bl_started"));
    }
    const known = database;
    let rows: DatabaseRows = {};
    this.#guard(() => rows = known.rows());
    return ok(rows);
  }

  /** Writes changes to the database of the configuration in force. */
  apply(config: Config, changes: readonly DatabaseChange[]): void {
    this.#guard(() => this.#open.get(placeOf(config).key)?.apply(changes));
  }

  /** Closes what the configuration in force does not use. */
  settle(config: Config): void {
    const isUsed = loadEntries(config.plugins).some(({ name }) => name === "blacklist");
    const used = isUsed ? placeOf(config).key : undefined;
    for (const key of this.#open.keys()) if (key !== used) this.#closeOne(key);
  }

  /** Closes all. */
  close(): void {
    for (const key of this.#open.keys()) this.#closeOne(key);
  }

  #closeOne(key: string): void {
    const database = this.#open.get(key);
    this.#open.delete(key);
    this.#guard(() => {
      database?.countUp("bl_stopped");
      database?.close();
    });
  }
}

function placeOf(
  config: Config,
): { readonly key: string; readonly path: string; readonly mode: string } {
  const path = pluginPathOf(
    config,
    pluginOptionOf(config, "plugin_blacklist_dbpath") ?? DEFAULT_PATH,
  );
  const mode = pluginOptionOf(config, "plugin_blacklist_db_sync_mode") ?? "OFF";
  return { key: `${mode} ${path}`, path, mode };
}
