/**
 * Finds the runtime that `deno compile` appends the program to, for any target, also where Deno's
 * own server cannot be reached. It compiles nothing. The compile script calls it.
 *
 * @module
 */
import { err, ok, type Result } from "../base/result.ts";
import { KNOWN_RUNTIMES } from "./known_runtime.ts";
import { provideNpmRuntime } from "./npm_runtime.ts";
import { type Target, targetTriple } from "./target.ts";

/** Where the runtime comes from. */
export type RuntimeSource =
  /** `deno compile` downloads and caches it by itself. */
  | { readonly kind: "official"; readonly origin: string }
  /** A file, handed to `deno compile` in the variable DENORT_BIN. */
  | { readonly kind: "file"; readonly origin: string; readonly path: string };

/** Deno's own release server; where it is not reachable this is noticed soon. */
const RELEASES = "https://dl.deno.land/release";

/** An answer to a HEAD request takes well below a second; a dropped packet is not waited for long. */
const OFFICIAL_TIMEOUT_MS = 5_000;

/**
 * Chooses the folder that keeps runtimes between builds.
 *
 * @param env value of an environment variable by its name
 * @returns a path below the user's cache folder
 */
export function cacheFolder(env: (name: string) => string | undefined): string {
  const home = env("HOME") ?? "/tmp";
  return `${env("XDG_CACHE_HOME") || `${home}/.cache`}/siproxd-build`;
}

async function isOfficialReachable(target: Target): Promise<boolean> {
  const url = `${RELEASES}/v${Deno.version.deno}/denort-${targetTriple(target)}.zip`;
  try {
    const signal = AbortSignal.timeout(OFFICIAL_TIMEOUT_MS);
    const response = await fetch(url, { method: "HEAD", signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Provides the runtime of a target without Deno's own server: from npm, checked by two hashes.
 *
 * @param target machine to compile for
 * @returns a file, or why there is none
 */
export async function provideFallbackRuntime(target: Target): Promise<Result<RuntimeSource>> {
  const known = KNOWN_RUNTIMES[target];
  if (known.denoVersion !== Deno.version.deno) {
    return err(
      `Cannot get runtime of Deno ${Deno.version.deno} from npm: only ${known.denoVersion} is known`,
    );
  }
  const file = await provideNpmRuntime(known, cacheFolder((name) => Deno.env.get(name)));
  return file.ok ? ok({ kind: "file", ...file.value }) : file;
}

/**
 * Provides the runtime of a target: the one the user names, else Deno's own, else npm's.
 *
 * @param target machine to compile for
 * @returns where the runtime comes from, or why there is none
 */
export async function provideRuntime(target: Target): Promise<Result<RuntimeSource>> {
  const path = Deno.env.get("DENORT_BIN");
  if (path) return ok({ kind: "file", path, origin: "DENORT_BIN" });
  if (await isOfficialReachable(target)) {
    return ok({ kind: "official", origin: new URL(RELEASES).host });
  }
  return await provideFallbackRuntime(target);
}
