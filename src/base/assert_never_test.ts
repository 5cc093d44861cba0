import { throws } from "node:assert/strict";
import { assertNever } from "./assert_never.ts";

/** Takes anything, as a value that got past the compiler would come. */
const UNCHECKED: { handle(value: unknown): never } = { handle: assertNever };

const VALUES: readonly (readonly [unknown, string])[] = [
  [{ kind: "unheard-of" }, 'Cannot handle value: no case takes {"kind":"unheard-of"}'],
  ["word", 'Cannot handle value: no case takes "word"'],
  [7, "Cannot handle value: no case takes 7"],
  [null, "Cannot handle value: no case takes null"],
];

for (const [value, message] of VALUES) {
  Deno.test(`assertNever() of ${JSON.stringify(value)} throws and quotes it`, () => {
    throws(() => UNCHECKED.handle(value), { name: "Error", message });
  });
}
