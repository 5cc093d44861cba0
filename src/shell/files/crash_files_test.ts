import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { CrashFiles } from "./crash_files.ts";

const TIME = "2026-11-24T08:38:07.045Z";

Deno.test("CrashFiles writes five reports of one run that only their owner reads", () => {
  const folder = Deno.makeTempDirSync();
  const files = new CrashFiles(folder);
  const results = ["a", "b", "c", "d", "e", "f"].map((text) => files.write(TIME, text));
  const mode = Deno.statSync(`${folder}/siproxd-crash-20261124T083807Z.txt`).mode ?? 0;
  const text = Deno.readTextFileSync(`${folder}/siproxd-crash-20261124T083807Z-4.txt`);
  const count = [...Deno.readDirSync(folder)].length;
  Deno.removeSync(folder, { recursive: true });
  deepStrictEqual(results[0], {
    ok: true,
    value: `${folder}/siproxd-crash-20261124T083807Z.txt`,
  });
  deepStrictEqual(results.map(({ ok }) => ok), [true, true, true, true, true, false]);
  deepStrictEqual([mode & 0o777, text, count], [0o600, "e", 5]);
});

Deno.test("CrashFiles keeps ten files of earlier runs and touches no others", () => {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/siproxd_registrations`, "");
  Deno.writeTextFileSync(`${folder}/siproxd-crash-notes.txt`, "");
  for (let second = 10; second < 22; second++) {
    const time = `2026-11-24T08:38:${second}.000Z`;
    strictEqual(new CrashFiles(folder).write(time, "").ok, true);
  }
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  Deno.removeSync(folder, { recursive: true });
  deepStrictEqual([names.length, names[0], names.at(-1)], [
    12,
    "siproxd-crash-20261124T083812Z.txt",
    "siproxd_registrations",
  ]);
});

Deno.test("CrashFiles says why it cannot write", () => {
  const result = new CrashFiles("/nowhere/at/all").write(TIME, "");
  match(result.ok ? "" : result.error, /No such file/);
});
