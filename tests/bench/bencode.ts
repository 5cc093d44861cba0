/** A value of the bencode format, as rtpengine's control protocol carries it. */
export type Bencode = string | number | readonly Bencode[] | { readonly [key: string]: Bencode };

/** Writes a value in bencode; strings must be ASCII, which SDP and our keys are. */
export function encodeBencode(value: Bencode): string {
  if (typeof value === "string") return `${value.length}:${value}`;
  if (typeof value === "number") return `i${value}e`;
  if (isList(value)) return `l${value.map(encodeBencode).join("")}e`;
  const entries = Object.entries(value).map(([key, one]) =>
    encodeBencode(key) + encodeBencode(one)
  );
  return `d${entries.join("")}e`;
}

/** Reads one bencode value; throws on anything else. */
export function decodeBencode(text: string): Bencode {
  return readValue(text, 0).value;
}

interface Read {
  readonly value: Bencode;
  readonly end: number;
}

function readValue(text: string, start: number): Read {
  switch (text[start]) {
    case "i": {
      const end = text.indexOf("e", start);
      return { value: Number(text.slice(start + 1, end)), end: end + 1 };
    }
    case "l": {
      const { items, end } = readItems(text, start + 1);
      return { value: items, end };
    }
    case "d": {
      const { items, end } = readItems(text, start + 1);
      const value: Record<string, Bencode> = {};
      for (let index = 0; index < items.length; index += 2) {
        value[String(items[index])] = items[index + 1] ?? "";
      }
      return { value, end };
    }
    default:
      return readString(text, start);
  }
}

function readItems(
  text: string,
  start: number,
): { readonly items: readonly Bencode[]; readonly end: number } {
  const items: Bencode[] = [];
  let at = start;
  while (text[at] !== "e") {
    const { value, end } = readValue(text, at);
    items.push(value);
    at = end;
  }
  return { items, end: at + 1 };
}

function readString(text: string, start: number): Read {
  const colon = text.indexOf(":", start);
  const length = Number(text.slice(start, colon));
  if (colon < 0 || !Number.isInteger(length)) {
    throw new Error(`Cannot read bencode: no string at offset ${start}`);
  }
  return { value: text.slice(colon + 1, colon + 1 + length), end: colon + 1 + length };
}

function isList(value: Bencode): value is readonly Bencode[] {
  return Array.isArray(value);
}
