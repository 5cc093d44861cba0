import assert from "node:assert/strict";
import { ALICE } from "../../../tests/support/registrations.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { systemFiles } from "./registration_files.ts";
import { RegistrationSaver } from "./registration_saver.ts";

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "siproxd-registrations-" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function saverOf(path: string, logs: LogEvent[] = []): RegistrationSaver {
  return new RegistrationSaver({
    path,
    autosaveMs: 0,
    delayMs: 1,
    onLog: (event) => logs.push(event),
    clock: () => ({ epochMs: 1_795_500_000_000, nowMs: 20_000 }),
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names.sort();
}

Deno.test("systemFiles keep a saved table over a restart, mode 0600, with nothing left beside it", () =>
  withFolder(async (folder) => {
    const path = `${folder}/registrations`;
    const saver = saverOf(path);
    saver.apply([{ kind: "bind", binding: ALICE }]);
    await saver.close();
    assert.deepEqual(await namesIn(folder), ["registrations"]);
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
    const next = saverOf(path);
    assert.deepEqual((await next.load()).map((binding) => ({ ...binding })), [{ ...ALICE }]);
  }));

Deno.test("systemFiles replace the file and never write into it", () =>
  withFolder(async (folder) => {
    const path = `${folder}/registrations`;
    await Deno.writeTextFile(path, "old");
    using before = await Deno.open(path, { read: true });
    const saver = saverOf(path);
    saver.apply([{ kind: "bind", binding: ALICE }]);
    await saver.close();
    const buffer = new Uint8Array(16);
    const length = await before.read(buffer) ?? 0;
    assert.equal(new TextDecoder().decode(buffer.subarray(0, length)), "old");
    assert.match(await Deno.readTextFile(path), /^\*\*\*\*:1:/);
  }));

Deno.test("systemFiles.writeSynced() does not follow a link that lies where the new file goes", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/victim`, "precious");
    await Deno.symlink(`${folder}/victim`, `${folder}/registrations.new`);
    const saver = saverOf(`${folder}/registrations`);
    saver.apply([{ kind: "bind", binding: ALICE }]);
    await saver.close();
    assert.equal(await Deno.readTextFile(`${folder}/victim`), "precious");
    assert.deepEqual(await namesIn(folder), ["registrations", "victim"]);
  }));

Deno.test("systemFiles.realPath() keeps a linked registration file linked", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/flash`);
    await Deno.writeTextFile(`${folder}/flash/table`, "");
    await Deno.symlink(`${folder}/flash/table`, `${folder}/registrations`);
    const saver = saverOf(`${folder}/registrations`);
    saver.apply([{ kind: "bind", binding: ALICE }]);
    await saver.close();
    assert.equal((await Deno.lstat(`${folder}/registrations`)).isSymlink, true);
    assert.match(await Deno.readTextFile(`${folder}/flash/table`), /^\*\*\*\*:1:/);
    assert.equal(await systemFiles.realPath(`${folder}/none`), `${folder}/none`);
  }));

Deno.test("systemFiles make a missing folder one log line, not a crash", () =>
  withFolder(async (folder) => {
    const logs: LogEvent[] = [];
    const path = `${folder}/missing/registrations`;
    const saver = saverOf(path, logs);
    assert.deepEqual(await saver.load(), []);
    assert.match(await saver.checkWritable() ?? "", /No such file or directory/);
    saver.apply([{ kind: "bind", binding: ALICE }]);
    await saver.close();
    assert.deepEqual(logs.map(({ event }) => event), ["reg.file_missing", "reg.file_unwritable"]);
    assert.match(logs[1]?.text ?? "", /^unable to write registration file .*: No such file/);
  }));

Deno.test("systemFiles make a folder in the place of the file one log line", () =>
  withFolder(async (folder) => {
    const logs: LogEvent[] = [];
    await Deno.mkdir(`${folder}/registrations`);
    const saver = saverOf(`${folder}/registrations`, logs);
    assert.deepEqual(await saver.load(), []);
    saver.apply([{ kind: "bind", binding: ALICE }]);
    await saver.close();
    assert.deepEqual(logs.map(({ event }) => event), [
      "reg.file_unreadable",
      "reg.file_unwritable",
    ]);
    assert.deepEqual(await namesIn(folder), ["registrations"]);
  }));

Deno.test("systemFiles neither wait for a pipe nor put a file in its place, as in that of a device", () =>
  withFolder(async (folder) => {
    const logs: LogEvent[] = [];
    const path = `${folder}/registrations`;
    const made = await new Deno.Command("mkfifo", { args: [path] }).output();
    assert.equal(made.code, 0);
    const saver = saverOf(path, logs);
    assert.deepEqual(await saver.load(), []);
    saver.apply([{ kind: "bind", binding: ALICE }]);
    await saver.close();
    assert.deepEqual(logs.map(({ text }) => text), [
      `unable to read registration file ${path}: it is no ordinary file`,
      `unable to write registration file ${path}: it is no ordinary file`,
    ]);
    assert.equal((await Deno.lstat(path)).isFifo, true);
    assert.deepEqual(await namesIn(folder), ["registrations"]);
  }));

Deno.test("systemFiles.remove() takes a missing file for removed", () =>
  withFolder(async (folder) => {
    await systemFiles.remove(`${folder}/nothing`);
    await Deno.writeTextFile(`${folder}/something`, "");
    await systemFiles.remove(`${folder}/something`);
    assert.deepEqual(await namesIn(folder), []);
    await systemFiles.syncFolder(folder);
  }));
