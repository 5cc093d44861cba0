import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readPluginFile } from "./plugin_files.ts";

function inFolder(run: (folder: string) => void): void {
  const folder = `${Deno.realPathSync(Deno.makeTempDirSync())}/`;
  try {
    run(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function reasonOf(folder: string | undefined, name: string): string {
  const file = readPluginFile(folder, name);
  return file.ok ? "" : file.error;
}

Deno.test("readPluginFile() reads a file and resolves a link", () => {
  inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}real.js`, "1;", { mode: 0o644 });
    Deno.symlinkSync(`${folder}real.js`, `${folder}mine.js`);
    deepStrictEqual(readPluginFile(folder, "mine"), {
      ok: true,
      value: { name: "mine", path: `${folder}real.js`, source: "1;" },
    });
  });
});

Deno.test("readPluginFile() refuses what others may write (R29)", () => {
  inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}x.js`, "1;");
    Deno.chmodSync(`${folder}x.js`, 0o666);
    strictEqual(
      reasonOf(folder, "x"),
      `Cannot load plugin "x": "${folder}x.js" can be written by others than its owner (chmod go-w)`,
    );
    Deno.chmodSync(`${folder}x.js`, 0o644);
    Deno.chmodSync(folder, 0o777);
    strictEqual(
      reasonOf(folder, "x").endsWith("can be written by others than its owner (chmod go-w)"),
      true,
    );
  });
});

Deno.test("readPluginFile() refuses a file of another user (R29)", () => {
  inFolder((folder) => {
    if (Deno.uid() !== 0) return;
    Deno.writeTextFileSync(`${folder}x.js`, "1;", { mode: 0o644 });
    Deno.chownSync(`${folder}x.js`, 12345, 12345);
    strictEqual(
      reasonOf(folder, "x"),
      `Cannot load plugin "x": "${folder}x.js" belongs to user 12345, neither root nor the daemon's`,
    );
  });
});

Deno.test("readPluginFile() refuses a folder and a file that is too long", () => {
  inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}long.js`, " ".repeat(1_048_577), { mode: 0o644 });
    strictEqual(
      reasonOf(folder, "long"),
      `Cannot load plugin "long": "${folder}long.js" is longer than 1048576 bytes`,
    );
  });
});

Deno.test("readPluginFile() names what is missing and what is near", () => {
  strictEqual(
    reasonOf("/nonexistent/", "other_name"),
    'Cannot load plugin "other_name": it is neither built in nor the file "/nonexistent/other_name.js"',
  );
  strictEqual(
    reasonOf(undefined, "logcal"),
    'Cannot load plugin "logcal": it is not built in, nearest is "plugin_logcall"',
  );
});
