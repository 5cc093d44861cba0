import { err, ok, type Result } from "../base/result.ts";

/** A tar archive is made of blocks of this size; headers and contents are padded to it. */
const BLOCK_LENGTH_BYTES = 512;

/** Offsets and lengths of header fields (POSIX ustar). */
const NAME_LENGTH_BYTES = 100;
const SIZE_AT = 124;
const SIZE_LENGTH_BYTES = 12;

function readText(header: Uint8Array): string {
  const end = header.indexOf(0);
  return new TextDecoder().decode(end < 0 ? header : header.subarray(0, end)).trim();
}

/**
 * Finds one file in an uncompressed tar archive.
 *
 * @param archive the archive's bytes
 * @param name path inside the archive, at most 100 bytes long
 * @returns a view of the file's content
 */
export function readTarEntry(archive: Uint8Array, name: string): Result<Uint8Array> {
  let at = 0;
  while (at + BLOCK_LENGTH_BYTES <= archive.length) {
    const entryName = readText(archive.subarray(at, at + NAME_LENGTH_BYTES));
    if (entryName === "") break;
    const sizeText = readText(archive.subarray(at + SIZE_AT, at + SIZE_AT + SIZE_LENGTH_BYTES));
    if (!/^[0-7]+$/.test(sizeText)) {
      return err(`Cannot read archive entry "${entryName}": size "${sizeText}" is not octal`);
    }
    const lengthBytes = parseInt(sizeText, 8);
    const start = at + BLOCK_LENGTH_BYTES;
    if (start + lengthBytes > archive.length) {
      return err(`Cannot read archive entry "${entryName}": archive is cut short`);
    }
    if (entryName === name) return ok(archive.subarray(start, start + lengthBytes));
    at = start + Math.ceil(lengthBytes / BLOCK_LENGTH_BYTES) * BLOCK_LENGTH_BYTES;
  }
  return err(`Cannot read archive: no entry "${name}"`);
}
