/** A member of an ar archive. */
export interface ArMember {
  /** At most 16 characters. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** What every member's header ends with. */
const HEADER_END = "`\n";

const encoder = new TextEncoder();

/**
 * Packs members into an ar archive, as deb(5) wants it.
 *
 * @param members files in order
 * @param timeSeconds time that every member gets, since 1970
 * @returns the archive's parts, to be written one behind the other
 */
export function arArchive(
  members: readonly ArMember[],
  timeSeconds: number,
): readonly Uint8Array[] {
  return [
    encoder.encode("!<arch>\n"),
    ...members.flatMap(({ name, content }) => [
      encoder.encode(header({ name, timeSeconds, lengthBytes: content.length })),
      content,
      // Members begin at even offsets.
      encoder.encode(content.length % 2 === 0 ? "" : "\n"),
    ]),
  ];
}

interface Header {
  readonly name: string;
  readonly timeSeconds: number;
  readonly lengthBytes: number;
}

function header({ name, timeSeconds, lengthBytes }: Header): string {
  return [
    name.padEnd(16),
    String(timeSeconds).padEnd(12),
    "0".padEnd(6),
    "0".padEnd(6),
    "100644".padEnd(8),
    String(lengthBytes).padEnd(10),
    HEADER_END,
  ].join("");
}
