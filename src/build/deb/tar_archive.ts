/** A file or a folder of an archive; both belong to root. */
export type TarEntry =
  | {
    readonly kind: "file";
    /** Such as `./usr/sbin/siproxd`. */
    readonly path: string;
    readonly mode: number;
    readonly content: Uint8Array;
  }
  | {
    readonly kind: "folder";
    /** Such as `./usr/sbin/`. */
    readonly path: string;
  };

/** Archives are made of blocks of this size. */
const BLOCK_LENGTH_BYTES = 512;

/** Longest path that one field of the header holds; ours are half as long. */
const MAX_PATH_LENGTH_CHARS = 100;

const FOLDER_MODE = 0o755;

/** Where the checksum stands, and how long it is. */
const CHECKSUM_AT = 148;
const CHECKSUM_LENGTH_BYTES = 8;

const encoder = new TextEncoder();

/**
 * Packs files into an uncompressed tar archive (POSIX ustar), the same bytes each time.
 *
 * @param entries files and folders, parents first
 * @param timeSeconds time that every entry gets, since 1970
 * @returns the archive
 */
export function tarArchive(entries: readonly TarEntry[], timeSeconds: number): Uint8Array {
  const parts = entries.flatMap((entry) => [header(entry, timeSeconds), padded(entry)]);
  const end = new Uint8Array(2 * BLOCK_LENGTH_BYTES);
  return concatenate([...parts, end]);
}

function header(entry: TarEntry, timeSeconds: number): Uint8Array {
  if (entry.path.length > MAX_PATH_LENGTH_CHARS) throw new Error(`path too long: ${entry.path}`);
  const block = new Uint8Array(BLOCK_LENGTH_BYTES);
  const write = (offset: number, text: string) => block.set(encoder.encode(text), offset);
  const lengthBytes = entry.kind === "file" ? entry.content.length : 0;
  write(0, entry.path);
  write(100, octal(entry.kind === "file" ? entry.mode : FOLDER_MODE, 7));
  write(108, octal(0, 7));
  write(116, octal(0, 7));
  write(124, octal(lengthBytes, 11));
  write(136, octal(timeSeconds, 11));
  write(156, entry.kind === "file" ? "0" : "5");
  write(257, "ustar\u000000");
  write(265, "root");
  write(297, "root");
  // The sum is taken with blanks in its own place.
  write(CHECKSUM_AT, " ".repeat(CHECKSUM_LENGTH_BYTES));
  const sum = block.reduce((total, byte) => total + byte, 0);
  write(CHECKSUM_AT, `${octal(sum, 6)}\0 `);
  return block;
}

function octal(value: number, width: number): string {
  return value.toString(8).padStart(width, "0");
}

function padded(entry: TarEntry): Uint8Array {
  if (entry.kind === "folder") return new Uint8Array(0);
  const blocks = Math.ceil(entry.content.length / BLOCK_LENGTH_BYTES);
  const bytes = new Uint8Array(blocks * BLOCK_LENGTH_BYTES);
  bytes.set(entry.content);
  return bytes;
}

/**
 * Joins byte arrays.
 *
 * @param parts in order
 * @returns one array
 */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
