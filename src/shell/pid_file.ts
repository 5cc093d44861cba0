/**
 * Writes the process id, decimal with a line end, in place of an old file.
 *
 * @param path the file
 * @returns one line why it could not be written, or undefined
 */
export function writePidFile(path: string): string | undefined {
  try {
    removeIfThere(path);
    Deno.writeTextFileSync(path, `${Deno.pid}\n`, { createNew: true, mode: 0o644 });
    return undefined;
  } catch (error) {
    return `Cannot write pid file "${path}": ${error instanceof Error ? error.message : error}`;
  }
}

/**
 * Removes the file at an orderly exit.
 *
 * @param path the file
 * @returns one line why it could not be removed, or undefined
 */
export function removePidFile(path: string): string | undefined {
  try {
    removeIfThere(path);
    return undefined;
  } catch (error) {
    return `Cannot remove pid file "${path}": ${error instanceof Error ? error.message : error}`;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
