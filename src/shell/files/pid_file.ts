import { err, ok, type Result } from "../../base/result.ts";

/** What became of the attempt to take the pid file. */
export type PidFileOutcome =
  | { readonly kind: "held"; readonly file: PidFile }
  /** Another process holds it: only one may run. */
  | { readonly kind: "running"; readonly text: string }
  /** It cannot be written; siproxd goes on without. */
  | { readonly kind: "failed"; readonly text: string };

/** Longest content of a pid file that is looked at. */
const MAX_PID_LENGTH_BYTES = 32;

/** The file with our process id, locked (flock) as long as we live: a lock cannot be stale, a number can. */
export class PidFile {
  readonly #path: string;
  readonly #file: Deno.FsFile;

  constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /** Where it is. */
  get path(): string {
    return this.#path;
  }

  /**
   * Removes the file; where the folder does not let us (we are no longer root) it is emptied, so that nobody signals
   * whoever gets our number next.
   *
   * @returns one line why it could not be removed, or undefined
   */
  remove(): string | undefined {
    let problem: string | undefined;
    try {
      if (isSameFile(this.#path, this.#file)) Deno.removeSync(this.#path);
    } catch (error) {
      problem = `Cannot remove pid file "${this.#path}": ${reasonOf(error)}`;
      try {
        this.#file.truncateSync(0);
      } catch {
        // Some file systems go read-only under us: the lock still tells that nobody runs.
      }
    }
    this.#file.close();
    return problem;
  }
}

/**
 * Writes the process id, decimal with a line end, in place of a dead process's file.
 *
 * @param path the file
 * @returns the file, or that another process holds it, or why it could not be written
 */
export function takePidFile(path: string): PidFileOutcome {
  try {
    const holder = clearOld(path);
    if (holder !== undefined) {
      const who = holder === "" ? "" : ` as process ${holder}`;
      const text = `Cannot start: siproxd runs already${who}, it holds pid file "${path}"`;
      return { kind: "running", text };
    }
    const created = create(path);
    if (created.ok) return { kind: "held", file: new PidFile(path, created.value) };
    return { kind: "running", text: created.error };
  } catch (error) {
    return { kind: "failed", text: `Cannot write pid file "${path}": ${reasonOf(error)}` };
  }
}

/** Removes what is there; gives the content of a file that a living process holds. */
function clearOld(path: string): string | undefined {
  const found = lookAt(path);
  if (found === undefined) return undefined;
  if (found.isDirectory) throw new Error("it is a folder");
  // Only an ordinary file can be held; opening a pipe would wait for ever, a link may lead anywhere.
  if (found.isFile) {
    using file = Deno.openSync(path, { read: true });
    if (!file.tryLockSync(true)) return readPid(file);
  }
  Deno.removeSync(path);
  return undefined;
}

function create(path: string): Result<Deno.FsFile> {
  const file = Deno.openSync(path, { write: true, createNew: true, mode: 0o644 });
  // Two that start at the same moment both find the old file free: the one that made the new file has it.
  if (!file.tryLockSync(true) || !isSameFile(path, file)) {
    file.close();
    return err(`Cannot start: another siproxd starts at this moment with pid file "${path}"`);
  }
  try {
    file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
  } catch (error) {
    // A disk that is full: an empty file would mislead whoever reads it.
    Deno.removeSync(path);
    file.close();
    throw error;
  }
  return ok(file);
}

function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function isSameFile(path: string, file: Deno.FsFile): boolean {
  const { ino, dev } = file.statSync();
  const found = lookAt(path);
  return found !== undefined && found.ino === ino && found.dev === dev;
}

function readPid(file: Deno.FsFile): string {
  const buffer = new Uint8Array(MAX_PID_LENGTH_BYTES);
  const length = file.readSync(buffer) ?? 0;
  const text = new TextDecoder().decode(buffer.subarray(0, length)).trim();
  return /^\d+$/.test(text) ? text : "";
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
