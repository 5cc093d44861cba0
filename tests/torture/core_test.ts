import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { describeLeft } from "./describe.ts";
import { playInCore } from "./play_core.ts";
import { SETTINGS } from "./settings.ts";
import { obeys, readTable } from "./table.ts";

const { rows } = readTable();

for (const { name, about, rules, outcomes } of rows) {
  Deno.test(`torture ${name}: ${about} (R11)`, () => {
    for (const setting of SETTINGS) {
      const outcome = playInCore(name, setting);
      deepStrictEqual(outcome, outcomes.get(setting.name), setting.name);
      const rule = rules.get(setting.name) ?? "";
      strictEqual(obeys(outcome, rule), true, `${setting.name} ${outcome[0]} against ${rule}`);
    }
  });
}

Deno.test("the table of tortures has the 49 messages of RFC 4475 and the 12 of RFC 5118", () => {
  const count = (rfc: string) => rows.filter(({ about }) => about.startsWith(rfc)).length;
  deepStrictEqual([count("RFC 4475"), count("RFC 5118"), rows.length], [49, 12, 61]);
  strictEqual(new Set(rows.map(({ name }) => name)).size, 61);
});

const places = {
  lan: "10.0.0.1:5060",
  wan: "1.2.3.4:5060",
  phone: "10.0.0.10:5062",
  far: "9.9.9.9:5070",
};
const scene = { places, source: places.phone, sent: ["A\r\nCall-ID: c\r\nB\r\n\r\n"] };

Deno.test("describeLeft() names addresses whole, masks own branches, and shows only what differs", () => {
  const text = `A\r\nVia: 1.2.3.4:5060;branch=z9hG4bK${"0".repeat(32)};rport=5062\r\n` +
    "Call-ID: c\r\nX: 10.0.0.10 11.2.3.4\r\n\r\n";
  deepStrictEqual(describeLeft({ to: places.far, transport: "udp", text }, scene), [
    "forward {far} udp",
    "+ Via: {wan};branch=z9hG4bK*;rport={port}",
    "- B",
    "+ X: {phone-host} 11.2.3.4",
  ]);
});

Deno.test("describeLeft() tells an answer by its status", () => {
  const text = "SIP/2.0 420 Bad Extension\r\nCall-ID: c\r\nUnsupported: x\r\n\r\n";
  deepStrictEqual(describeLeft({ to: places.phone, transport: "udp", text }, scene), [
    "answer 420 Bad Extension",
    "+ Unsupported: x",
  ]);
});

Deno.test("obeys() wants every event of one alternative", () => {
  deepStrictEqual(
    [
      obeys(["forward {far} udp", "- a"], "forward"),
      obeys(["answer 400 Bad Request"], "answer 400 or forward"),
      obeys(["answer 400 Bad Request", "close"], "answer 400"),
      obeys(["answer 400 Bad Request", "close"], "answer 400, close"),
      obeys(["drop malformed"], "answer 400"),
      obeys([], "drop"),
      obeys(["forward {far} udp"], ""),
    ],
    [true, true, false, true, false, false, false],
  );
});
