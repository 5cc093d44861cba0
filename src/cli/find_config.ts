import { decodeLatin1 } from "../base/text.ts";
import { quote } from "../config/issues.ts";
import { readGranted } from "./permissions.ts";

/** Places that are searched, in order; the first file that can be opened is used alone. */
const SEARCH_PATH: readonly string[] = [
  "/etc/siproxd.conf",
  "/etc/siproxd/siproxd.conf",
  "/usr/etc/siproxd.conf",
  "/usr/local/etc/siproxd.conf",
];

/** Most bytes read of a file: more than the lexer takes, so that it can say so. */
const MAX_FILE_BYTES = 4_194_305;

/** Outcome of looking for the configuration file. */
export type FoundConfig =
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  /** No file anywhere; `notes` name those that exist but cannot be read. */
  | { readonly kind: "none"; readonly notes: readonly string[] }
  | { readonly kind: "unreadable"; readonly path: string; readonly message: string };

/** One attempt to read a file. */
type Attempt =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Reads the configuration file.
 *
 * @param named the file of `-c`; undefined searches siproxd's places
 * @returns its text, or that there is none, or why the named one cannot be read
 */
export function findConfig(named: string | undefined): FoundConfig {
  if (named !== undefined) return readNamed(named);
  const notes: string[] = [];
  for (const path of searchPath()) {
    if (!readGranted(path)) continue;
    const attempt = tryRead(path);
    if (attempt.kind === "text") return { kind: "file", path, text: attempt.text };
    if (attempt.kind === "failed") notes.push(`Cannot read ${quote(path)}: ${attempt.reason}`);
  }
  return { kind: "none", notes };
}

/**
 * Lists the places that are searched without `-c`.
 *
 * @returns absolute paths in order; the home folder's only where the environment may be read
 */
export function searchPath(): readonly string[] {
  const granted = Deno.permissions.querySync({ name: "env", variable: "HOME" }).state === "granted";
  const home = granted ? Deno.env.get("HOME") : undefined;
  return home === undefined || home === "" ? SEARCH_PATH : [`${home}/.siproxdrc`, ...SEARCH_PATH];
}

function readNamed(path: string): FoundConfig {
  if (!readGranted(path)) {
    const reason = "no permission to read files, directives can be given with --set";
    return { kind: "unreadable", path, message: `Cannot read ${quote(path)}: ${reason}` };
  }
  const attempt = tryRead(path);
  if (attempt.kind === "text") return { kind: "file", path, text: attempt.text };
  const reason = attempt.kind === "missing" ? "no such file" : attempt.reason;
  return { kind: "unreadable", path, message: `Cannot read ${quote(path)}: ${reason}` };
}

function tryRead(path: string): Attempt {
  try {
    using file = Deno.openSync(path, { read: true });
    return { kind: "text", text: decodeFile(readBounded(file)) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { kind: "missing" };
    if (error instanceof Deno.errors.NotADirectory) return { kind: "missing" };
    return { kind: "failed", reason: reasonOf(error) };
  }
}

function readBounded(file: Deno.FsFile): Uint8Array {
  const chunks: Uint8Array[] = [];
  let lengthBytes = 0;
  while (lengthBytes < MAX_FILE_BYTES) {
    const chunk = new Uint8Array(65_536);
    const read = file.readSync(chunk);
    if (read === null) break;
    chunks.push(chunk.subarray(0, read));
    lengthBytes += read;
  }
  const bytes = new Uint8Array(lengthBytes);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Files older than UTF-8 are latin1. */
function decodeFile(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return decodeLatin1(bytes);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  // The runtime guards /dev, /proc and /sys (but not /dev/fd), and would tell how to compile programs.
  if (error instanceof Deno.errors.NotCapable) return "siproxd may not use files there";
  return error instanceof Error ? error.message.split("\n")[0] ?? "unknown" : String(error);
}
