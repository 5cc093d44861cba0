import { deepEqual, equal } from "node:assert/strict";
import {
  countParameter,
  findParameter,
  formatParameters,
  type Parameter,
  parameterValue,
  parseParameters,
  quote,
  unquote,
  withoutParameter,
  withParameter,
} from "./parameters.ts";

const LIST: readonly Parameter[] = [
  { name: "lr", value: undefined },
  { name: "Expires", value: "60" },
  { name: "expires", value: "90" },
  { name: "q", value: "" },
];

Deno.test("parseParameters() reads names and values with blanks around", () => {
  const rows: readonly (readonly [string, readonly Parameter[]])[] = [
    ["", []],
    ["  ", []],
    [";lr", [{ name: "lr", value: undefined }]],
    [";a=b;c", [{ name: "a", value: "b" }, { name: "c", value: undefined }]],
    [" ;  tag    = 27;\tb", [{ name: "tag", value: "27" }, { name: "b", value: undefined }]],
    [';x="a;b, \\" c" ; y', [
      { name: "x", value: '"a;b, \\" c"' },
      { name: "y", value: undefined },
    ]],
    [";received=2001:db8::9:ff", [{ name: "received", value: "2001:db8::9:ff" }]],
    [";received=[2001:db8::2]", [{ name: "received", value: "[2001:db8::2]" }]],
    [";tag=abc==", [{ name: "tag", value: "abc==" }]],
    [";rport=", [{ name: "rport", value: "" }]],
    [";n%61me=v%61lue", [{ name: "n%61me", value: "v%61lue" }]],
    [";a=\u00e9", [{ name: "a", value: "\u00e9" }]],
  ];
  for (const [text, value] of rows) {
    deepEqual(parseParameters(text, 0), { ok: true, value }, text);
  }
});

Deno.test("parseParameters() begins at the offset given", () => {
  const value = [{ name: "tag", value: "1" }];
  deepEqual(parseParameters("<sip:a;b>;tag=1", 9), { ok: true, value });
});

Deno.test("parseParameters() says where it fails", () => {
  const rows: readonly (readonly [string, string])[] = [
    [";;", "Cannot parse parameters: empty name at offset 0"],
    [";a;", "Cannot parse parameters: empty name at offset 2"],
    [";=b", "Cannot parse parameters: empty name at offset 0"],
    [';a="b', "Cannot parse parameters: open quote at offset 3"],
    ["a", "Cannot parse parameters: unexpected character at offset 0"],
    [";a b", "Cannot parse parameters: unexpected character at offset 3"],
    [";a=b c", "Cannot parse parameters: unexpected character at offset 5"],
    [";a=b,c", "Cannot parse parameters: unexpected character at offset 4"],
    [";a=b<c", "Cannot parse parameters: unexpected character at offset 4"],
    [';a=b"', "Cannot parse parameters: unexpected character at offset 4"],
    [";a=b\x01", "Cannot parse parameters: unexpected character at offset 4"],
  ];
  for (const [text, error] of rows) {
    deepEqual(parseParameters(text, 0), { ok: false, error }, text);
  }
});

Deno.test("findParameter() and parameterValue() compare names in any case", () => {
  deepEqual(findParameter(LIST, "expires"), { name: "Expires", value: "60" });
  equal(findParameter(LIST, "tag"), undefined);
  equal(parameterValue(LIST, "expires"), "60");
  equal(parameterValue(LIST, "lr"), undefined);
  equal(parameterValue(LIST, "q"), "");
});

Deno.test("countParameter() counts every spelling", () => {
  equal(countParameter(LIST, "expires"), 2);
  equal(countParameter(LIST, "lr"), 1);
  equal(countParameter(LIST, "tag"), 0);
});

Deno.test("withParameter() replaces in place and drops repetitions", () => {
  const rows: readonly (readonly [Parameter, string])[] = [
    [{ name: "expires", value: "30" }, ";lr;expires=30;q="],
    [{ name: "LR", value: "on" }, ";LR=on;Expires=60;expires=90;q="],
    [{ name: "tag", value: "1" }, ";lr;Expires=60;expires=90;q=;tag=1"],
  ];
  for (const [parameter, text] of rows) {
    equal(formatParameters(withParameter(LIST, parameter)), text);
  }
});

Deno.test("withoutParameter() drops every spelling", () => {
  equal(formatParameters(withoutParameter(LIST, "expires")), ";lr;q=");
  equal(formatParameters(withoutParameter(LIST, "tag")), ";lr;Expires=60;expires=90;q=");
});

Deno.test("unquote() takes quotes and quoted-pairs off", () => {
  const rows: readonly (readonly [string, string])[] = [
    ['"abc"', "abc"],
    ['"a\\"b\\\\"', 'a"b\\'],
    ['""', ""],
    ["abc", "abc"],
    ['"abc', '"abc'],
    ['"a"b"', '"a"b"'],
    ["", ""],
  ];
  for (const [text, plain] of rows) equal(unquote(text), plain, text);
});

Deno.test("quote() is undone by unquote()", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["abc", '"abc"'],
    ['a"b', '"a\\"b"'],
    ["a\\", '"a\\\\"'],
    ["", '""'],
  ];
  for (const [plain, text] of rows) {
    equal(quote(plain), text);
    equal(unquote(text), plain);
  }
});
