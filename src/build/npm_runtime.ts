import { err, ok, type Result } from "../base/result.ts";
import {
  checkIntegrity,
  checkRuntime,
  extractRuntime,
  type KnownRuntime,
} from "./known_runtime.ts";
import { readTarEntry } from "./tar.ts";

/** A whole archive is at most this long after decompression: the program is below 100 MB. */
const MAX_ARCHIVE_LENGTH_BYTES = 200_000_000;

/** A runtime on disk. */
export interface RuntimeFile {
  readonly path: string;
  /** Where it came from, for the one line that the user reads. */
  readonly origin: string;
}

/** Downloads by npm itself: so its registry, proxy and certificate settings hold. */
async function download(known: KnownRuntime, folder: string): Promise<Result<Uint8Array>> {
  const name = `${known.packageName}@${known.packageVersion}`;
  try {
    const { success, stderr } = await new Deno.Command("npm", {
      args: ["pack", name, "--silent", "--pack-destination", folder],
      stdout: "null",
    }).output();
    if (!success) {
      const reason = new TextDecoder().decode(stderr).trim().split("\n").at(-1) ?? "";
      return err(`Cannot get "${name}" from npm: ${reason || "npm pack failed"}`);
    }
    for await (const entry of Deno.readDir(folder)) {
      if (entry.name.endsWith(".tgz")) return ok(await Deno.readFile(`${folder}/${entry.name}`));
    }
    return err(`Cannot get "${name}" from npm: no archive was written`);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "npm is not installed" : String(error);
    return err(`Cannot get "${name}" from npm: ${reason}`);
  }
}

async function unpack(archive: Uint8Array<ArrayBuffer>): Promise<Result<Uint8Array>> {
  const stream = new Blob([archive]).stream().pipeThrough(new DecompressionStream("gzip"));
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let lengthBytes = 0;
  for await (const part of stream) {
    parts.push(part);
    lengthBytes += part.length;
    if (lengthBytes > MAX_ARCHIVE_LENGTH_BYTES) return err("Cannot unpack archive: too long");
  }
  return ok(await new Blob(parts).bytes());
}

async function fetchRuntime(known: KnownRuntime, folder: string): Promise<Result<Uint8Array>> {
  const archive = await download(known, folder);
  if (!archive.ok) return archive;
  const trusted = checkIntegrity(archive.value, known.integrity);
  if (!trusted.ok) return trusted;
  const unpacked = await unpack(new Uint8Array(archive.value));
  if (!unpacked.ok) return unpacked;
  const program = readTarEntry(unpacked.value, known.programPath);
  return program.ok ? extractRuntime(program.value, known) : program;
}

async function isCached(path: string, known: KnownRuntime): Promise<boolean> {
  try {
    return checkRuntime(await Deno.readFile(path), known).ok;
  } catch {
    return false;
  }
}

/** Writes beside and renames: a build that is interrupted leaves no half file behind. */
async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const temporary = `${path}.${Deno.pid}.tmp`;
  await Deno.writeFile(temporary, content, { mode: 0o755 });
  await Deno.rename(temporary, path);
}

/**
 * Provides a known runtime as a file, from the cache folder or else from npm.
 *
 * @param known which runtime
 * @param cacheFolder where runtimes are kept between builds; made if missing
 * @returns the file, checked by its hash also when it was in the cache
 */
export async function provideNpmRuntime(
  known: KnownRuntime,
  cacheFolder: string,
): Promise<Result<RuntimeFile>> {
  const name = `${known.packageName}@${known.packageVersion}`;
  const path = `${cacheFolder}/denort-${known.sha256.slice(0, 16)}`;
  if (await isCached(path, known)) return ok({ path, origin: `cache, once npm ${name}` });
  await Deno.mkdir(cacheFolder, { recursive: true });
  const folder = await Deno.makeTempDir({ prefix: "siproxd-build-" });
  try {
    const runtime = await fetchRuntime(known, folder);
    if (!runtime.ok) return runtime;
    await writeWhole(path, runtime.value);
    return ok({ path, origin: `npm ${name}, both hashes match` });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
