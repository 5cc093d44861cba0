import { deepEqual } from "node:assert/strict";
import { readTarEntry } from "./tar.ts";

function block(content: Uint8Array, lengthBytes: number): Uint8Array {
  const padded = new Uint8Array(lengthBytes);
  padded.set(content);
  return padded;
}

function entry(name: string, content: string, sizeText?: string): Uint8Array[] {
  const encoder = new TextEncoder();
  const body = encoder.encode(content);
  const header = block(encoder.encode(name), 512);
  const size = sizeText ?? body.length.toString(8).padStart(11, "0");
  header.set(encoder.encode(`${size}\0`), 124);
  return [header, block(body, Math.ceil(body.length / 512) * 512)];
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

const ARCHIVE = join([
  ...entry("package/package.json", "{}"),
  ...entry("package/empty", ""),
  ...entry("package/bin/steady", "x".repeat(600)),
  new Uint8Array(1024),
]);

Deno.test("readTarEntry() finds a file behind others", () => {
  const want = new TextEncoder().encode("x".repeat(600));
  deepEqual(readTarEntry(ARCHIVE, "package/bin/steady"), { ok: true, value: want });
  deepEqual(readTarEntry(ARCHIVE, "package/empty"), { ok: true, value: new Uint8Array() });
});

Deno.test("readTarEntry() says what is wrong with an archive", () => {
  const rows: readonly (readonly [Uint8Array, string])[] = [
    [new Uint8Array(), 'Cannot read archive: no entry "a"'],
    [ARCHIVE, 'Cannot read archive: no entry "a"'],
    [join(entry("b", "1", "9")), 'Cannot read archive entry "b": size "9" is not octal'],
    [join(entry("b", "1", "7777")), 'Cannot read archive entry "b": archive is cut short'],
  ];
  for (const [archive, error] of rows) {
    deepEqual(readTarEntry(archive, "a"), { ok: false, error });
  }
});
