/** Folders that hold no sources: history, products and caches. */
const NO_SOURCES: ReadonlySet<string> = new Set([".git", ".cache", "dist", "node_modules"]);

const ROOT = new URL("../../", import.meta.url);

function walk(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}${name}`;
    if (!isDirectory) return [path];
    return NO_SOURCES.has(name) ? [] : walk(`${path}/`);
  });
}

/**
 * Lists the repository's own files.
 *
 * @returns paths from its root, sorted
 */
export function sourcePaths(): readonly string[] {
  return walk("").sort();
}

/**
 * Reads one of the repository's files.
 *
 * @param path path from its root
 * @returns the text; bytes that are no UTF-8 are replaced
 */
export function readSource(path: string): string {
  return new TextDecoder().decode(Deno.readFileSync(new URL(path, ROOT)));
}
