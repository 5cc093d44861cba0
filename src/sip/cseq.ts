import { err, ok, type Result } from "../base/result.ts";
import { MAX_INT31 } from "./limits.ts";
import { parseDigits, skipBlanks, tokenEnd } from "./scan.ts";

/** A CSeq value (RFC 3261 §20.16). */
export interface Cseq {
  /** 0 … 2^31 - 1. */
  readonly number: number;
  /** Case matters: methods are compared as written. */
  readonly method: string;
}

/**
 * Parses a CSeq value; numbers from 2^31 on are refused (RFC 3261 §8.1.1.5, RFC 4475 §3.1.2.4).
 *
 * @param text the field value
 * @returns number and method
 */
export function parseCseq(text: string): Result<Cseq> {
  const numberEnd = tokenEnd(text, 0);
  const number = parseDigits(text.slice(0, numberEnd));
  if (number === undefined) return err("Cannot parse CSeq: missing number");
  if (number > MAX_INT31) return err(`Cannot use CSeq: highest number is ${MAX_INT31}`);
  const methodStart = skipBlanks(text, numberEnd);
  const methodEnd = tokenEnd(text, methodStart);
  if (methodStart === numberEnd || methodEnd === methodStart || methodEnd !== text.length) {
    return err("Cannot parse CSeq: missing or malformed method");
  }
  return ok({ number, method: text.slice(methodStart) });
}
