import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { findConfig, searchPath } from "./find_config.ts";

function withFile(bytes: Uint8Array, test: (path: string) => void): void {
  const path = Deno.makeTempFileSync();
  try {
    Deno.writeFileSync(path, bytes);
    test(path);
  } finally {
    Deno.removeSync(path);
  }
}

Deno.test("findConfig() reads the named file and no other", () => {
  withFile(new TextEncoder().encode("ua_string = Büro\n"), (path) => {
    deepStrictEqual(findConfig(path), { kind: "file", path, text: "ua_string = Büro\n" });
  });
});

Deno.test("findConfig() takes a file that is no UTF-8 for latin1", () => {
  withFile(Uint8Array.of(0x42, 0xfc, 0x72, 0x6f), (path) => {
    deepStrictEqual(findConfig(path), { kind: "file", path, text: "Büro" });
  });
});

Deno.test("findConfig() reads a path longer than 63 bytes whole, where siproxd cuts it", () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/${"x".repeat(100)}.conf`;
  Deno.writeTextFileSync(path, "a = 1");
  deepStrictEqual(findConfig(path), { kind: "file", path, text: "a = 1" });
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("findConfig() says why a named file cannot be read", () => {
  deepStrictEqual(findConfig("/nonexistent/siproxd.conf"), {
    kind: "unreadable",
    path: "/nonexistent/siproxd.conf",
    message: 'Cannot read "/nonexistent/siproxd.conf": no such file',
  });
  const folder = Deno.makeTempDirSync();
  const found = findConfig(folder);
  strictEqual(found.kind, "unreadable");
  Deno.removeSync(folder);
});

Deno.test("findConfig() refuses what the runtime guards in plain words", async () => {
  const module = new URL("./find_config.ts", import.meta.url).href;
  const script = `import { findConfig } from ${JSON.stringify(module)};
    console.log(JSON.stringify(findConfig("/dev/stdin")));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--allow-read", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  const { stdout } = await child.output();
  deepStrictEqual(JSON.parse(new TextDecoder().decode(stdout)), {
    kind: "unreadable",
    path: "/dev/stdin",
    message: 'Cannot read "/dev/stdin": siproxd may not use files there',
  });
});

Deno.test("findConfig() ends reading a file without end", () => {
  const found = findConfig("/dev/zero");
  strictEqual(found.kind === "file" && found.text.length < 5_000_000, true);
});

Deno.test("searchPath() is siproxd's, home folder first", () => {
  const home = Deno.env.get("HOME");
  const places = [
    "/etc/siproxd.conf",
    "/etc/siproxd/siproxd.conf",
    "/usr/etc/siproxd.conf",
    "/usr/local/etc/siproxd.conf",
  ];
  deepStrictEqual(searchPath(), home === undefined ? places : [`${home}/.siproxdrc`, ...places]);
});

Deno.test("findConfig() takes the first file of the search path alone", () => {
  const home = Deno.env.get("HOME");
  const folder = Deno.makeTempDirSync();
  try {
    Deno.env.set("HOME", folder);
    Deno.writeTextFileSync(`${folder}/.siproxdrc`, "if_inbound = lan0\n");
    deepStrictEqual(findConfig(undefined), {
      kind: "file",
      path: `${folder}/.siproxdrc`,
      text: "if_inbound = lan0\n",
    });
  } finally {
    if (home === undefined) Deno.env.delete("HOME");
    else Deno.env.set("HOME", home);
    Deno.removeSync(folder, { recursive: true });
  }
});
