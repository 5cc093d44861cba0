import { deepEqual, equal } from "node:assert/strict";
import { arArchive } from "./ar.ts";

function text(parts: readonly Uint8Array[]): string {
  return parts.map((part) => new TextDecoder().decode(part)).join("");
}

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

Deno.test("arArchive() writes a header of 60 bytes before each member", () => {
  equal(
    text(arArchive([{ name: "debian-binary", content: bytes("2.0\n") }], 1000)),
    "!<arch>\n" +
      "debian-binary   1000        0     0     100644  4         `\n" +
      "2.0\n",
  );
});

Deno.test("arArchive() lets each member begin at an even offset", () => {
  const archive = text(
    arArchive([{ name: "a", content: bytes("odd") }, { name: "b", content: bytes("") }], 0),
  );
  deepEqual([archive.length, archive.slice(68, 74)], [132, "odd\nb "]);
});
