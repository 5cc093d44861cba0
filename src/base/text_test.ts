import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { decodeLatin1, detachText, encodeLatin1, encodeShared, escapeControl } from "./text.ts";

const ALL_OCTETS = Uint8Array.from({ length: 256 }, (_, octet) => octet);

Deno.test("decodeLatin1() and encodeLatin1() keep every octet", () => {
  const text = decodeLatin1(ALL_OCTETS);
  strictEqual(text.length, 256);
  for (let octet = 0; octet < 256; octet++) strictEqual(text.charCodeAt(octet), octet);
  deepStrictEqual(encodeLatin1(text), ALL_OCTETS);
});

const PIECES: readonly (readonly [string, readonly number[]])[] = [
  ["nothing", []],
  ["plain ASCII", [0x53, 0x49, 0x50]],
  ["valid UTF-8", [0xc3, 0xa4, 0x41]],
  ["broken UTF-8", [0xc3, 0x41]],
  ["a lone continuation", [0x80]],
  ["0xFF alone", [0xff]],
  ["the encoded replacement character", [0xef, 0xbf, 0xbd]],
  ["a byte order mark", [0xef, 0xbb, 0xbf, 0x41]],
  ["NUL", [0x41, 0x00, 0x42]],
];

for (const [name, octets] of PIECES) {
  Deno.test(`decodeLatin1() gives one character an octet for ${name}`, () => {
    const text = decodeLatin1(Uint8Array.from(octets));
    deepStrictEqual([...text].map((character) => character.charCodeAt(0)), [...octets]);
  });
}

Deno.test("decodeLatin1() reads more octets than a call has arguments", () => {
  const octets = new Uint8Array(300_000).fill(0xe4);
  strictEqual(decodeLatin1(octets), "\u00e4".repeat(300_000));
});

Deno.test("encodeLatin1() and encodeShared() throw for what never came from the wire", () => {
  throws(() => encodeLatin1("a\u20ac"), new RangeError("Cannot encode text: character 8364 at 1"));
  throws(() => encodeShared("\u0100"), new RangeError("Cannot encode text: character 256 at 0"));
});

Deno.test("encodeShared() gives the same bytes as encodeLatin1(), whatever was encoded before", () => {
  const texts = ["", "abc", "\u00e4\u00ff", "x".repeat(4096), "y".repeat(4097), "z".repeat(70_000)];
  for (const text of [...texts, ...texts]) {
    deepStrictEqual(Uint8Array.from(encodeShared(text)), encodeLatin1(text));
  }
});

Deno.test("encodeShared() never writes again what it gave out", () => {
  const given = Array.from({ length: 1000 }, (_, index) => {
    const text = `message ${index} `.repeat(1 + index % 40);
    return { text, bytes: encodeShared(text) };
  });
  for (const { text, bytes } of given) strictEqual(decodeLatin1(bytes), text);
});

Deno.test("escapeControl() leaves nothing that moves a terminal or breaks a line (R25)", () => {
  strictEqual(escapeControl("a\r\nb\x1b[31m\x7f\x9b\\c"), "a\\x0d\\x0ab\\x1b[31m\\x7f\\x9b\\x5cc");
  strictEqual(escapeControl("Stra\u00dfe 42 <sip:a@b>"), "Stra\u00dfe 42 <sip:a@b>");
  for (let code = 0; code < 256; code++) {
    const escaped = escapeControl(String.fromCharCode(code));
    const isPlain = escaped.length === 1;
    strictEqual(isPlain, code >= 0x20 && code !== 0x5c && (code < 0x7f || code > 0x9f));
  }
});

Deno.test("detachText() gives an equal text", () => {
  deepStrictEqual(["", "a", "long enough to be cut"].map(detachText), [
    "",
    "a",
    "long enough to be cut",
  ]);
});

/** Calls after which the engine has optimised the encoder, whose own account of what it read is wrong from then on. */
const HOT_CALLS = 30_000;

for (const encode of [encodeLatin1, encodeShared]) {
  Deno.test(`${encode.name}() keeps octets above 127 when it has run often`, () => {
    const plain = "Subject: plain\r\n".repeat(30);
    for (let count = 0; count < HOT_CALLS; count++) encode(plain);
    for (
      const octets of ["\xe4", "\xff\xff", "\xc3\xa9\x80", "\xfc".repeat(4), "\xf6".repeat(500)]
    ) {
      for (const text of [octets, plain + octets, octets + plain, plain + octets + plain]) {
        for (let count = 0; count < 200; count++) strictEqual(slowText(encode(text)), text);
      }
    }
  });

  Deno.test(`${encode.name}() throws for wide characters however many there are`, () => {
    const plain = "Subject: plain\r\n".repeat(30);
    for (let count = 0; count < HOT_CALLS; count++) encode(plain);
    for (const wide of ["\u0100", "\u20ac", "\u{1f600}"]) {
      for (let repeats = 1; repeats < 9; repeats++) {
        throws(() => encode(wide.repeat(repeats)), RangeError);
        throws(() => encode(plain + wide.repeat(repeats)), RangeError);
      }
    }
  });
}

function slowText(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => String.fromCharCode(octet)).join("");
}

Deno.test("encodeShared() writes over nothing that it gave before", () => {
  const texts = Array.from(
    { length: 2_000 },
    (_, index) => `${"a".repeat(index % 90)}\xe4${index}`,
  );
  const views = texts.map((text) => encodeShared(text));
  for (const [index, view] of views.entries()) strictEqual(slowText(view), texts[index]);
});
