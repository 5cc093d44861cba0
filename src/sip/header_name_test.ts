import { equal } from "node:assert/strict";
import { headerKey } from "./header_name.ts";

Deno.test("headerKey() expands every compact form in either case", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["a", "accept-contact"],
    ["b", "referred-by"],
    ["c", "content-type"],
    ["d", "request-disposition"],
    ["e", "content-encoding"],
    ["f", "from"],
    ["i", "call-id"],
    ["j", "reject-contact"],
    ["k", "supported"],
    ["l", "content-length"],
    ["m", "contact"],
    ["n", "identity-info"],
    ["o", "event"],
    ["r", "refer-to"],
    ["s", "subject"],
    ["t", "to"],
    ["u", "allow-events"],
    ["v", "via"],
    ["x", "session-expires"],
    ["y", "identity"],
  ];
  for (const [letter, key] of rows) {
    equal(headerKey(letter), key);
    equal(headerKey(letter.toUpperCase()), key);
  }
});

Deno.test("headerKey() lowers every other spelling", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["Via", "via"],
    ["VIA", "via"],
    ["MaX-fOrWaRdS", "max-forwards"],
    ["Call-ID", "call-id"],
    ["X-Bypass-Me", "x-bypass-me"],
    ["z", "z"],
    ["C%6Fntact", "c%6fntact"],
    ["constructor", "constructor"],
    ["__proto__", "__proto__"],
  ];
  for (const [name, key] of rows) equal(headerKey(name), key);
});
