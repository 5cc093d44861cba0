import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { writeLine } from "./terminal.ts";

/** A stream that takes some bytes at a time; `failAfter` calls it throws, as a closed pipe does. */
function stream(options: { readonly atMost?: number; readonly failAfter?: number } = {}) {
  const { atMost = Infinity, failAfter = Infinity } = options;
  const taken: number[] = [];
  let calls = 0;
  return {
    text: () => new TextDecoder().decode(Uint8Array.from(taken)),
    calls: () => calls,
    writeSync(bytes: Uint8Array): number {
      if (calls++ >= failAfter) throw new Deno.errors.BrokenPipe();
      const part = bytes.subarray(0, atMost);
      taken.push(...part);
      return part.length;
    },
  };
}

const LINES: readonly (readonly [string, string])[] = [
  ["", "\n"],
  ["ready", "ready\n"],
  ["Grüße …", "Grüße …\n"],
  ["two\nlines", "two\nlines\n"],
];

for (const [line, wanted] of LINES) {
  Deno.test(`writeLine() writes ${JSON.stringify(line)} with its end`, () => {
    const whole = stream();
    writeLine(whole, line);
    deepStrictEqual([whole.text(), whole.calls()], [wanted, 1]);
  });

  Deno.test(`writeLine() writes ${JSON.stringify(line)} to a stream that takes a byte a time`, () => {
    const slow = stream({ atMost: 1 });
    writeLine(slow, line);
    deepStrictEqual([slow.text(), slow.calls()], [wanted, new TextEncoder().encode(wanted).length]);
  });
}

Deno.test("writeLine() survives a reader who went away", () => {
  const closed = stream({ failAfter: 0 });
  writeLine(closed, "lost");
  deepStrictEqual([closed.text(), closed.calls()], ["", 1]);
});

Deno.test("writeLine() survives a reader who goes in the middle, and tries no more", () => {
  const closing = stream({ atMost: 2, failAfter: 2 });
  writeLine(closing, "abcdefgh");
  strictEqual(closing.text(), "abcd");
  strictEqual(closing.calls(), 3);
});
