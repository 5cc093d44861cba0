import { deepEqual, equal, match } from "node:assert/strict";
import { debianArchitecture, packagePath } from "./architecture.ts";
import { checksumText, controlText, type InstalledFile } from "./control.ts";

const FILES: readonly InstalledFile[] = [
  { path: "etc/a", mode: 0o644, content: new TextEncoder().encode("abc") },
  { path: "usr/sbin/b", mode: 0o755, content: new Uint8Array(1025) },
];

Deno.test("controlText() names package, machine, size and needs", () => {
  const text = controlText({ version: "1.2.3", architecture: "arm64", files: FILES });
  const fields = new Map(
    text.split("\n").filter((line) => /^[A-Z]/.test(line)).map((line): [string, string] => {
      const [name = "", value = ""] = line.split(": ");
      return [name, value];
    }),
  );
  deepEqual(
    ["Package", "Version", "Architecture", "Installed-Size"].map((name) => fields.get(name)),
    ["siproxd", "1.2.3", "arm64", "3"],
  );
  match(fields.get("Depends") ?? "", /libc6 \(>= 2\.27\)/);
  equal(text.endsWith(".\n"), true);
});

Deno.test("controlText() has no line but those of fields and their continuation", () => {
  const text = controlText({ version: "1", architecture: "amd64", files: [] });
  deepEqual(
    text.trimEnd().split("\n").filter((line) => !/^(?:[A-Z][A-Za-z-]+: | \S)/.test(line)),
    [],
  );
});

Deno.test("checksumText() is what md5sum writes", () => {
  equal(
    checksumText(FILES).split("\n")[0],
    "900150983cd24fb0d6963f7d28e17f72  etc/a",
  );
});

Deno.test("packagePath() uses Debian's name of a machine", () => {
  equal(packagePath("x86_64", "1.2.3"), "dist/siproxd_1.2.3_amd64.deb");
  equal(debianArchitecture("aarch64"), "arm64");
});
