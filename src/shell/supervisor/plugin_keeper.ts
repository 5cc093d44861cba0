import { assertNever } from "../../base/assert_never.ts";
import type { Config } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { PluginEffect } from "../../plugin/effect.ts";
import type { DatabaseRows } from "../../plugin/plugin_host.ts";
import { hookMark } from "../../plugin/hook_mark.ts";
import { loadEntries } from "../../plugin/load_plugins.ts";
import type { RunningHook } from "../../plugin/plugin_world.ts";
import { findBuiltIn } from "../../plugin/registry.ts";
import { BlacklistDatabases } from "../files/blacklist_databases.ts";
import { pluginOptionOf, pluginPathOf } from "../files/plugin_paths.ts";
import { type PluginFile, readPluginFile } from "../files/plugin_files.ts";
import type { PluginSetup, RefusedPlugin } from "../signalling/plugin_setup.ts";
import { PluginStoreFile } from "../files/plugin_store.ts";
import type { StartReason } from "../protocol.ts";

/** Room for one number. */
function runningHook(): RunningHook {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Longest report file: a line for each direction of ten thousand calls. */
const MAX_REPORT_LENGTH_CHARS = 4_194_304;

/** A plugin that is not to be started again. */
interface Excluded {
  readonly reason: string;
  /** Text of its file at that time. */
  readonly source: string | undefined;
}

/** The supervisor's part of the plugins: their files, their stores, and who of them must not be started again. */
export class PluginKeeper {
  readonly #onLog: (event: LogEvent) => void;
  readonly #store: PluginStoreFile;
  readonly #excluded = new Map<string, Excluded>();
  /** Texts of the files as they were read last. */
  readonly #sources = new Map<string, string>();
  readonly #databases: BlacklistDatabases;
  /** The configuration in force. */
  #config: Config;
  #settingUp: string | undefined;
  /** Whose hook runs in the isolate of this moment. */
  #running: RunningHook = runningHook();

  constructor(config: Config, options: { readonly onLog: (event: LogEvent) => void }) {
    this.#config = config;
    this.#onLog = options.onLog;
    const { file } = config.registrar;
    this.#store = new PluginStoreFile(
      file === undefined ? undefined : `${file}.plugins`,
    );
    this.#databases = new BlacklistDatabases((run) => this.#guard("database", run));
  }

  /** Gives what the next signalling isolate needs; a plugin that the last one did not survive is left out. */
  setup(config: Config, reason: StartReason): PluginSetup {
    if (reason !== "first") {
      const hanging = this.#hangingPlugin();
      if (this.#settingUp !== undefined) this.#exclude(this.#settingUp, "its setup");
      else if (hanging !== undefined) this.#exclude(hanging, "one of its hooks");
    }
    this.#settingUp = undefined;
    // One that hangs goes on for ever, and must not write into its successor's.
    this.#running = runningHook();
    return this.read(config);
  }

  /** Who was called last by the isolate that is gone, and never came back. */
  #hangingPlugin(): string | undefined {
    const mark = Atomics.load(this.#running, 0);
    if (mark === 0) return undefined;
    const names = [
      ...loadEntries(this.#config.plugins).map(({ name }) => name),
      ...this.#sources.keys(),
    ];
    return names.find((name) => hookMark(name) === mark);
  }

  #exclude(name: string, part: string): void {
    const reason = `the isolate did not survive ${part}`;
    this.#excluded.set(name, { reason, source: this.#sources.get(name) });
  }

  /** Gives what an isolate needs to obey a configuration, which is in force only when it is settled. */
  read(config: Config): PluginSetup {
    const files: PluginFile[] = [];
    const refused: RefusedPlugin[] = [];
    const databases: Record<string, DatabaseRows> = {};
    for (const { name } of loadEntries(config.plugins)) {
      const isBuiltIn = findBuiltIn(name) !== undefined;
      const file = isBuiltIn ? undefined : readPluginFile(config.plugins.directory, name);
      const excluded = this.#excludes(name, file?.ok ? file.value.source : undefined);
      if (excluded !== undefined) refused.push({ name, reason: excluded });
      else if (name === "blacklist") {
        const rows = this.#databases.rows(config);
        if (rows.ok) databases[name] = rows.value;
        else refused.push({ name, reason: rows.error });
      } else if (file?.ok === true) files.push(file.value);
      else if (file !== undefined) refused.push({ name, reason: file.error });
    }
    const stored = this.#store.snapshot();
    return { files, refused, databases, stored, processId: Deno.pid, running: this.#running };
  }

  /** This configuration is in force from now on; what another one wanted is closed. */
  settle(config: Config): void {
    this.#config = config;
    this.#databases.settle(config);
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
        this.#databases.apply(this.#config, effect.changes);
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
    this.#databases.close();
  }

  /** One that an isolate did not survive is tried again when its file is another. */
  #excludes(name: string, source: string | undefined): string | undefined {
    if (source !== undefined) this.#sources.set(name, source);
    const excluded = this.#excluded.get(name);
    if (excluded === undefined || source === undefined || excluded.source === source) {
      return excluded?.reason;
    }
    this.#excluded.delete(name);
    return undefined;
  }

  /** The file's name comes from the configuration alone, whatever the plugin says. */
  #report(effect: Extract<PluginEffect, { kind: "report" }>): void {
    const path = pluginOptionOf(this.#config, `plugin_${effect.plugin}_${effect.option}`);
    if (path === undefined || effect.text.length > MAX_REPORT_LENGTH_CHARS) return;
    const place = pluginPathOf(this.#config, path);
    this.#guard("report", () => Deno.writeTextFileSync(place, effect.text));
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
