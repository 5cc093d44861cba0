import { deepEqual, equal, throws } from "node:assert/strict";
import { parse } from "@std/ini/parse";
import { stringify } from "@std/ini/stringify";
import * as root from "@std/ini";

const TEXT = `; comment
# comment
// comment
port = 5060
name=a = b
quoted = "00123"

[first one]
on = true
off=false
none = null
plain = 00123
`;

Deno.test("parse() reads sections and coerces plain values", () => {
  deepEqual(parse(TEXT), {
    port: 5060,
    name: "a = b",
    quoted: "00123",
    "first one": { on: true, off: false, none: null, plain: 123 },
  });
  equal(root.parse, parse);
});

Deno.test("parse() hands key, text and section to the reviver", () => {
  const seen: unknown[] = [];
  parse("a=1\r\n[s]\r\nb = 2\r\n", {
    reviver: (key, value, section) => {
      seen.push([key, value, section]);
      return value;
    },
  });
  deepEqual(seen, [["a", "1", undefined], ["b", "2", "s"]]);
});

Deno.test("parse() keeps the last of repeated keys and an own __proto__", () => {
  const parsed = parse<Record<string, unknown>>("a=1\na=2\n__proto__=3\n");
  equal(parsed["a"], 2);
  equal(Object.getPrototypeOf(parsed), Object.prototype);
});

Deno.test("parse() throws with the line number", () => {
  throws(() => parse("a=1\nnonsense"), new SyntaxError("Unexpected token n in INI at line 2"));
  throws(() => parse("[open"), new SyntaxError("Unexpected end of INI section at line 1"));
  throws(() => parse("[]"), new SyntaxError("Unexpected empty section name at line 1"));
  throws(() => parse("=1"), new SyntaxError("Unexpected empty key name at line 1"));
});

Deno.test("stringify() writes plain values before sections", () => {
  const value = { s: { a: 1 }, top: "x" };
  equal(stringify(value), "top=x\n[s]\na=1");
  equal(stringify(value, { pretty: true, lineBreak: "\r\n" }), "top = x\r\n[s]\r\na = 1");
  equal(
    stringify(value, { replacer: (key, text, section) => `${section ?? "-"}/${key}/${text}` }),
    "top=-/top/x\n[s]\na=s/a/1",
  );
  equal(root.stringify, stringify);
});
