import { decodeLatin1, encodeLatin1 } from "../../base/text.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { Binding, BindingChange } from "../../registrar/binding.ts";
import {
  type FileClock,
  formatRegistrationFile,
  parseRegistrationFile,
} from "../../registrar/registration_file.ts";
import { type RegistrationFiles, systemFiles } from "./registration_files.ts";

/** How long a change waits for company: with the journal's 200 ms and the disk, a kill -9 loses less than a second. */
const DEFAULT_DELAY_MS = 500;

/** Rest after a save that failed; it doubles up to the longest. */
const FIRST_RETRY_MS = 1_000;

/** Longest rest: a disk that is writable again is used within half a minute. */
const MAX_RETRY_MS = 30_000;

/** Largest file read: 10,000 registrations need some 6 MB. */
const MAX_FILE_LENGTH_BYTES = 64 * 1024 * 1024;

/** Broken records told one by one; the rest is a number. */
const MAX_TOLD_ISSUES = 5;

/** What a saver works with. */
export interface RegistrationSaverOptions {
  readonly path: string;
  /** Period of the unconditional save; 0 saves after changes and at the end only. */
  readonly autosaveMs: number;
  readonly onLog: (event: LogEvent) => void;
  /** This moment on the wall clock and on the monotonic clock of the bindings; read anew for each save. */
  readonly clock: () => FileClock;
  readonly files?: RegistrationFiles;
  readonly delayMs?: number;
}

/**
 * Keeps the registration file: a whole new file beside the old one, synced, then renamed over it.
 *
 * It belongs to the supervisor, the only isolate that may write; it sees no message from the network.
 */
export class RegistrationSaver {
  readonly #options: RegistrationSaverOptions;
  readonly #files: RegistrationFiles;
  readonly #bindings = new Map<string, Binding>();
  /** Counts changes; what is on the disk is `#savedRevision`. */
  #revision = 0;
  #savedRevision = 0;
  /** When the oldest change came that no save has taken up. */
  #changedAtMs: number | undefined;
  #failures = 0;
  #timer: number | undefined;
  #autosave: number | undefined;
  #delayMs: number;
  #writing: Promise<void> | undefined;
  #state: "open" | "closed" = "open";

  constructor(options: RegistrationSaverOptions) {
    this.#options = options;
    this.#files = options.files ?? systemFiles;
    this.#delayMs = options.delayMs ?? DEFAULT_DELAY_MS;
    this.#startAutosave(options.autosaveMs);
  }

  /** Saves in other periods from now on. */
  retime(periods: { readonly autosaveMs: number; readonly delayMs: number }): void {
    this.#delayMs = periods.delayMs;
    this.#startAutosave(periods.autosaveMs);
  }

  /** Number of registrations kept. */
  get size(): number {
    return this.#bindings.size;
  }

  /** Reads what the last run left; trouble is logged, never thrown. */
  async load(): Promise<readonly Binding[]> {
    const { path, clock } = this.#options;
    let data: Uint8Array | undefined;
    try {
      data = await this.#files.read(path);
    } catch (error) {
      this.#log(
        "warning",
        "reg.file_unreadable",
        `unable to read registration file ${path}: ${reasonOf(error)}`,
      );
      return [];
    }
    if (data === undefined) {
      this.#log(
        "warning",
        "reg.file_missing",
        "registration file not found, starting with empty table",
      );
      return [];
    }
    if (data.length > MAX_FILE_LENGTH_BYTES) {
      this.#log(
        "warning",
        "reg.file_unreadable",
        `unable to read registration file ${path}: too large`,
      );
      return [];
    }
    const { bindings, issues } = parseRegistrationFile(decodeLatin1(data), clock());
    for (const binding of bindings) this.#bindings.set(binding.bindingId, binding);
    this.#tellIssues(issues);
    return bindings;
  }

  /** Tries to write beside the file; gives the reason why that cannot be done, undefined when it can. */
  async checkWritable(): Promise<string | undefined> {
    const temporary = `${await this.#files.realPath(this.#options.path)}.new`;
    try {
      await this.#files.writeSynced(temporary, new Uint8Array());
      await this.#files.remove(temporary);
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  }

  /** Follows the binding table; the file follows within a second. */
  apply(changes: readonly BindingChange[]): void {
    for (const change of changes) {
      if (change.kind === "bind") this.#bindings.set(change.binding.bindingId, change.binding);
      else this.#bindings.delete(change.bindingId);
    }
    if (changes.length === 0) return;
    this.#noteChange();
  }

  /** Saves a last time and ends; it never rejects. */
  async close(): Promise<void> {
    this.#state = "closed";
    clearInterval(this.#autosave);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    await this.#save();
  }

  #startAutosave(autosaveMs: number): void {
    clearInterval(this.#autosave);
    this.#autosave = autosaveMs > 0 ? setInterval(() => this.#noteChange(), autosaveMs) : undefined;
  }

  #noteChange(): void {
    this.#revision++;
    this.#changedAtMs ??= this.#options.clock().nowMs;
    this.#arm();
  }

  #arm(): void {
    if (this.#state === "closed" || this.#timer !== undefined || this.#writing !== undefined) {
      return;
    }
    const retryMs = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), MAX_RETRY_MS);
    // What came while the last save was on its way to the disk has waited for as long already.
    const nowMs = this.#options.clock().nowMs;
    const leftMs = Math.max(0, this.#delayMs - (nowMs - (this.#changedAtMs ?? nowMs)));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#save().finally(() => {
        this.#writing = undefined;
        if (this.#revision !== this.#savedRevision) this.#arm();
      });
    }, this.#failures === 0 ? leftMs : retryMs);
  }

  async #save(): Promise<void> {
    const path = await this.#files.realPath(this.#options.path);
    const revision = this.#revision;
    this.#changedAtMs = undefined;
    const temporary = `${path}.new`;
    const bindings = [...this.#bindings.values()];
    const data = encodeLatin1(formatRegistrationFile(bindings, this.#options.clock()));
    try {
      await this.#files.writeSynced(temporary, data);
      await this.#files.rename(temporary, path);
    } catch (error) {
      this.#tellFailure(error);
      await this.#files.remove(temporary).catch(() => {});
      return;
    }
    this.#savedRevision = revision;
    this.#tellRecovery();
    // Some file systems cannot sync a folder; the data itself is safe by then.
    await this.#files.syncFolder(folderOf(path)).catch(() => {});
  }

  /** One line for an outage, however long: the retries are silent. */
  #tellFailure(error: unknown): void {
    if (this.#failures++ > 0) return;
    const text = `unable to write registration file ${this.#options.path}: ${reasonOf(error)}`;
    this.#log("error", "reg.file_unwritable", text);
  }

  #tellRecovery(): void {
    if (this.#failures > 0) {
      this.#log("info", "reg.file_written", "registration file written again");
    }
    this.#failures = 0;
  }

  #tellIssues(issues: readonly string[]): void {
    for (const issue of issues.slice(0, MAX_TOLD_ISSUES)) {
      this.#log("warning", "reg.file_record", `registration file ${this.#options.path} ${issue}`);
    }
    const rest = issues.length - MAX_TOLD_ISSUES;
    if (rest > 0) {
      this.#log("warning", "reg.file_record", `registration file: ${rest} further problems`);
    }
  }

  #log(level: LogEvent["level"], event: string, text: string): void {
    this.#options.onLog({ level, component: "registrar", event, text });
  }
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return ".";
  return slash === 0 ? "/" : path.slice(0, slash);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
