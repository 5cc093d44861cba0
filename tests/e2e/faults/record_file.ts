/**
 * siproxd's registration file, read without the daemon's own code.
 *
 * A test that used the daemon's reader would share its mistakes. It knows what a whole file looks like and throws on
 * everything else. Called by the fault tests.
 *
 * @module
 */

/** One registered phone. */
export interface FileRecord {
  readonly user: string;
  readonly contact: string;
  readonly expiresSeconds: number;
}

/** Records of siproxd's table: a shorter file is a torn one. */
const MIN_RECORDS = 512;

const HEADER = /^\*{4}:([01]):(\d+)$/;

/** Reads a whole file; one that is torn throws, with the line where it is. */
export function readRecords(text: string): readonly FileRecord[] {
  if (!text.endsWith("\n")) throw new Error(`Cannot read file: torn after ${text.length} bytes`);
  const lines = text.split("\n").slice(0, -1);
  const records: FileRecord[] = [];
  let slots = 0, phones = 0, index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? "";
    const header = HEADER.exec(line);
    if (line.startsWith("#")) {
      if (line.startsWith("#phone ")) phones++;
      index++;
      continue;
    }
    if (header === null) throw new Error(`Cannot read line ${index + 1}: "${line}" is no header`);
    slots++;
    index++;
    if (header[1] === "0") continue;
    const [contact = "", publicUri = "", aor = ""] = lines.slice(index, index + 3);
    const isWhole = [contact, publicUri, aor].every((uri) => /^sips?:\S+$/.test(uri));
    if (!isWhole) throw new Error(`Cannot read record at line ${index}: it is torn`);
    const user = /^sips?:([^@]*)@/.exec(aor)?.[1] ?? "";
    records.push({ user, contact, expiresSeconds: Number(header[2]) });
    index += 3;
  }
  if (slots < MIN_RECORDS) throw new Error(`Cannot read file: torn after ${slots} records`);
  if (phones !== records.length) {
    throw new Error(`Cannot read file: ${records.length} records, ${phones} of them described`);
  }
  return records;
}
