import { strictEqual } from "node:assert/strict";
import { headerOf, PluginBench, request } from "../../tests/support/plugin_bench.ts";

const config = "load_plugin = plugin_fix_fbox_anoncall.la\n" +
  "plugin_fix_fbox_anoncall_networks = 10.0.0.0/24";

function bench(): PluginBench {
  const world = new PluginBench({ config });
  for (const [user, uniq] of [["one", "AA"], ["two", "BB"]] as const) {
    world.register({
      user,
      contact: `sip:${user}@10.0.0.20;uniq=${uniq}`,
      source: "10.0.0.20:5060",
    });
  }
  return world;
}

const cases: readonly (readonly [string, string, string, string])[] = [
  [
    "the account of the same uniq",
    "sip:anonymous@10.0.0.20;uniq=BB",
    "sip:x@192.0.2.10",
    "sip:two@192.0.2.1",
  ],
  [
    "the account that was called",
    "sip:anonymous@10.0.0.20",
    "sip:one@192.0.2.10",
    "sip:one@192.0.2.1",
  ],
  [
    "nothing when the user is right",
    "sip:ONE@10.0.0.20;uniq=BB",
    "sip:x@192.0.2.10",
    "sip:one@192.0.2.1",
  ],
];

for (const [what, contact, to, shown] of cases) {
  Deno.test(`fix_fbox_anoncall takes ${what}`, () => {
    const step = bench().fromPhone(
      request("INVITE sip:bob@192.0.2.10:5070", { Contact: `<${contact}>`, To: `<${to}>` }),
      "10.0.0.20:5060",
    );
    const written = headerOf(step, "Contact") ?? "";
    strictEqual(written.toLowerCase().startsWith(`<${shown}`), true, written);
  });
}

Deno.test("fix_fbox_anoncall leaves other addresses alone", () => {
  const world = new PluginBench({ config: config.replace("10.0.0.0/24", "10.0.9.0/24") });
  world.register({ user: "one", contact: "sip:one@10.0.0.20;uniq=AA", source: "10.0.0.20:5060" });
  const step = world.fromPhone(
    request("INVITE sip:bob@192.0.2.10:5070", { Contact: "<sip:anonymous@10.0.0.20;uniq=AA>" }),
    "10.0.0.20:5060",
  );
  strictEqual(headerOf(step, "Contact")?.startsWith("<sip:anonymous@"), true);
});
