import { sourcePaths } from "./source_tree.ts";

const ROOT = new URL("../../", import.meta.url);
const BINARY = new URL("dist/siproxd-x86_64", ROOT);

/** What the binary is made of. */
const PARTS: readonly string[] = ["src/", "plugins/", "mod.ts", "deno.json", "packaging/std/"];

/**
 * Compiles the daemon unless the binary is newer than all that it is made of, or SIPROXD_BIN names another daemon: who
 * runs a suite means the code as it is.
 *
 * @returns one line about what went wrong, or undefined
 */
export async function makePresentBinary(): Promise<string | undefined> {
  if (Deno.env.has("SIPROXD_BIN") || modifiedMs(BINARY) >= newestSourceMs()) return undefined;
  console.error("compiling dist/siproxd-x86_64");
  const compiler = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "src/build/compile.ts", "--target", "x86_64"],
    cwd: ROOT,
    stdout: "null",
  });
  const { success } = await compiler.spawn().status;
  return success ? undefined : "Cannot test the binary: it does not compile, see above";
}

function newestSourceMs(): number {
  const parts = sourcePaths().filter((path) => PARTS.some((part) => path.startsWith(part)));
  return Math.max(...parts.map((path) => modifiedMs(new URL(path, ROOT))));
}

/** Milliseconds of the last change; of a file that is not there, before all others. */
function modifiedMs(file: URL): number {
  try {
    return Deno.statSync(file).mtime?.getTime() ?? 0;
  } catch {
    return -Infinity;
  }
}
