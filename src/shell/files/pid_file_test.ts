import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { takePidFile } from "./pid_file.ts";

/** Runs with a folder of its own. */
function inFolder(run: (folder: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    run(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function names(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}

Deno.test("takePidFile() writes our number and removes the file again", () => {
  inFolder((folder) => {
    const taken = takePidFile(`${folder}/pid`);
    strictEqual(Deno.readTextFileSync(`${folder}/pid`), `${Deno.pid}\n`);
    strictEqual(taken.kind === "held" && taken.file.remove(), undefined);
    deepStrictEqual(names(folder), []);
  });
});

Deno.test("takePidFile() replaces the file of a dead process, whatever number it has", () => {
  inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/pid`, `${Deno.pid + 1}\nand more`);
    const taken = takePidFile(`${folder}/pid`);
    strictEqual(Deno.readTextFileSync(`${folder}/pid`), `${Deno.pid}\n`);
    if (taken.kind === "held") taken.file.remove();
  });
});

Deno.test("takePidFile() refuses a second holder and names the first", () => {
  inFolder((folder) => {
    const path = `${folder}/pid`;
    const first = takePidFile(path);
    deepStrictEqual(takePidFile(path), {
      kind: "running",
      text:
        `Cannot start: siproxd runs already as process ${Deno.pid}, it holds pid file "${path}"`,
    });
    strictEqual(Deno.readTextFileSync(path), `${Deno.pid}\n`);
    if (first.kind === "held") first.file.remove();
    const third = takePidFile(path);
    strictEqual(third.kind, "held");
    if (third.kind === "held") third.file.remove();
  });
});

Deno.test("takePidFile() replaces a link and leaves what it leads to alone", () => {
  inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/precious`, "data");
    Deno.symlinkSync(`${folder}/nowhere`, `${folder}/dangling`);
    Deno.symlinkSync(`${folder}/precious`, `${folder}/pid`);
    for (const name of ["pid", "dangling"]) {
      const taken = takePidFile(`${folder}/${name}`);
      strictEqual(Deno.lstatSync(`${folder}/${name}`).isSymlink, false);
      if (taken.kind === "held") taken.file.remove();
    }
    strictEqual(Deno.readTextFileSync(`${folder}/precious`), "data");
    deepStrictEqual(names(folder), ["precious"]);
  });
});

Deno.test("takePidFile() says why it cannot write", () => {
  inFolder((folder) => {
    const missing = takePidFile(`${folder}/no/pid`);
    strictEqual(missing.kind, "failed");
    match(missing.kind === "failed" ? missing.text : "", /^Cannot write pid file ".*\/no\/pid": /);
    deepStrictEqual(takePidFile(folder), {
      kind: "failed",
      text: `Cannot write pid file "${folder}": it is a folder`,
    });
  });
});

Deno.test("PidFile.remove() leaves the file of a successor alone", () => {
  inFolder((folder) => {
    const path = `${folder}/pid`;
    const taken = takePidFile(path);
    Deno.removeSync(path);
    Deno.writeTextFileSync(path, "4711\n");
    strictEqual(taken.kind === "held" && taken.file.remove(), undefined);
    strictEqual(Deno.readTextFileSync(path), "4711\n");
  });
});

Deno.test("PidFile.remove() says why it cannot and empties the file", () => {
  inFolder((folder) => {
    const path = `${folder}/pid`;
    const taken = takePidFile(path);
    const { removeSync } = Deno;
    try {
      Deno.removeSync = () => {
        throw new Deno.errors.PermissionDenied("no right");
      };
      const problem = taken.kind === "held" ? taken.file.remove() : "";
      strictEqual(problem, `Cannot remove pid file "${path}": no right`);
    } finally {
      Deno.removeSync = removeSync;
    }
    strictEqual(Deno.readTextFileSync(path), "");
  });
});

Deno.test("takePidFile() leaves no empty file behind on a full disk", async () => {
  const folder = Deno.makeTempDirSync();
  const cache = Deno.makeTempDirSync();
  const module = new URL("./pid_file.ts", import.meta.url).href;
  const script = `import { takePidFile } from ${JSON.stringify(module)};
    console.log(takePidFile(${JSON.stringify(`${folder}/pid`)}).kind);`;
  // A limit of no bytes a file is as good as a full disk.
  const child = new Deno.Command("sh", {
    args: [
      "-c",
      'trap "" XFSZ; ulimit -f 0; exec "$0" run -A --quiet --no-check -',
      Deno.execPath(),
    ],
    // The runtime's own cache must not suffer from the limit.
    env: { DENO_DIR: cache },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  const { stdout } = await child.output();
  const left = names(folder);
  for (const path of [folder, cache]) Deno.removeSync(path, { recursive: true });
  deepStrictEqual([new TextDecoder().decode(stdout), left], ["failed\n", []]);
});
