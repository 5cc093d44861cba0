import { assertNever } from "../../base/assert_never.ts";
import type { Config } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { PluginEffect } from "../../plugin/effect.ts";
import type { DatabaseRows } from "../../plugin/plugin_host.ts";
import { loadEntries } from "../../plugin/load_plugins.ts";
import { findBuiltIn } from "../../plugin/registry.ts";
import { BlacklistDatabase } from "../files/blacklist_database.ts";
import { type PluginFile, readPluginFile } from "../files/plugin_files.ts";
import type { PluginSetup, RefusedPlugin } from "../signalling/plugin_setup.ts";
import { PluginStoreFile } from "../files/plugin_store.ts";
import type { StartReason } from "../protocol.ts";

/** Longest report file: a line for each direction of ten thousand calls. */
const MAX_REPORT_LENGTH_CHARS = 4_194_304;

/** The supervisor's part of the plugins: their files, their stores, and who of them must not be started again. */
export class PluginKeeper {
  readonly #config: Config;
  readonly #onLog: (event: LogEvent) => void;
  readonly #store: PluginStoreFile;
  readonly #excluded = new Map<string, string>();
  #database: BlacklistDatabase | undefined;
  #settingUp: string | undefined;

  constructor(config: Config, options: { readonly onLog: (event: LogEvent) => void }) {
    this.#config = config;
    this.#onLog = options.onLog;
    const { file } = config.registrar;
    this.#store = new PluginStoreFile(
      file === undefined ? undefined : `${file}.plugins`,
    );
  }

  /** Gives what the next signalling isolate needs; a plugin that the last one did not survive is left out. */
  setup(reason: StartReason): PluginSetup {
    if (reason !== "first" && this.#settingUp !== undefined) {
      this.#excluded.set(this.#settingUp, "the isolate did not survive its setup");
    }
    this.#settingUp = undefined;
    const files: PluginFile[] = [];
    const refused: RefusedPlugin[] = [];
    const databases: Record<string, DatabaseRows> = {};
    for (const { name } of loadEntries(this.#config.plugins)) {
      const excluded = this.#excluded.get(name);
      if (excluded !== undefined) refused.push({ name, reason: excluded });
      else if (name === "blacklist") this.#openDatabase({ refused, databases });
      else if (findBuiltIn(name) === undefined) {
        const file = readPluginFile(this.#config.plugins.directory, name);
        if (file.ok) files.push(file.value);
        else refused.push({ name, reason: file.error });
      }
    }
    return { files, refused, databases, stored: this.#store.snapshot(), processId: Deno.pid };
  }

  /** The isolate begins (or has ended) the setup of a plugin of the plugin folder. */
  noteSetup(name: string | undefined): void {
    this.#settingUp = name;
  }

  /** Does what a plugin asked for and only the supervisor can do. */
  carryOut(effect: PluginEffect): void {
    switch (effect.kind) {
      case "store":
        this.#store.set(effect.plugin, effect);
        return;
      case "report":
        this.#report(effect);
        return;
      case "database":
        this.#guard("database", () => this.#database?.apply(effect.changes));
        return;
      case "send-datagram":
      case "resolve":
      case "advertise":
        return;
      default:
        assertNever(effect);
    }
  }

  /** Saves and closes. */
  close(): void {
    this.#store.save();
    this.#guard("database", () => {
      this.#database?.countUp("bl_stopped");
      this.#database?.close();
      this.#database = undefined;
    });
  }

  #openDatabase(
    into: { readonly refused: RefusedPlugin[]; readonly databases: Record<string, DatabaseRows> },
  ): void {
    const name = "blacklist";
    if (this.#database === undefined) {
      const path = this.#optionOf(name, "dbpath") ?? "/var/lib/siproxd/blacklist.sqlite";
      const mode = this.#optionOf(name, "db_sync_mode") ?? "OFF";
      const opened = BlacklistDatabase.open(this.#inJail(path), mode);
      if (!opened.ok) {
        into.refused.push({ name, reason: opened.error });
        return;
      }
      this.#database = opened.value;
      this.#guard("database", () => opened.value.countUp("bl_started"));
    }
    const database = this.#database;
    this.#guard("database", () => into.databases[name] = database.rows());
  }

  /** The file's name comes from the configuration alone, whatever the plugin says. */
  #report(effect: Extract<PluginEffect, { kind: "report" }>): void {
    const path = this.#optionOf(effect.plugin, effect.option);
    if (path === undefined || effect.text.length > MAX_REPORT_LENGTH_CHARS) return;
    this.#guard("report", () => Deno.writeTextFileSync(this.#inJail(path), effect.text));
  }

  #optionOf(plugin: string, option: string): string | undefined {
    const key = `plugin_${plugin}_${option}`;
    return this.#config.plugins.options.findLast((line) => line.key === key && line.value !== "")
      ?.value;
  }

  /** `chrootjail` keeps its meaning for paths. */
  #inJail(path: string): string {
    const jail = this.#config.daemon.chrootJail;
    return jail === undefined ? path : `${jail.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`;
  }

  #guard(what: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const text = `Cannot write ${what} of plugins: ${reason}`;
      this.#onLog({ level: "error", component: "plugins", event: "plugin.write_failed", text });
    }
  }
}
