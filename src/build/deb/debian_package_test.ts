import { deepEqual, equal, ok } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { readTarEntry } from "../tar.ts";
import { debianPackage, type PackageContent } from "./debian_package.ts";

const CONTENT: PackageContent = {
  version: "1.2.3",
  architecture: "amd64",
  timeSeconds: 1_795_000_000,
  files: [{ path: "usr/sbin/x", mode: 0o755, content: new TextEncoder().encode("program") }],
  scripts: [{ name: "postinst", text: "#!/bin/sh\n" }],
};

/** The part that holds a member's content stands behind the one with its header. */
function member(name: string): Uint8Array {
  const parts = debianPackage(CONTENT);
  const header = parts.findIndex((part) => new TextDecoder().decode(part).startsWith(name));
  return parts[header + 1] ?? new Uint8Array(0);
}

function textIn(archive: string, path: string): string {
  const found = readTarEntry(gunzipSync(member(archive)), path);
  return found.ok ? new TextDecoder().decode(found.value) : found.error;
}

Deno.test("debianPackage() begins with the format's version", () => {
  equal(new TextDecoder().decode(member("debian-binary")), "2.0\n");
});

Deno.test("debianPackage() packs control, checksums, configuration files and scripts", () => {
  ok(textIn("control.tar.gz", "./control").startsWith("Package: siproxd\nVersion: 1.2.3\n"));
  ok(textIn("control.tar.gz", "./md5sums").endsWith("  usr/sbin/x\n"));
  equal(textIn("control.tar.gz", "./conffiles"), "/etc/siproxd/siproxd.conf\n");
  equal(textIn("control.tar.gz", "./postinst"), "#!/bin/sh\n");
});

Deno.test("debianPackage() packs the files", () => {
  equal(textIn("data.tar.gz", "./usr/sbin/x"), "program");
});

Deno.test("debianPackage() makes the same bytes of the same content", () => {
  deepEqual(debianPackage(CONTENT), debianPackage(CONTENT));
});
