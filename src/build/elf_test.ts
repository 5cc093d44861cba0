import { deepEqual, equal } from "node:assert/strict";
import { elfLengthBytes } from "./elf.ts";

function elfHeader(changes: Readonly<Record<number, number>>): Uint8Array {
  const header = new Uint8Array(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  const view = new DataView(header.buffer);
  view.setBigUint64(0x28, 97_000_000n, true);
  view.setUint16(0x3a, 64, true);
  view.setUint16(0x3c, 40, true);
  for (const [at, byte] of Object.entries(changes)) header[Number(at)] = byte;
  return header;
}

Deno.test("elfLengthBytes() is the end of the section header table", () => {
  deepEqual(elfLengthBytes(elfHeader({})), { ok: true, value: 97_000_000 + 64 * 40 });
});

Deno.test("elfLengthBytes() honours where a view begins in its buffer", () => {
  const whole = new Uint8Array(100);
  whole.set(elfHeader({}), 36);
  deepEqual(elfLengthBytes(whole.subarray(36)), { ok: true, value: 97_002_560 });
});

Deno.test("elfLengthBytes() agrees with the program that runs this test", () => {
  using file = Deno.openSync(Deno.execPath());
  const header = new Uint8Array(64);
  equal(file.readSync(header), 64);
  deepEqual(elfLengthBytes(header), { ok: true, value: file.statSync().size });
});

Deno.test("elfLengthBytes() refuses what is no 64-bit little-endian ELF", () => {
  const rows: readonly (readonly [Uint8Array, string])[] = [
    [new Uint8Array(63), "Cannot read ELF header: only 63 bytes"],
    [elfHeader({ 1: 0 }), "Cannot read ELF header: wrong magic number"],
    [elfHeader({ 4: 1 }), "Cannot read ELF header: not 64-bit little-endian"],
    [elfHeader({ 5: 2 }), "Cannot read ELF header: not 64-bit little-endian"],
  ];
  for (const [header, error] of rows) deepEqual(elfLengthBytes(header), { ok: false, error });
});
