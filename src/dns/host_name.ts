/** RFC 1035 §2.3.4: longest name in its text form. */
const MAX_NAME_LENGTH_CHARS = 253;

/** RFC 1035 §2.3.4: longest label. */
const MAX_LABEL_LENGTH_CHARS = 63;

/**
 * Brings a host name into the form that tables and queries use.
 *
 * Only letters, digits, `-`, `_` and dots are let through: what stands in a message or a file never reaches a
 * resolver otherwise. Underscores are none of RFC 3261's host names, but of many a local one's.
 *
 * @param text a host name as written, with or without the final dot
 * @returns lower case without the final dot, or undefined when it can be no name
 */
export function canonicalHost(text: string): string | undefined {
  const bare = text.endsWith(".") ? text.slice(0, -1) : text;
  if (bare.length < 1 || bare.length > MAX_NAME_LENGTH_CHARS) return undefined;
  let label = 0;
  for (let index = 0; index < bare.length; index++) {
    const code = bare.charCodeAt(index);
    if (code === 0x2e) {
      if (label === 0) return undefined;
      label = 0;
      continue;
    }
    if (!isNameCharacter(code) || ++label > MAX_LABEL_LENGTH_CHARS) return undefined;
  }
  return label === 0 ? undefined : bare.toLowerCase();
}

function isNameCharacter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f;
}
