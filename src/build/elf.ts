import { err, ok, type Result } from "../base/result.ts";

/** Length of a 64-bit ELF header. */
const HEADER_LENGTH_BYTES = 64;

const MAGIC = [0x7f, 0x45, 0x4c, 0x46] as const;
const CLASS_64_BIT = 2;
const LITTLE_ENDIAN = 1;

/** Offsets of the header fields that place the section header table (ELF-64 object file format). */
const SECTION_TABLE_OFFSET_AT = 0x28;
const SECTION_ENTRY_SIZE_AT = 0x3a;
const SECTION_COUNT_AT = 0x3c;

/**
 * Computes where an ELF program ends, from its header: the linker writes the section header table last.
 *
 * What follows is no part of the program: `deno compile` puts the user's code there.
 *
 * @param program bytes of a 64-bit little-endian ELF file, at least its header
 * @returns the program's own length in bytes
 */
export function elfLengthBytes(program: Uint8Array): Result<number> {
  if (program.length < HEADER_LENGTH_BYTES) {
    return err(`Cannot read ELF header: only ${program.length} bytes`);
  }
  if (!MAGIC.every((byte, at) => program[at] === byte)) {
    return err("Cannot read ELF header: wrong magic number");
  }
  if (program[4] !== CLASS_64_BIT || program[5] !== LITTLE_ENDIAN) {
    return err("Cannot read ELF header: not 64-bit little-endian");
  }
  const view = new DataView(program.buffer, program.byteOffset, HEADER_LENGTH_BYTES);
  const tableOffset = view.getBigUint64(SECTION_TABLE_OFFSET_AT, true);
  const tableLength = view.getUint16(SECTION_ENTRY_SIZE_AT, true) *
    view.getUint16(SECTION_COUNT_AT, true);
  return ok(Number(tableOffset) + tableLength);
}
