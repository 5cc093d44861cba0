import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { holdPidFiles } from "./pid_files.ts";

/** Runs with a folder of its own, and collects what is said. */
function inFolder(run: (folder: string, said: string[]) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    run(folder, []);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function teller(said: string[]) {
  return (level: string, event: string): void => {
    said.push(`${level} ${event}`);
  };
}

function names(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** Paths below the folder, and the files that stand there meanwhile. */
const HELD: readonly (readonly [string, readonly (string | undefined)[], readonly string[]])[] = [
  ["no path", [], []],
  ["paths that are not set", [undefined, undefined], []],
  ["one path", ["a"], ["a"]],
  ["two paths", ["a", "b"], ["a", "b"]],
  ["the same path twice", ["a", "a"], ["a"]],
  ["one that is not set", [undefined, "b"], ["b"]],
];

for (const [what, paths, wanted] of HELD) {
  Deno.test(`holdPidFiles() of ${what} holds [${wanted}] and removes them`, () => {
    inFolder((folder, said) => {
      const files = holdPidFiles(
        paths.map((path) => path === undefined ? undefined : `${folder}/${path}`),
        teller(said),
      );
      deepStrictEqual(names(folder), wanted);
      for (const name of wanted) {
        strictEqual(Deno.readTextFileSync(`${folder}/${name}`), `${Deno.pid}\n`);
      }
      files?.remove();
      deepStrictEqual(names(folder), []);
      deepStrictEqual(said, []);
    });
  });
}

Deno.test("holdPidFiles() goes on without a file that cannot be written", () => {
  inFolder((folder, said) => {
    const files = holdPidFiles([`${folder}/no/such/folder`, `${folder}/b`], teller(said));
    deepStrictEqual(names(folder), ["b"]);
    deepStrictEqual(said, ["warning daemon.pid-file"]);
    files?.remove();
    deepStrictEqual(names(folder), []);
  });
});

Deno.test("holdPidFiles() gives up where another daemon runs, and leaves nothing but its file", () => {
  inFolder((folder, said) => {
    const first = holdPidFiles([`${folder}/b`], teller(said));
    strictEqual(holdPidFiles([`${folder}/a`, `${folder}/b`], teller(said)), undefined);
    deepStrictEqual(said, ["error daemon.running"]);
    deepStrictEqual(names(folder), ["b"]);
    first?.remove();
    deepStrictEqual(names(folder), []);
  });
});

Deno.test("holdPidFiles() takes again what was given back", () => {
  inFolder((folder, said) => {
    holdPidFiles([`${folder}/a`], teller(said))?.remove();
    const again = holdPidFiles([`${folder}/a`], teller(said));
    deepStrictEqual(names(folder), ["a"]);
    again?.remove();
    deepStrictEqual(said, []);
  });
});
