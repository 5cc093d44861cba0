import { deepEqual, equal } from "node:assert/strict";
import { DIRECTIVES } from "../../config/directives.ts";
import type { Directive } from "../../config/schema.ts";
import { optionGroups, optionTable, valueText } from "./option_table.ts";

const PORT: Directive = {
  key: "sip_listen_port",
  group: "sip",
  type: { kind: "integer", min: 1, max: 65535, unit: "port" },
  repeat: "scalar",
  defaultText: "5060",
  origin: "siproxd",
  help: "Port for SIP.",
  example: "5060",
};

const MASK: Directive = {
  key: "mask_host",
  group: "outbound proxies",
  type: { kind: "host" },
  repeat: "array",
  defaultText: undefined,
  origin: "new",
  help: "One | or the other.",
  example: "a.example.org",
};

Deno.test("optionTable() writes a table for each section", () => {
  equal(
    optionTable([PORT, MASK]),
    [
      "#### Sip",
      "",
      "| directive | value | default | meaning |",
      "| --- | --- | --- | --- |",
      "| `sip_listen_port` | number 1…65535 (port) | `5060` | Port for SIP. |",
      "",
      "#### Outbound proxies",
      "",
      "| directive | value | default | meaning |",
      "| --- | --- | --- | --- |",
      "| `mask_host` (new) | host name or address, repeatable | – | One \\| or the other. |",
      "",
    ].join("\n"),
  );
});

Deno.test("optionGroups() keeps every directive, in the order of the table", () => {
  deepEqual(optionGroups().flatMap(({ directives }) => directives), [...DIRECTIVES]);
});

Deno.test("optionGroups() opens no section twice", () => {
  const names = optionGroups().map(({ group }) => group);
  equal(new Set(names).size, names.length);
});

Deno.test("valueText() says nothing of numbers below 0", () => {
  equal(
    valueText({ kind: "integer", min: -2147483648, max: 9, unit: "seconds" }),
    "number 0…9 (seconds)",
  );
  equal(valueText({ kind: "integer", min: 1, max: 9 }), "number 1…9");
  equal(valueText({ kind: "flag", other: "on" }), "0 or 1");
});
