import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readAuthParameters } from "./auth_parameters.ts";

Deno.test("readAuthParameters() reads quoted, bare and oddly spaced values", () => {
  const cases = [
    ["", {}],
    ['realm="a"', { realm: "a" }],
    ["nc=00000001", { nc: "00000001" }],
    ['realm="a", nc=1,qop=auth', { realm: "a", nc: "1", qop: "auth" }],
    ['  Realm = "a b" ,\tNC\t=\t1  ', { realm: "a b", nc: "1" }],
    ['realm="a, b=\\"c\\" \\\\"', { realm: 'a, b="c" \\' }],
    [',, realm="a",, nc=1,', { realm: "a", nc: "1" }],
    ['realm=""', { realm: "" }],
    ["uri=sip:a@b;c=d", { uri: "sip:a@b;c=d" }],
    ["opaque=AbC==", { opaque: "AbC==" }],
  ] as const;
  for (const [text, expected] of cases) {
    const { values, problem } = readAuthParameters(text, 0);
    deepStrictEqual([Object.fromEntries(values), problem], [expected, undefined], text);
  }
});

Deno.test("readAuthParameters() keeps what stands before a mistake", () => {
  const cases = [
    ['realm="a", nonce="b', "nonce ends in the middle"],
    ['realm="a", nonce=', "nonce ends in the middle"],
    ['realm="a", nonce=,', "nonce ends in the middle"],
    ['realm="a", nonce', "no value at offset 11"],
    ['realm="a" nonce="b"', "no comma at offset 10"],
    ['realm="a"b', "no comma at offset 9"],
    ['realm="a", realm="b"', "realm stands twice"],
    ['realm="a", ="b"', "no name at offset 11"],
    ['realm="a", no nce="b"', "no name at offset 11"],
    ['realm="a", nonce="b\\', "nonce ends in the middle"],
  ] as const;
  for (const [text, reason] of cases) {
    const { values, problem } = readAuthParameters(text, 0);
    deepStrictEqual([...values], [["realm", "a"]], text);
    strictEqual(problem, `Cannot parse credentials: ${reason}`, text);
  }
});

Deno.test("readAuthParameters() stops at a flood of parameters", () => {
  const text = Array.from({ length: 4000 }, (_, index) => `p${index}=1`).join(",");
  const { values, problem } = readAuthParameters(text, 0);
  strictEqual(values.size, 32);
  strictEqual(problem, "Cannot parse credentials: more than 32 parameters");
});

Deno.test("readAuthParameters() begins at its offset", () => {
  const { values } = readAuthParameters('Digest realm="a"', 6);
  deepStrictEqual([...values], [["realm", "a"]]);
});
