/** Delay of a save after a change: at most one write a second. */
const SAVE_DELAY_MS = 1000;

/** Largest file that is read back: sixteen full stores. */
const MAX_FILE_LENGTH_CHARS = 16 * 1_048_576;

type Texts = Map<string, Map<string, string>>;

/** Texts of plugins in one JSON file beside the registration file; without a path they live as long as the daemon. */
export class PluginStoreFile {
  readonly #path: string | undefined;
  readonly #texts: Texts;
  #timer: number | undefined;

  constructor(path: string | undefined) {
    this.#path = path;
    this.#texts = path === undefined ? new Map() : readTexts(path);
  }

  /** All texts, by plugin and key. */
  snapshot(): Readonly<Record<string, Readonly<Record<string, string>>>> {
    return Object.fromEntries(
      [...this.#texts].map(([plugin, texts]) => [plugin, Object.fromEntries(texts)]),
    );
  }

  /** Sets or forgets a text. */
  set(plugin: string, entry: { readonly key: string; readonly value: string | undefined }): void {
    const texts = this.#texts.get(plugin) ?? new Map<string, string>();
    if (entry.value === undefined) texts.delete(entry.key);
    else texts.set(entry.key, entry.value);
    this.#texts.set(plugin, texts);
    if (this.#path !== undefined) this.#timer ??= setTimeout(() => this.save(), SAVE_DELAY_MS);
  }

  /** Writes what has changed, now. */
  save(): void {
    if (this.#timer === undefined || this.#path === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const temporary = `${this.#path}.new`;
    try {
      Deno.writeTextFileSync(temporary, `${JSON.stringify(this.snapshot())}\n`, { mode: 0o600 });
      Deno.renameSync(temporary, this.#path);
    } catch {
      // The registration file lies in the same folder, and its keeper has told the operator.
    }
  }
}

function readTexts(path: string): Texts {
  const texts: Texts = new Map();
  try {
    const content = Deno.readTextFileSync(path);
    if (content.length > MAX_FILE_LENGTH_CHARS) return texts;
    const parsed: unknown = JSON.parse(content);
    if (typeof parsed !== "object" || parsed === null) return texts;
    for (const [plugin, entries] of Object.entries(parsed)) {
      const kept = new Map<string, string>();
      for (const [key, value] of Object.entries(entries ?? {})) {
        if (typeof value === "string") kept.set(key, value);
      }
      texts.set(plugin, kept);
    }
  } catch {
    // No file yet, or none of ours: begin anew.
  }
  return texts;
}
