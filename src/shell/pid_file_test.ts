import { match, strictEqual } from "node:assert/strict";
import { removePidFile, writePidFile } from "./pid_file.ts";

Deno.test("writePidFile() writes the number in place of an old file, removePidFile() takes it away", () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/siproxd.pid`;
  Deno.writeTextFileSync(path, "99999999999\n");
  strictEqual(writePidFile(path), undefined);
  strictEqual(Deno.readTextFileSync(path), `${Deno.pid}\n`);
  strictEqual(removePidFile(path), undefined);
  strictEqual(removePidFile(path), undefined);
  Deno.removeSync(folder);
});

Deno.test("writePidFile() does not write through a link that somebody laid there", () => {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/victim`, "precious");
  Deno.symlinkSync(`${folder}/victim`, `${folder}/siproxd.pid`);
  strictEqual(writePidFile(`${folder}/siproxd.pid`), undefined);
  strictEqual(Deno.readTextFileSync(`${folder}/victim`), "precious");
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("writePidFile() and removePidFile() tell why they cannot", () => {
  match(
    writePidFile("/nowhere/x.pid") ?? "",
    /^Cannot write pid file "\/nowhere\/x\.pid": No such/,
  );
  match(removePidFile("/proc/1") ?? "", /^Cannot remove pid file "\/proc\/1": /);
});
