import { EMERGENCY_NUMBERS, plainNumber } from "./dialled_number.ts";

/** What rules are made of, as it stands in siproxd.conf. */
export interface NumberRuleTexts {
  readonly forbid: readonly string[];
  readonly allow: readonly string[];
  readonly emergency: readonly string[];
  readonly international: string;
}

/** What the rules say to a number. */
export type NumberVerdict = "emergency" | "forbidden" | "allowed";

/** Service URNs that are emergency calls (RFC 5031 §4.2). */
const EMERGENCY_SERVICE = "urn:service:sos";

/** Destination prefixes that must not be dialled, and numbers that always may. */
export class NumberRules {
  readonly #forbid: readonly string[];
  readonly #allow: readonly string[];
  readonly #emergency: ReadonlySet<string>;

  constructor(texts: NumberRuleTexts) {
    const plain = (numbers: readonly string[]) =>
      numbers.flatMap((number) => plainNumber(number, texts.international) ?? []);
    this.#forbid = plain(texts.forbid);
    this.#allow = plain(texts.allow);
    this.#emergency = new Set([...EMERGENCY_NUMBERS, ...plain(texts.emergency)]);
  }

  /** Judges a number as `dialledNumber` gives it; of two prefixes that match, the longer one counts. */
  judge(number: string): NumberVerdict {
    if (this.#emergency.has(number)) return "emergency";
    if (number === EMERGENCY_SERVICE || number.startsWith(`${EMERGENCY_SERVICE}.`)) {
      return "emergency";
    }
    const forbidden = longestMatch(this.#forbid, number);
    return forbidden > longestMatch(this.#allow, number) ? "forbidden" : "allowed";
  }
}

/** Length of the longest prefix that a number begins with; -1 without one. */
function longestMatch(prefixes: readonly string[], number: string): number {
  let longest = -1;
  for (const prefix of prefixes) {
    if (prefix.length > longest && number.startsWith(prefix)) longest = prefix.length;
  }
  return longest;
}
