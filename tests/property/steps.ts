import { decodeLatin1, encodeLatin1 } from "../../src/base/text.ts";
import type { Side } from "../../src/base/socket_address.ts";

/** One thing that happens to the core. */
export interface Step {
  /** `answer` is a response to what the core sent last; `advance` lets a second pass for each character. */
  readonly kind: "receive" | "answer" | "advance";
  /** Index into {@linkcode SOURCES}. */
  readonly source: number;
  readonly text: string;
}

/** Who may send: two phones, a neighbour, this machine; the provider, a stranger, ourselves, a private address. */
export const SOURCES: readonly { readonly side: Side; readonly source: string }[] = [
  { side: "lan", source: "10.0.0.10:5062" },
  { side: "lan", source: "10.0.0.11:5064" },
  { side: "lan", source: "10.0.0.77:5060" },
  { side: "lan", source: "127.0.0.1:5080" },
  { side: "wan", source: "192.0.2.10:5070" },
  { side: "wan", source: "192.0.2.66:5060" },
  { side: "wan", source: "192.0.2.1:5060" },
  { side: "wan", source: "192.168.3.3:1024" },
];

const KINDS: readonly Step["kind"][] = ["receive", "answer", "advance", "receive"];

/** Longest text that the two octets of its length can tell. */
const MAX_STEP_LENGTH_CHARS = 65_535;

/**
 * Writes steps as octets, so that a found case is a plain file.
 *
 * @param variant first octet: which configuration
 * @param steps what happens
 * @returns the variant, then for each step its kind and source in one octet, its length in two, its text
 */
export function encodeSteps(variant: number, steps: readonly Step[]): Uint8Array<ArrayBuffer> {
  const records = steps.map(({ kind, source, text }) => {
    const head = KINDS.indexOf(kind) * 8 + source;
    const { length } = text.slice(0, MAX_STEP_LENGTH_CHARS);
    return String.fromCharCode(head, length >> 8, length & 255) + text.slice(0, length);
  });
  return encodeLatin1(String.fromCharCode(variant) + records.join(""));
}

/**
 * Reads steps; the reverse of {@linkcode encodeSteps}, and something for any other octets.
 *
 * @param octets what was written
 * @returns the steps, the last one possibly cut short
 */
export function readSteps(octets: Uint8Array): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 1; at + 3 <= octets.length;) {
    const [head = 0, high = 0, low = 0] = octets.subarray(at, at + 3);
    const end = at + 3 + high * 256 + low;
    const text = decodeLatin1(octets.subarray(at + 3, end));
    steps.push({ kind: KINDS[(head >> 3) & 3] ?? "receive", source: head & 7, text });
    at = end;
  }
  return steps;
}
