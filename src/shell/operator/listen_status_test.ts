import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { listenStatus } from "./listen_status.ts";

/** Runs a test with a folder of its own. */
async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await run(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("listenStatus() makes a socket that only its user can open, and removes it (R28)", () =>
  withFolder(async (folder) => {
    const path = `${folder}/s`;
    const umask = Deno.umask();
    const made = await listenStatus({ kind: "path", path });
    if (!made.ok) throw new Error(made.error);
    const { mode, isSocket } = Deno.lstatSync(path);
    made.value.listener.close();
    made.value.remove();
    deepStrictEqual([(mode ?? 0) & 0o777, isSocket], [0o600, true]);
    deepStrictEqual([[...Deno.readDirSync(folder)].length, Deno.umask()], [0, umask]);
    made.value.remove();
  }));

Deno.test("listenStatus() takes over what a killed daemon left, and nothing else", () =>
  withFolder(async (folder) => {
    const path = `${folder}/s`;
    const first = Deno.listen({ transport: "unix", path });
    const whileServed = await listenStatus({ kind: "path", path });
    first.close();
    const after = await listenStatus({ kind: "path", path });
    if (!after.ok) throw new Error(after.error);
    after.value.listener.close();
    after.value.remove();
    deepStrictEqual(whileServed, { ok: false, error: `${path} is another daemon's` });
  }));

Deno.test("listenStatus() leaves a file alone that is no socket", () =>
  withFolder(async (folder) => {
    const path = `${folder}/file`;
    Deno.writeTextFileSync(path, "precious");
    Deno.symlinkSync(path, `${folder}/link`);
    for (const name of ["file", "link"]) {
      deepStrictEqual(await listenStatus({ kind: "path", path: `${folder}/${name}` }), {
        ok: false,
        error: `${folder}/${name} is there and is no socket`,
      });
    }
    strictEqual(Deno.readTextFileSync(path), "precious");
  }));

Deno.test("listenStatus() names the port that is taken", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const second = await listenStatus({ kind: "tcp", host: "127.0.0.1", port });
  taken.close();
  deepStrictEqual(second, {
    ok: false,
    error: `127.0.0.1:${port}: Address already in use (os error 98)`,
  });
});

Deno.test("listenStatus() tells why it cannot listen", async () => {
  const nowhere = await listenStatus({ kind: "path", path: "/no/such/folder/s" });
  const none = await listenStatus({ kind: "none" });
  deepStrictEqual(nowhere, { ok: false, error: "/no/such/folder/s: its folder is not there" });
  deepStrictEqual(none, { ok: false, error: "status_socket = none" });
});
