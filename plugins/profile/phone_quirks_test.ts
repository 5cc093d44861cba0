import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { headerOf } from "../../tests/support/plugin_bench.ts";
import { ProfileBench } from "../../tests/support/profile_bench.ts";

/** Phones: their User-Agent and the headers that go. */
const phones: readonly (readonly [string, string, readonly string[]])[] = [
  ["snom", "snomD785/10.1", ["X-Serialnumber", "X-Real-IP", "P-Key-Flags"]],
  ["grandstream", "Grandstream GXP2170 1.0", ["X-Grandstream-PBX", "P-Early-Media"]],
];

for (const [name, product, headers] of phones) {
  const written = Object.fromEntries(headers.map((header) => [header, "1"]));

  Deno.test(`profile ${name} takes out ${headers.join(", ")}`, () => {
    const step = new ProfileBench(name).call("sip:1@other.example", {
      "User-Agent": product,
      ...written,
    });
    deepStrictEqual(headers.map((header) => headerOf(step, header)), headers.map(() => undefined));
    strictEqual(headerOf(step, "User-Agent"), product);
  });

  Deno.test(`profile ${name} leaves another maker's phone alone`, () => {
    const step = new ProfileBench(name).call("sip:1@other.example", {
      "User-Agent": "Other",
      ...written,
    });
    deepStrictEqual(headers.map((header) => headerOf(step, header)), headers.map(() => "1"));
  });
}

/** Contacts that a FRITZ!Box writes, and the user that the far side sees. */
const contacts: readonly (readonly [string, string, string])[] = [
  ["AVM FRITZ!Box 7590", "<sip:anonymous@10.0.0.10:5062>", "alice"],
  ["FRITZ!OS", "<sip:10.0.0.10:5062>", "alice"],
  ["AVM FRITZ!Box 7590", "<sip:ALICE@10.0.0.10:5062>", "alice"],
];

for (const [product, contact, user] of contacts) {
  Deno.test(`profile fritzbox makes ${contact} of ${product} the registered Contact`, () => {
    const step = new ProfileBench("fritzbox").call("sip:1@other.example", {
      "User-Agent": product,
      Contact: contact,
    });
    strictEqual(
      headerOf(step, "Contact")?.toLowerCase().includes(`sip:${user}@192.0.2.1`),
      true,
      headerOf(step, "Contact"),
    );
  });
}

Deno.test("profile fritzbox leaves a Contact alone where several users are registered", () => {
  const world = new ProfileBench("fritzbox");
  world.register({
    user: "second",
    contact: "sip:second@10.0.0.10:5062",
    source: "10.0.0.10:5062",
  });
  const step = world.call("sip:1@other.example", {
    "User-Agent": "FRITZ!Box",
    Contact: "<sip:anonymous@10.0.0.10:5062>",
  });
  strictEqual(headerOf(step, "Contact")?.includes("second@"), false);
  strictEqual(headerOf(step, "Contact")?.includes("alice@"), false);
});
