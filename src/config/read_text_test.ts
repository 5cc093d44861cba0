import { deepStrictEqual } from "node:assert/strict";
import { readChoice, readPath, readPluginName, readWireText } from "./read_text.ts";

function refusal(message: string) {
  return { value: undefined, remarks: [{ severity: "error", message, offset: 0 }] };
}

Deno.test("readWireText() keeps ASCII and makes the rest its UTF-8 bytes", () => {
  deepStrictEqual(readWireText("Siproxd-UA", 255).value, "Siproxd-UA");
  deepStrictEqual(readWireText("Büro €", 255).value, "B\xc3\xbcro \xe2\x82\xac");
});

Deno.test("readWireText() counts bytes", () => {
  deepStrictEqual(readWireText("üü", 4).value, "\xc3\xbc\xc3\xbc");
  deepStrictEqual(readWireText("üüa", 4), refusal("Cannot use text: longer than 4 bytes"));
});

Deno.test("readPath() takes any path up to the length Linux takes", () => {
  deepStrictEqual(readPath("/var/lib/Büro/x y").value, "/var/lib/Büro/x y");
  deepStrictEqual(
    readPath("/".repeat(4096)),
    refusal("Cannot use path: longer than 4095 characters"),
  );
});

Deno.test("readChoice() forgives case and names the nearest word", () => {
  deepStrictEqual(readChoice("Known", ["any", "known"]).value, "known");
  deepStrictEqual(
    readChoice("knwon", ["any", "known"]),
    refusal('Cannot use "knwon": any or known is expected, nearest is "known"'),
  );
  deepStrictEqual(
    readChoice("1", ["any", "known"]),
    refusal('Cannot use "1": any or known is expected'),
  );
});

for (const name of ["plugin_stun.la", "plugin_stun.so", "plugin_stun", "stun", "my-plugin.js"]) {
  Deno.test(`readPluginName() takes ${name}`, () => {
    deepStrictEqual(readPluginName(name).value, name);
  });
}

for (const name of ["../evil.la", "/tmp/x.js", "a..b", ".hidden", "a b", "x".repeat(129)]) {
  Deno.test(`readPluginName() refuses "${name.slice(0, 20)}"`, () => {
    deepStrictEqual(readPluginName(name).value, undefined);
  });
}
