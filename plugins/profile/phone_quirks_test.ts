import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { headerOf, invite, PluginBench, type Step } from "../../tests/support/plugin_bench.ts";

const HOSTS = { "other.example": "198.51.100.99" } as const;

function bench(...names: readonly string[]): PluginBench {
  const lines = names.map((name) => `plugin_profile_name = ${name}`);
  const config = ["load_plugin = plugin_profile.la", ...lines].join("\n");
  const world = new PluginBench({ config, hosts: HOSTS });
  world.registerAlice();
  return world;
}

/** A call of alice to a number of a provider; the name is in the cache from the second time on. */
function call(
  world: PluginBench,
  uri: string,
  changes: Readonly<Record<string, string>> = {},
): Step {
  const dial = (branch: string) =>
    world.fromPhone(invite(uri, {
      Via: `SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK${branch}`,
      "Call-ID": branch,
      ...changes,
    }));
  dial("first");
  return dial("second");
}

/** Phones: their User-Agent and the headers that go. */
const phones: readonly (readonly [string, string, readonly string[]])[] = [
  ["snom", "snomD785/10.1", ["X-Serialnumber", "X-Real-IP", "P-Key-Flags"]],
  ["grandstream", "Grandstream GXP2170 1.0", ["X-Grandstream-PBX", "P-Early-Media"]],
];

for (const [name, product, headers] of phones) {
  const written = Object.fromEntries(headers.map((header) => [header, "1"]));

  Deno.test(`profile ${name} takes out ${headers.join(", ")}`, () => {
    const step = call(bench(name), "sip:1@other.example", { "User-Agent": product, ...written });
    deepStrictEqual(headers.map((header) => headerOf(step, header)), headers.map(() => undefined));
    strictEqual(headerOf(step, "User-Agent"), product);
  });

  Deno.test(`profile ${name} leaves another maker's phone alone`, () => {
    const step = call(bench(name), "sip:1@other.example", { "User-Agent": "Other", ...written });
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
    const step = call(bench("fritzbox"), "sip:1@other.example", {
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
  const world = bench("fritzbox");
  world.register({
    user: "second",
    contact: "sip:second@10.0.0.10:5062",
    source: "10.0.0.10:5062",
  });
  const step = call(world, "sip:1@other.example", {
    "User-Agent": "FRITZ!Box",
    Contact: "<sip:anonymous@10.0.0.10:5062>",
  });
  strictEqual(headerOf(step, "Contact")?.includes("second@"), false);
  strictEqual(headerOf(step, "Contact")?.includes("alice@"), false);
});
