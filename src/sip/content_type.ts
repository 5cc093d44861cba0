import { err, ok, type Result } from "../base/result.ts";
import { excerpt } from "./excerpt.ts";
import { type Parameter, parseParameters } from "./parameters.ts";
import { skipBlanks, tokenEnd } from "./scan.ts";

/** A Content-Type value (RFC 3261 §20.15). */
export interface ContentType {
  /** `type/subtype` in lower case. */
  readonly mediaType: string;
  readonly parameters: readonly Parameter[];
}

/**
 * Parses a Content-Type value; blanks around the slash are allowed.
 *
 * @param text the field value
 * @returns media type and parameters
 */
export function parseContentType(text: string): Result<ContentType> {
  const typeEnd = tokenEnd(text, 0);
  const slash = skipBlanks(text, typeEnd);
  const subtypeStart = skipBlanks(text, slash + 1);
  const subtypeEnd = tokenEnd(text, subtypeStart);
  if (typeEnd === 0 || text.charCodeAt(slash) !== 0x2f || subtypeEnd === subtypeStart) {
    return err(`Cannot parse Content-Type ${excerpt(text)}: no type/subtype`);
  }
  const parameters = parseParameters(text, subtypeEnd);
  if (!parameters.ok) return err(`Cannot parse Content-Type ${excerpt(text)}: ${parameters.error}`);
  const mediaType = `${text.slice(0, typeEnd)}/${text.slice(subtypeStart, subtypeEnd)}`;
  return ok({ mediaType: mediaType.toLowerCase(), parameters: parameters.value });
}
