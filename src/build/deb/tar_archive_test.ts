import { deepEqual, equal, throws } from "node:assert/strict";
import { readTarEntry } from "../tar.ts";
import { concatenate, tarArchive, type TarEntry } from "./tar_archive.ts";

function file(path: string, content: string): TarEntry {
  return { kind: "file", path, mode: 0o644, content: new TextEncoder().encode(content) };
}

const ENTRIES: readonly TarEntry[] = [
  { kind: "folder", path: "./etc/" },
  file("./etc/a.conf", "a = 1\n"),
  file("./etc/empty", ""),
];

Deno.test("tarArchive() is read back by readTarEntry()", () => {
  const archive = tarArchive(ENTRIES, 1_000_000_000);
  const entry = readTarEntry(archive, "./etc/a.conf");
  equal(entry.ok ? new TextDecoder().decode(entry.value) : entry.error, "a = 1\n");
  equal(archive.length, 512 + 1024 + 512 + 1024);
});

Deno.test("tarArchive() writes a header whose sum is right", () => {
  const block = tarArchive(ENTRIES, 1_000_000_000).subarray(512, 1024);
  const field = new TextDecoder().decode(block.subarray(148, 156));
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  equal(field, `${sum.toString(8).padStart(6, "0")}\0 `);
  equal(new TextDecoder().decode(block.subarray(100, 107)), "0000644");
  equal(new TextDecoder().decode(block.subarray(136, 147)), "07346545000");
});

Deno.test("tarArchive() makes the same bytes of the same files", () => {
  deepEqual(tarArchive(ENTRIES, 5), tarArchive(ENTRIES, 5));
});

Deno.test("tarArchive() refuses a path that does not fit", () => {
  throws(() => tarArchive([file(`./${"x".repeat(99)}`, "")], 0), /path too long/);
});

Deno.test("concatenate() joins in order", () => {
  deepEqual(
    concatenate([new Uint8Array([1]), new Uint8Array(0), new Uint8Array([2, 3])]),
    new Uint8Array([1, 2, 3]),
  );
});
