import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  accessListOf,
  createBinder,
  flagOf,
  hostPortOf,
  numberOf,
  numbersOf,
  textOf,
  textsOf,
} from "./binder.ts";
import { findDirective } from "./directives.ts";

/** A binder where one key has these values. */
function binderFor(key: string, ...values: readonly string[]) {
  const directive = findDirective(key);
  if (directive === undefined) throw new Error(`no directive ${key}`);
  const entries = values.map((value, index) => ({
    key,
    value,
    position: { fileName: "f", line: index + 1, column: 1 },
    valueColumn: 10,
  }));
  return createBinder([{ directive, entries }]);
}

Deno.test("numberOf() gives what is written, else the default", () => {
  strictEqual(numberOf(binderFor("rtp_timeout", "60"), "rtp_timeout"), 60);
  strictEqual(numberOf(binderFor("rtp_timeout"), "rtp_timeout"), 300);
});

Deno.test("numberOf() reports an unusable value at its column and gives the default", () => {
  const binder = binderFor("rtp_timeout", "soon");
  strictEqual(numberOf(binder, "rtp_timeout"), 300);
  deepStrictEqual(binder.issues, [{
    severity: "error",
    position: { fileName: "f", line: 1, column: 10 },
    key: "rtp_timeout",
    message: 'Cannot use number "soon": not a number (example: rtp_timeout = 300)',
  }]);
});

Deno.test("accessListOf() reports each wrong entry at its own column", () => {
  const binder = binderFor("hosts_deny_sip", "1.2.3.4/32,5.6.7.8,9/x");
  strictEqual(accessListOf(binder, "hosts_deny_sip"), undefined);
  deepStrictEqual(binder.issues.map((issue) => issue.position.column), [21, 29]);
});

Deno.test("flagOf(), textOf(), hostPortOf(), textsOf(), numbersOf() give their types", () => {
  strictEqual(flagOf(binderFor("use_srv", "0"), "use_srv"), false);
  strictEqual(textOf(binderFor("user"), "user"), undefined);
  strictEqual(textOf(binderFor("user", "me"), "user"), "me");
  deepStrictEqual(hostPortOf(binderFor("metrics_listen", "[::1]:1"), "metrics_listen"), {
    host: "::1",
    port: 1,
  });
  deepStrictEqual(textsOf(binderFor("load_plugin", "b", "a"), "load_plugin"), ["b", "a"]);
  const ports = binderFor("outbound_domain_port", "5060", "x", "0");
  deepStrictEqual(numbersOf(ports, "outbound_domain_port"), [5060, 0]);
  strictEqual(ports.issues.length, 1);
});

const bugs: readonly (readonly [string, () => unknown, RegExp])[] = [
  ["a number of a text", () => numberOf(binderFor("user", "me"), "user"), /Cannot bind user/],
  ["a flag of a number", () => flagOf(binderFor("rtp_timeout"), "rtp_timeout"), /rtp_timeout/],
  ["a text of a flag", () => textOf(binderFor("use_srv"), "use_srv"), /use_srv/],
  ["a list of a text", () => accessListOf(binderFor("user", "me"), "user"), /user/],
  ["a host and port of a text", () => hostPortOf(binderFor("user", "me"), "user"), /user/],
  ["a key that is not there", () => textOf(binderFor("user"), "usr"), /no such directive/],
];

for (const [name, call, message] of bugs) {
  Deno.test(`binder throws when our own code asks for ${name}`, () => {
    throws(call, message);
  });
}
