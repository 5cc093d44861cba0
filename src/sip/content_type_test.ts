import { deepEqual, equal } from "node:assert/strict";
import { parseContentType } from "./content_type.ts";

Deno.test("parseContentType() reads media type and parameters", () => {
  deepEqual(parseContentType('Multipart / Mixed ; boundary="a b";x=1'), {
    ok: true,
    value: {
      mediaType: "multipart/mixed",
      parameters: [{ name: "boundary", value: '"a b"' }, { name: "x", value: "1" }],
    },
  });
  const plain = parseContentType("application/sdp");
  equal(plain.ok && plain.value.mediaType, "application/sdp");
});

Deno.test("parseContentType() says why a text is no media type", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["", 'Cannot parse Content-Type "": no type/subtype'],
    ["text", 'Cannot parse Content-Type "text": no type/subtype'],
    ["text/", 'Cannot parse Content-Type "text/": no type/subtype'],
    ["/plain", 'Cannot parse Content-Type "/plain": no type/subtype'],
    [
      "text/plain x",
      'Cannot parse Content-Type "text/plain x": Cannot parse parameters: unexpected character at offset 11',
    ],
  ];
  for (const [text, error] of rows) deepEqual(parseContentType(text), { ok: false, error });
});
