import { err, ok, type Result } from "../base/result.ts";
import { MAX_INT31 } from "./limits.ts";
import { parseDigits } from "./scan.ts";

/**
 * Parses a Content-Length value (RFC 3261 §20.14): digits only, below 2^31 (R5).
 *
 * @param text the field value
 * @returns octets of the body
 */
export function parseContentLength(text: string): Result<number> {
  const lengthBytes = parseDigits(text);
  if (lengthBytes === undefined) return err("Cannot parse Content-Length: not a number of digits");
  if (lengthBytes > MAX_INT31) return err(`Cannot use Content-Length: highest is ${MAX_INT31}`);
  return ok(lengthBytes);
}
