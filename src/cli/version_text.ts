import { VERSION } from "../base/version.ts";

/**
 * Names the build and the platform, as `--version` and the help text show it.
 *
 * @returns such as `siproxd 1.0.0 (x86_64-unknown-linux-gnu, deno 2.7.11)`
 */
export function versionText(): string {
  return `siproxd ${VERSION} (${Deno.build.target}, deno ${Deno.version.deno})`;
}
