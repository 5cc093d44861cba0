import type { Config, RegistrarConfig } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { Binding } from "../../registrar/binding.ts";
import type { JournalBatch } from "../protocol.ts";
import { RegistrationSaver } from "./registration_saver.ts";

/** Where registrations go when no configuration names a place: the folder packages make for the daemon. */
const DEFAULT_FOLDER = "/var/lib/siproxd";
const DEFAULT_NAME = "siproxd_registrations";

/** What a change takes before its save begins (journal) and after it (disk), so that both keep within write_delay. */
const OVERHEAD_MS = 500;

/** What keeps registrations over a restart. */
export interface RegistrationKeeping {
  /** What the last run left. */
  readonly restored: readonly Binding[];
  /** One line for the banner. */
  readonly description: string;
  readonly follow: (batch: JournalBatch) => void;
  /** Folder of the file, where crash reports go too; undefined when there is none. */
  readonly folder: string | undefined;
  /** Saves in other periods. */
  readonly retime: (registrar: RegistrarConfig) => void;
  /** Saves a last time. */
  readonly close: () => Promise<void>;
}

/** Whether a place may be chosen for the operator, and who hears of trouble. */
export interface KeepingOptions {
  readonly hasConfigFile: boolean;
  readonly onLog: (event: LogEvent) => void;
}

/**
 * Opens the registration file, if there is to be one.
 *
 * @param config the configuration
 * @param options whether the default place may be tried, and the log
 * @returns the registrations of the last run and a saver
 */
export async function keepRegistrations(
  config: Config,
  options: KeepingOptions,
): Promise<RegistrationKeeping> {
  const { registrar } = config;
  const path = registrar.file ?? (options.hasConfigFile ? undefined : writableDefault());
  if (path === undefined) {
    return {
      restored: [],
      description: "in memory only; registration_file = PATH keeps them over a restart",
      follow: () => {},
      folder: undefined,
      retime: () => {},
      close: () => Promise.resolve(),
    };
  }
  const saver = new RegistrationSaver({
    path,
    ...periodsOf(registrar),
    onLog: options.onLog,
    clock: () => ({ epochMs: Date.now(), nowMs: performance.now() }),
  });
  return {
    restored: await saver.load(),
    description: `kept in ${path}`,
    follow: (batch) => saver.apply(batch.bindings),
    folder: path.slice(0, path.lastIndexOf("/")) || (path.startsWith("/") ? "/" : "."),
    retime: (changed) => saver.retime(periodsOf(changed)),
    close: () => saver.close(),
  };
}

function periodsOf(
  registrar: RegistrarConfig,
): { readonly autosaveMs: number; readonly delayMs: number } {
  return {
    autosaveMs: registrar.autosaveSeconds * 1000,
    delayMs: Math.max(OVERHEAD_MS, registrar.writeDelaySeconds * 1000 - OVERHEAD_MS),
  };
}

/** The default file, when its folder is there and can be written to. */
function writableDefault(): string | undefined {
  const probe = `${DEFAULT_FOLDER}/.siproxd-probe-${Deno.pid}`;
  try {
    const { state } = Deno.permissions.querySync({ name: "write", path: DEFAULT_FOLDER });
    if (state !== "granted") return undefined;
    Deno.writeTextFileSync(probe, "", { createNew: true });
    Deno.removeSync(probe);
    return `${DEFAULT_FOLDER}/${DEFAULT_NAME}`;
  } catch {
    return undefined;
  }
}
