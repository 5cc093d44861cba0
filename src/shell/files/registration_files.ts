/** The file operations a registration saver uses; injected so that a test can let the n-th one fail. */
export interface RegistrationFiles {
  /** Follows links, so that a file linked to another disk stays linked; the path itself when there is none. */
  readonly realPath: (path: string) => Promise<string>;
  /** Reads a whole file; undefined when there is none. */
  readonly read: (path: string) => Promise<Uint8Array | undefined>;
  /** Writes a new file with mode 0600 and waits until it is on the disk. */
  readonly writeSynced: (path: string, data: Uint8Array) => Promise<void>;
  /** Puts a file in the place of another in one step. */
  readonly rename: (from: string, to: string) => Promise<void>;
  /** Removes a file; none there is no error. */
  readonly remove: (path: string) => Promise<void>;
  /** Waits until the names in a folder are on the disk. */
  readonly syncFolder: (path: string) => Promise<void>;
}

/** The operations on the machine's own disk. */
export const systemFiles: RegistrationFiles = {
  realPath: async (path) => {
    try {
      return await Deno.realPath(path);
    } catch {
      return path;
    }
  },
  read: async (path) => {
    try {
      await refuseOddFile(path, Deno.stat);
      return await Deno.readFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw inPlainWords(error);
    }
  },
  writeSynced: async (path, data) => {
    // A file left over from a crash may have any mode, or be a link that somebody put there.
    await systemFiles.remove(path);
    using file = await create(path);
    let written = 0;
    while (written < data.length) written += await file.write(data.subarray(written));
    await file.sync();
  },
  rename: async (from, to) => {
    await refuseOddFile(to, Deno.lstat);
    await Deno.rename(from, to);
  },
  remove: async (path) => {
    try {
      await Deno.remove(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw inPlainWords(error);
    }
  },
  syncFolder: async (path) => {
    using folder = await Deno.open(path, { read: true });
    await folder.sync();
  },
};

/** Opening a pipe waits for ever, and a file in the place of /dev/null would harm the whole machine. */
async function refuseOddFile(
  path: string,
  look: (path: string) => Promise<Deno.FileInfo>,
): Promise<void> {
  try {
    const info = await look(path);
    if (!info.isFile && !info.isDirectory) throw new Error("it is no ordinary file");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function create(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  } catch (error) {
    throw inPlainWords(error);
  }
}

/** The runtime guards /dev, /proc and /sys, and would tell the operator how to compile programs. */
function inPlainWords(error: unknown): unknown {
  return error instanceof Deno.errors.NotCapable
    ? new Error("siproxd may not use files there")
    : error;
}
