import { deepStrictEqual } from "node:assert/strict";
import { formatIssue } from "./issues.ts";
import { loadConfig } from "./load.ts";

const mask = "mask_host = a\n";
const masked = "masked_host = b\n";
const name = "outbound_domain_name = d.example\n";
const host = "outbound_domain_host = h.example\n";
const port = "outbound_domain_port = 5060\n";

const complete: readonly (readonly [string, string])[] = [
  ["no array", ""],
  ["one pair", mask + masked],
  ["two pairs, keys apart", `${mask}mask_host = c\n${masked}${masked}`],
  ["one triple", name + host + port],
  ["one triple in another order", port + name + host],
];

for (const [what, text] of complete) {
  Deno.test(`validateArrays() has nothing against ${what}`, () => {
    deepStrictEqual(loadConfig({ text, fileName: "f" }).issues, []);
  });
}

const incomplete: readonly (readonly [string, string, string])[] = [
  [
    "a mask without its other half",
    mask,
    'f:1:13: error: mask_host: Cannot pair "a": 1 mask_host, 0 masked_host are given, ' +
    "their numbers must be equal",
  ],
  [
    "a surplus second half",
    mask + masked + "masked_host = c\n",
    'f:3:15: error: masked_host: Cannot pair "c": 1 mask_host, 2 masked_host are given, ' +
    "their numbers must be equal",
  ],
  [
    "a triple without port",
    name + host,
    'f:1:24: error: outbound_domain_name: Cannot pair "d.example": 1 outbound_domain_name, ' +
    "1 outbound_domain_host, 0 outbound_domain_port are given, their numbers must be equal",
  ],
  [
    "a port alone",
    port,
    'f:1:24: error: outbound_domain_port: Cannot pair "5060": 0 outbound_domain_name, ' +
    "0 outbound_domain_host, 1 outbound_domain_port are given, their numbers must be equal",
  ],
];

for (const [what, text, line] of incomplete) {
  Deno.test(`validateArrays() row 54: refuses ${what}`, () => {
    const { loaded, issues } = loadConfig({ text, fileName: "f" });
    deepStrictEqual([loaded, issues.map(formatIssue)], [undefined, [line]]);
  });
}

Deno.test("validateArrays() warns of a domain that stands twice, whatever its case", () => {
  const again = "outbound_domain_name = D.EXAMPLE\n";
  const { loaded, issues } = loadConfig({
    text: name + host + port + again + host + port,
    fileName: "f",
  });
  deepStrictEqual(loaded?.config.sip.outboundDomains.length, 2);
  deepStrictEqual(issues.map(formatIssue), [
    'f:4:24: warning: outbound_domain_name: Cannot use "D.EXAMPLE" twice: line 1 has it already ' +
    "and wins",
  ]);
});

Deno.test("validateArrays() counts entries of the command line in place of the file's", () => {
  const { loaded } = loadConfig({
    text: mask + "mask_host = c\n" + masked,
    fileName: "f",
    overrides: [{ text: "mask_host=only", option: "--set" }],
  });
  deepStrictEqual(loaded?.config.sip.maskHosts, [{ host: "only", maskedHost: "b" }]);
});
