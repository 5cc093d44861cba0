import { quotedStringEnd, trimBlanks } from "./scan.ts";

/**
 * Finds where a list element ends; commas inside quotes and angle brackets are not separators (RFC 3261 §7.3).
 *
 * @param text a field value
 * @param start offset of the element
 * @returns offset of the comma, or the length of the text; an open quote or bracket swallows the rest
 */
export function elementEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x2c) return at;
    if (code === 0x22 || code === 0x3c) {
      const end = code === 0x22 ? quotedStringEnd(text, at) : text.indexOf(">", at) + 1;
      if (end <= 0) return text.length;
      at = end;
      continue;
    }
    at++;
  }
  return at;
}

/**
 * Splits a field value at its commas; empty elements are left out.
 *
 * @param value a field value
 * @returns the trimmed elements in order
 * @example Quotes and brackets
 * ```ts
 * import { splitList } from "./comma_list.ts";
 * if (splitList('"a, b" <sip:c,d@e>;q=1 , <sip:f@g>').length !== 2) throw new Error("unexpected");
 * ```
 */
export function splitList(value: string): readonly string[] {
  if (value.indexOf(",") < 0) return value === "" ? [] : [value];
  const elements: string[] = [];
  for (let start = 0; start < value.length;) {
    const end = elementEnd(value, start);
    const element = trimBlanks(value.slice(start, end));
    if (element !== "") elements.push(element);
    start = end + 1;
  }
  return elements;
}

/**
 * Gives the first element of a list without splitting the rest; empty elements before it are left out.
 *
 * @param value a field value
 * @returns the trimmed element, empty when there is none
 */
export function firstListElement(value: string): string {
  if (value.indexOf(",") < 0) return value;
  for (let start = 0; start < value.length;) {
    const end = elementEnd(value, start);
    const element = trimBlanks(value.slice(start, end));
    if (element !== "") return element;
    start = end + 1;
  }
  return "";
}

/**
 * Counts the elements of a list.
 *
 * @param value a field value
 * @returns number of elements, empty ones counted too: an upper bound of what splitList gives
 */
export function countListElements(value: string): number {
  let count = 1;
  for (let at = elementEnd(value, 0); at < value.length; at = elementEnd(value, at + 1)) count++;
  return count;
}
