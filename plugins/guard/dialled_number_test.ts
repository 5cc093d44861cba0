import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { parseUri } from "../../src/sip/uri.ts";
import { dialledNumber, EMERGENCY_NUMBERS, plainNumber } from "./dialled_number.ts";

const uris: readonly (readonly [string, string | undefined])[] = [
  ["sip:0301234@example.org", "0301234"],
  ["sip:+49301234@example.org", "0049301234"],
  ["sip:%2B49301234@example.org", "0049301234"],
  ["sip:030-12.34@example.org", "0301234"],
  ["sip:030%20(12)34@example.org", "0301234"],
  ["sip:0301234;phone-context=example.org@example.org", "0301234"],
  ["sip:*21%23@example.org", "*21#"],
  ["sips:110@example.org;user=phone", "110"],
  ["sip:alice@example.org", undefined],
  ["sip:example.org", undefined],
  ["sip:+@example.org", "00"],
  ["sip:1+2@example.org", undefined],
  ["tel:+49-30-1234", "0049301234"],
  ["tel:110;phone-context=+49", "110"],
  ["TEL:112", "112"],
  ["tel:alice", undefined],
  ["urn:service:sos", "urn:service:sos"],
  ["URN:service:SOS.fire", "urn:service:sos.fire"],
  ["mailto:x@example.org", undefined],
];

for (const [text, expected] of uris) {
  Deno.test(`dialledNumber() gives ${expected} for ${text}`, () => {
    const uri = parseUri(text);
    strictEqual(uri.ok ? dialledNumber(uri.value, "00") : "no URI", expected);
  });
}

const numbers: readonly (readonly [string, string, string | undefined])[] = [
  ["+1 212", "011", "0111212"],
  ["0900", "00", "0900"],
  ["", "00", undefined],
  ["---", "00", undefined],
  [";x", "00", undefined],
  ["9".repeat(64), "00", "9".repeat(64)],
  ["9".repeat(65), "00", undefined],
  ["1a", "00", undefined],
  ["1\u0661", "00", undefined],
];

for (const [text, international, expected] of numbers) {
  Deno.test(`plainNumber() gives ${expected} for "${text}"`, () => {
    strictEqual(plainNumber(text, international), expected);
  });
}

Deno.test("EMERGENCY_NUMBERS are numbers, each once, and hold those of GSM", () => {
  deepStrictEqual(EMERGENCY_NUMBERS.filter((one) => plainNumber(one, "00") !== one), []);
  strictEqual(new Set(EMERGENCY_NUMBERS).size, EMERGENCY_NUMBERS.length);
  for (const number of ["112", "911", "999", "000", "08", "110", "118", "119"]) {
    ok(EMERGENCY_NUMBERS.includes(number), number);
  }
});
