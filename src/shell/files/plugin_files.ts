import { err, ok, type Result } from "../../base/result.ts";
import { quote } from "../../config/issues.ts";
import { nearest } from "../../config/nearest.ts";
import { BUILT_IN_PLUGINS } from "../../config/plugin_names.ts";

/** Largest plugin: ten times the largest built-in one with all it imports. */
const MAX_PLUGIN_LENGTH_BYTES = 1_048_576;

/** Bits that let others than the owner write. */
const FOREIGN_WRITE_BITS = 0o022;

/** A plugin of the plugin folder, as text. */
export interface PluginFile {
  readonly name: string;
  /** Its real path, symlinks resolved. */
  readonly path: string;
  readonly source: string;
}

/**
 * Reads `<plugindir>/<name>.js`, if nobody but root or the daemon's own user can have put it there (R29).
 *
 * @param directory value of `plugindir`
 * @param name bare name
 * @returns the module's text, or why it is not loaded
 */
export function readPluginFile(directory: string | undefined, name: string): Result<PluginFile> {
  if (directory === undefined) return err(`${start(name)}: it is not built in${hint(name)}`);
  const written = `${directory}${name}.js`;
  let path: string;
  try {
    path = Deno.realPathSync(written);
  } catch {
    return err(
      `${start(name)}: it is neither built in nor the file ${quote(written)}${hint(name)}`,
    );
  }
  try {
    const reason = whyUnsafe(path) ?? whyUnsafe(path.slice(0, path.lastIndexOf("/")) || "/");
    if (reason !== undefined) return err(`${start(name)}: ${reason}`);
    return ok({ name, path, source: Deno.readTextFileSync(path) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return err(`${start(name)}: ${reason}`);
  }
}

function start(name: string): string {
  return `Cannot load plugin ${quote(name)}`;
}

function hint(name: string): string {
  const near = nearest(name, BUILT_IN_PLUGINS);
  return near === undefined ? "" : `, nearest is "plugin_${near}"`;
}

/** A file or folder that others may write is code of others. */
function whyUnsafe(path: string): string | undefined {
  const status = Deno.statSync(path);
  if (status.isFile && status.size > MAX_PLUGIN_LENGTH_BYTES) {
    return `${quote(path)} is longer than ${MAX_PLUGIN_LENGTH_BYTES} bytes`;
  }
  if (!status.isFile && !status.isDirectory) return `${quote(path)} is no file`;
  if (status.mode !== null && (status.mode & FOREIGN_WRITE_BITS) !== 0) {
    return `${quote(path)} can be written by others than its owner (chmod go-w)`;
  }
  const own = ownUserId();
  if (status.uid === null || status.uid === 0 || own === undefined || status.uid === own) {
    return undefined;
  }
  return `${quote(path)} belongs to user ${status.uid}, neither root nor the daemon's`;
}

/** Undefined where the right to ask is missing. */
function ownUserId(): number | undefined {
  try {
    return Deno.uid() ?? undefined;
  } catch {
    return undefined;
  }
}
