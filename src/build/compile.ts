/**
 * Makes the binaries: `deno task compile [--target x86_64|aarch64]`, by default for both machines.
 * It does not test them. People and continuous integration call it.
 *
 * @module
 */
import { err, ok, type Result } from "../base/result.ts";
import { compileArguments, outputPath } from "./compile_arguments.ts";
import { provideFallbackRuntime, provideRuntime, type RuntimeSource } from "./runtime_provider.ts";
import { parseTargets, type Target } from "./target.ts";

const ROOT = new URL("../../", import.meta.url);

const MEGABYTE = 1_000_000;

async function compileWith(source: RuntimeSource, target: Target): Promise<Result<null>> {
  console.log(`${outputPath(target)}: runtime from ${source.origin}`);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [...compileArguments(target)],
    cwd: ROOT,
    env: source.kind === "file" ? { DENORT_BIN: source.path } : {},
  }).spawn().status;
  return success ? ok(null) : err(`Cannot compile ${outputPath(target)}: deno compile failed`);
}

/** Deno's server may answer the question and still refuse the download; npm is asked then. */
async function compileTarget(target: Target): Promise<Result<null>> {
  const source = await provideRuntime(target);
  if (!source.ok) return source;
  const result = await compileWith(source.value, target);
  if (result.ok || source.value.kind === "file") return result;
  const fallback = await provideFallbackRuntime(target);
  return fallback.ok ? await compileWith(fallback.value, target) : result;
}

async function main(args: readonly string[]): Promise<number> {
  const targets = parseTargets(args);
  if (!targets.ok) {
    console.error(targets.error);
    return 2;
  }
  await Deno.mkdir(new URL("dist/", ROOT), { recursive: true });
  for (const target of targets.value) {
    const result = await compileTarget(target);
    if (!result.ok) {
      console.error(result.error);
      return 1;
    }
    const { size } = await Deno.stat(new URL(outputPath(target), ROOT));
    console.log(`${outputPath(target)}: ${Math.round(size / MEGABYTE)} MB`);
  }
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
