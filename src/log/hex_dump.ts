/** Bytes on one line. */
const BYTES_PER_LINE = 16;

/** Most bytes of one dump: the largest datagram we take. */
const MAX_DUMP_BYTES = 65_536;

/**
 * Writes bytes in siproxd's dump format, which its extract tool turns back into binary.
 *
 * @param bytes what came or went; cut after 64 KiB
 * @returns `---BUFFER DUMP follows---`, the lines, `---end of BUFFER DUMP---`
 */
export function hexDump(bytes: Uint8Array): string {
  const lines = ["---BUFFER DUMP follows---"];
  const end = Math.min(bytes.length, MAX_DUMP_BYTES);
  for (let at = 0; at < end; at += BYTES_PER_LINE) {
    lines.push(dumpLine(bytes.subarray(at, Math.min(at + BYTES_PER_LINE, end))));
  }
  lines.push("---end of BUFFER DUMP---");
  return lines.join("\n");
}

function dumpLine(bytes: Uint8Array): string {
  const codes = Array.from(bytes);
  const hex = codes.map((code) => code.toString(16).padStart(2, "0")).join(" ");
  const text = codes.map((code) => code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : ".");
  return `  ${hex.padEnd(BYTES_PER_LINE * 3 - 1)} ${text.join("")}`;
}
