import { deepEqual } from "node:assert/strict";
import { replaceBetween } from "./between_markers.ts";

const markers = { begin: "<!-- begin -->", end: "<!-- end -->" };

Deno.test("replaceBetween() replaces what stands between the markers", () => {
  const text = "before\n<!-- begin -->\n\nold\n\n<!-- end -->\nafter\n";
  deepEqual(replaceBetween(text, { markers, content: "new\n" }), {
    ok: true,
    value: "before\n<!-- begin -->\n\nnew\n\n<!-- end -->\nafter\n",
  });
});

Deno.test("replaceBetween() changes nothing the second time", () => {
  const once = replaceBetween("<!-- begin -->\n<!-- end -->\n", { markers, content: "new" });
  deepEqual(replaceBetween(once.ok ? once.value : "", { markers, content: "new" }), once);
});

for (
  const [what, text, error] of [
    ["no first marker", "<!-- end -->\n", 'no line "<!-- begin -->"'],
    ["no second marker", "<!-- begin -->\n", 'no line "<!-- end -->" behind the other'],
    [
      "the wrong order",
      "<!-- end -->\n<!-- begin -->\n",
      'no line "<!-- end -->" behind the other',
    ],
  ] as const
) {
  Deno.test(`replaceBetween() refuses ${what}`, () => {
    deepEqual(replaceBetween(text, { markers, content: "new" }), {
      ok: false,
      error: `Cannot fill in options: ${error}`,
    });
  });
}
