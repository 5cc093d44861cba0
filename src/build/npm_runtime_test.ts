import { deepEqual, equal, match } from "node:assert/strict";
import { createHash } from "node:crypto";
import { KNOWN_RUNTIMES, type KnownRuntime } from "./known_runtime.ts";
import { provideNpmRuntime } from "./npm_runtime.ts";

/** A header whose section table of ten bytes follows at once: the smallest runtime. */
const RUNTIME = new Uint8Array(74);
RUNTIME.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
RUNTIME[0x28] = 64;
RUNTIME[0x3a] = 10;
RUNTIME[0x3c] = 1;

/** A package as npm packs it: one file, the runtime with a program behind it. */
async function packArchive(): Promise<Uint8Array<ArrayBuffer>> {
  const tar = new Uint8Array(512 * 4);
  const encoder = new TextEncoder();
  tar.set(encoder.encode("package/bin/steady"));
  tar.set(encoder.encode("00000000144\0"), 124);
  tar.set(RUNTIME, 512);
  const packed = new Blob([tar]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(packed).bytes();
}

interface Fake {
  readonly known: KnownRuntime;
  readonly cacheFolder: string;
  /** Number of times that npm was started. */
  readonly npmRuns: () => number;
}

/** Runs a test with a program named npm in front of the path that "downloads" the archive. */
async function withFakeNpm(script: string, test: (fake: Fake) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "siproxd-npm-test-" });
  const path = Deno.env.get("PATH") ?? "";
  const archive = await packArchive();
  await Deno.writeFile(`${folder}/archive`, archive);
  const text = `#!/bin/sh\necho x >>${folder}/runs\n${script.replaceAll("FOLDER", folder)}\n`;
  await Deno.writeTextFile(`${folder}/npm`, text, { mode: 0o755 });
  Deno.env.set("PATH", `${folder}:${path}`);
  const known: KnownRuntime = {
    ...KNOWN_RUNTIMES.x86_64,
    lengthBytes: RUNTIME.length,
    integrity: `sha512-${createHash("sha512").update(archive).digest("base64")}`,
    sha256: createHash("sha256").update(RUNTIME).digest("hex"),
  };
  const npmRuns = (): number => Deno.readTextFileSync(`${folder}/runs`).trim().split("\n").length;
  try {
    await test({ known, cacheFolder: `${folder}/cache`, npmRuns });
  } finally {
    Deno.env.set("PATH", path);
    await Deno.remove(folder, { recursive: true });
  }
}

/** `npm pack <name> --silent --pack-destination <folder>` */
const DOWNLOADS = 'cp FOLDER/archive "$5/package.tgz"';

Deno.test("provideNpmRuntime() downloads once and takes the cache then", async () => {
  await withFakeNpm(DOWNLOADS, async ({ known, cacheFolder, npmRuns }) => {
    const path = `${cacheFolder}/denort-${known.sha256.slice(0, 16)}`;
    deepEqual(await provideNpmRuntime(known, cacheFolder), {
      ok: true,
      value: { path, origin: "npm @stdy/cli-linux-x64@0.22.2, both hashes match" },
    });
    deepEqual(await Deno.readFile(path), RUNTIME);
    deepEqual(await provideNpmRuntime(known, cacheFolder), {
      ok: true,
      value: { path, origin: "cache, once npm @stdy/cli-linux-x64@0.22.2" },
    });
    equal(npmRuns(), 1);
    await Deno.writeTextFile(path, "damaged");
    equal((await provideNpmRuntime(known, cacheFolder)).ok, true);
    deepEqual(await Deno.readFile(path), RUNTIME);
  });
});

Deno.test("provideNpmRuntime() keeps nothing that fails one of its hashes", async () => {
  await withFakeNpm(DOWNLOADS, async ({ known, cacheFolder }) => {
    const archive = await provideNpmRuntime({ ...known, integrity: "sha512-x" }, cacheFolder);
    match(archive.ok ? "" : archive.error, /^Cannot trust archive: /);
    const runtime = await provideNpmRuntime({ ...known, sha256: "0".repeat(64) }, cacheFolder);
    match(runtime.ok ? "" : runtime.error, /^Cannot trust runtime: SHA-256 is /);
    deepEqual([...Deno.readDirSync(cacheFolder)], []);
  });
});

Deno.test("provideNpmRuntime() passes on why npm failed", async () => {
  await withFakeNpm("echo 'npm ERR! 404' >&2; exit 1", async ({ known, cacheFolder }) => {
    deepEqual(await provideNpmRuntime(known, cacheFolder), {
      ok: false,
      error: 'Cannot get "@stdy/cli-linux-x64@0.22.2" from npm: npm ERR! 404',
    });
  });
  await withFakeNpm("exit 0", async ({ known, cacheFolder }) => {
    deepEqual(await provideNpmRuntime(known, cacheFolder), {
      ok: false,
      error: 'Cannot get "@stdy/cli-linux-x64@0.22.2" from npm: no archive was written',
    });
  });
});
