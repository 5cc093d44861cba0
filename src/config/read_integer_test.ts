import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readFlag, readInteger, scanInteger } from "./read_integer.ts";

const wide = { min: -2147483648, max: 4294967295 } as const;
const port = { min: 1, max: 65535, unit: "port" } as const;

const numbers: readonly (readonly [string, number])[] = [
  ["0", 0],
  ["5060", 5060],
  ["+5", 5],
  ["-1", -1],
  ["0x84", 0x84],
  ["0XfF", 255],
  ["-0x10", -16],
  ["017", 15],
  ["00", 0],
  ["-0", 0],
];

for (const [text, value] of numbers) {
  Deno.test(`readInteger() reads ${text} as ${value}`, () => {
    deepStrictEqual(readInteger(text, wide), { value, remarks: [] });
  });
}

const odd: readonly (readonly [string, number, string])[] = [
  ["300 seconds", 300, 'Cannot use " seconds" after the number: 300 is used'],
  ["08", 0, 'Cannot use "8" after the number: 0 is used, a leading 0 means octal'],
  ["0x", 0, 'Cannot use "x" after the number: 0 is used'],
  ["1e3", 1, 'Cannot use "e3" after the number: 1 is used'],
  ["5060,5061", 5060, 'Cannot use ",5061" after the number: 5060 is used'],
];

for (const [text, value, message] of odd) {
  Deno.test(`readInteger() uses the start of "${text}" and says so`, () => {
    deepStrictEqual(readInteger(text, wide), {
      value,
      remarks: [{ severity: "warning", message, offset: 0 }],
    });
  });
}

const refused: readonly (readonly [string, string])[] = [
  ["abc", 'Cannot use port "abc": not a number'],
  ["", 'Cannot use port "": not a number'],
  ["-", 'Cannot use port "-": not a number'],
  ["0", 'Cannot use port "0": lowest is 1'],
  ["-5060", 'Cannot use port "-5060": lowest is 1'],
  ["65536", 'Cannot use port "65536": highest is 65535'],
  ["9".repeat(40), `Cannot use port "${"9".repeat(40)}": highest is 65535`],
  ["9".repeat(400), `Cannot use port "${"9".repeat(60)}…": highest is 65535`],
];

for (const [text, message] of refused) {
  Deno.test(`readInteger() refuses "${text.slice(0, 50)}" (R27)`, () => {
    deepStrictEqual(readInteger(text, port), {
      value: undefined,
      remarks: [{ severity: "error", message, offset: 0 }],
    });
  });
}

Deno.test("scanInteger() says how much of the text is the number", () => {
  deepStrictEqual(scanInteger("0x1fg"), { value: 31, lengthChars: 4 });
  deepStrictEqual(scanInteger("0789"), { value: 7, lengthChars: 2 });
  strictEqual(scanInteger(" 1"), undefined);
});

const old = { kind: "flag", other: "on" } as const;
const strict = { kind: "flag", other: "refuse" } as const;
const hint = "write 1 for on or 0 for off";

Deno.test("readFlag() reads 0 and 1 (R27)", () => {
  deepStrictEqual(readFlag("0", strict), { value: false, remarks: [] });
  deepStrictEqual(readFlag("1", strict), { value: true, remarks: [] });
});

Deno.test("readFlag() takes other numbers of an old switch for on, with a warning", () => {
  deepStrictEqual(readFlag("2", old), {
    value: true,
    remarks: [{ severity: "warning", message: 'Cannot use "2": taken for 1 (on)', offset: 0 }],
  });
});

for (const text of ["2", "yes", "true", "1x", "", "-1"]) {
  Deno.test(`readFlag() refuses "${text}" for a strict switch (R27)`, () => {
    deepStrictEqual(readFlag(text, strict), {
      value: undefined,
      remarks: [{ severity: "error", message: `Cannot use "${text}": ${hint}`, offset: 0 }],
    });
  });
}
