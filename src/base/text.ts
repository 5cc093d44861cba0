const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** Bytes a call of `String.fromCharCode` takes at once: below every engine's argument limit. */
const CHUNK_LENGTH_BYTES = 8192;

/**
 * Decodes bytes one to one into the code points 0 … 255, so that encoding again gives the same bytes.
 *
 * Plain ASCII, which nearly every SIP message is, takes the fast native decoder.
 *
 * @param bytes any octets
 * @returns a text of exactly as many characters
 */
export function decodeLatin1(bytes: Uint8Array): string {
  const fast = utf8.decode(bytes);
  if (fast.length === bytes.length && fast.indexOf("\ufffd") < 0) return fast;
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK_LENGTH_BYTES) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK_LENGTH_BYTES));
  }
  return text;
}

/**
 * Encodes a text of code points 0 … 255 one to one into bytes; the reverse of {@linkcode decodeLatin1}.
 *
 * @param text latin1 text
 * @returns new bytes, one a character
 * @throws RangeError when a character is above 255: such text never came from the wire
 */
export function encodeLatin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = utf8Encoder.encode(text);
  if (bytes.length === text.length) return bytes;
  const latin1 = new Uint8Array(text.length);
  fillLatin1(text, latin1);
  return latin1;
}

function fillLatin1(text: string, bytes: Uint8Array): void {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 255) throw new RangeError(`Cannot encode text: character ${code} at ${index}`);
    bytes[index] = code;
  }
}

/** Texts up to this length share a block: a datagram's worth, so that a block serves some dozens of them. */
const MAX_SHARED_LENGTH_BYTES = 4_096;

/** Length of a block: one allocation outside the engine's heap in place of one a message. */
const BLOCK_LENGTH_BYTES = 65_536;

/**
 * Room behind a text: with it the native encoder fills exactly the text's length for plain ASCII alone, as no character
 * takes more than four bytes. What the encoder says it has read cannot tell: optimised, Deno 2.7 counts bytes there.
 */
const ROOM_LENGTH_BYTES = 4;

let block = new Uint8Array(0);
let blockUsedBytes = 0;

/**
 * Encodes a text like {@linkcode encodeLatin1}, into bytes that lie beside others in a shared block and are never written
 * again: for messages to be sent, of which thousands a second would each cost an allocation and its collection.
 *
 * @param text latin1 text
 * @returns a view of exactly the text's bytes; post a copy of it to another isolate, never the view
 * @throws RangeError when a character is above 255
 */
export function encodeShared(text: string): Uint8Array<ArrayBuffer> {
  if (text.length > MAX_SHARED_LENGTH_BYTES) return encodeLatin1(text);
  if (blockUsedBytes + text.length + ROOM_LENGTH_BYTES > block.length) {
    block = new Uint8Array(BLOCK_LENGTH_BYTES);
    blockUsedBytes = 0;
  }
  const end = blockUsedBytes + text.length;
  const bytes = block.subarray(blockUsedBytes, end);
  const roomy = block.subarray(blockUsedBytes, end + ROOM_LENGTH_BYTES);
  if (utf8Encoder.encodeInto(text, roomy).written !== text.length) fillLatin1(text, bytes);
  blockUsedBytes += text.length;
  return bytes;
}

/**
 * Makes a text from the network safe to print on one line of a log or a terminal (R25).
 *
 * @param text anything
 * @returns the text with C0, C1 controls, DEL and backslash escaped as `\xHH`
 */
export function escapeControl(text: string): string {
  let escaped = "";
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const printable = code >= 0x20 && code !== 0x5c && (code < 0x7f || code > 0x9f);
    escaped += printable ? text[index] : `\\x${code.toString(16).padStart(2, "0")}`;
  }
  return escaped;
}

/**
 * Copies a text that will be kept: one cut out of a message would keep the whole message alive in the engine's heap.
 *
 * @param text a piece of something larger
 * @returns an equal text that stands alone
 */
export function detachText(text: string): string {
  return `${text} `.slice(0, -1);
}
