import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { countWork } from "./count_work.ts";
import { shapedText, WORST_CASES } from "./worst_cases.ts";

/** Input sizes; four times the input may cost four times the work, and a little for the bookkeeping. */
const SMALL_BYTES = 8_192;
const LARGE_BYTES = 32_768;
const MAX_GROWTH = 4.6;

/** Work an octet at most: each parser looks at an octet a few times, the core with all its stages some dozen times. */
const MAX_WORK_PER_OCTET = 60;

for (const { parser, shapes, run } of WORST_CASES) {
  Deno.test(`${parser} looks at each octet a bounded number of times (R10)`, () => {
    const steep: string[] = [];
    for (const shape of shapes) {
      const [small, large] = [shapedText(shape, SMALL_BYTES), shapedText(shape, LARGE_BYTES)];
      run(small);
      const [few, many] = [countWork(() => run(small)), countWork(() => run(large))];
      const isSteep = many > few * MAX_GROWTH + LARGE_BYTES;
      const isHeavy = many > MAX_WORK_PER_OCTET * LARGE_BYTES;
      if (isSteep || isHeavy) steep.push(`${JSON.stringify(shape.unit)}: ${few} then ${many}`);
    }
    deepStrictEqual(steep, []);
  });
}

Deno.test("countWork() counts what a search passes, not what it is asked for", () => {
  const text = `${"a".repeat(100)}b${"a".repeat(100)}`;
  deepStrictEqual(
    [
      countWork(() => void text.indexOf("b")),
      countWork(() => void text.indexOf("b", 90)),
      countWork(() => void text.indexOf("c")),
      countWork(() => void text.charCodeAt(5)),
      countWork(() => void text.split("b")),
      countWork(() => {}),
    ],
    [100, 10, 201, 1, 201, 0],
  );
});

Deno.test("countWork() sees quadratic work", () => {
  const quadratic = (text: string) => {
    for (let at = 0; at < text.length; at++) text.indexOf("x", at);
  };
  const [few, many] = [1_000, 4_000].map((length) =>
    countWork(() => quadratic("a".repeat(length)))
  );
  strictEqual((many ?? 0) > 15 * (few ?? 0), true);
});

Deno.test("countWork() leaves texts as they were", () => {
  const before = Object.getOwnPropertyDescriptor(String.prototype, "indexOf")?.value;
  let message = "";
  try {
    countWork(() => {
      throw new Error("inside");
    });
  } catch (thrown) {
    message = thrown instanceof Error ? thrown.message : "";
  }
  strictEqual(message, "inside");
  strictEqual(Object.getOwnPropertyDescriptor(String.prototype, "indexOf")?.value === before, true);
});

Deno.test("shapedText() fills a length without passing it", () => {
  deepStrictEqual(shapedText({ before: "<", unit: "ab", after: ">" }, 9), "<ababab>");
  deepStrictEqual(shapedText({ before: "<", unit: "ab", after: ">" }, 2), "<ab>");
});
