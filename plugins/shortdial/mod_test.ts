import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  examine,
  firstLine,
  headerOf,
  invite,
  PluginBench,
  request,
} from "../../tests/support/plugin_bench.ts";

const config = [
  "load_plugin = plugin_shortdial.la",
  "plugin_shortdial_akey = *00",
  "plugin_shortdial_entry = 17474743246",
  "plugin_shortdial_entry = 17474745000@other.example:5080",
  "plugin_shortdial_entry = 333@",
].join("\n");

function bench(text = config): PluginBench {
  const world = new PluginBench({ config: text });
  world.registerAlice();
  return world;
}

const redirections: readonly (readonly [string, string])[] = [
  ["*01", "<sip:17474743246@192.0.2.10>"],
  ["*02", "<sip:17474745000@other.example:5080>"],
  ["*03", "<sip:333@192.0.2.10>"],
];

for (const [dialled, contact] of redirections) {
  Deno.test(`row 76: shortdial answers ${dialled} with 302 to ${contact}`, () => {
    const step = bench().fromPhone(
      invite(`sip:${dialled}@192.0.2.10:5070`, { To: `<sip:${dialled}@192.0.2.10>` }),
    );
    deepStrictEqual(step.sent.map(({ to }) => to), ["lan 10.0.0.10:5062"]);
    strictEqual(firstLine(step), "SIP/2.0 302 Moved Temporarily");
    strictEqual(headerOf(step, "Contact"), contact);
  });
}

Deno.test("row 76: shortdial's ACK is not forwarded", () => {
  const world = bench();
  const step = world.fromPhone(invite("sip:*01@192.0.2.10:5070"));
  const ack = request("ACK sip:*01@192.0.2.10:5070", { To: headerOf(step, "To") ?? "" });
  const absorbed = world.fromPhone(ack);
  deepStrictEqual([absorbed.sent, absorbed.drops], [[], ["own-ack"]]);
});

const untouched: readonly string[] = ["*04", "*00", "*100", "101", "*0a", "#01", "bob"];

for (const dialled of untouched) {
  Deno.test(`shortdial lets ${dialled} pass`, () => {
    const step = bench().fromPhone(invite(`sip:${encodeURIComponent(dialled)}@192.0.2.10:5070`));
    strictEqual(
      firstLine(step),
      `INVITE sip:${encodeURIComponent(dialled)}@192.0.2.10:5070 SIP/2.0`,
    );
  });
}

for (const method of ["INVITE", "CANCEL"]) {
  Deno.test(`shortdial makes **02 in ${method} the real number *02`, () => {
    const step = bench().fromPhone(request(`${method} sip:**02@192.0.2.10:5070`));
    strictEqual(firstLine(step), `${method} sip:*02@192.0.2.10:5070 SIP/2.0`);
  });
}

Deno.test("shortdial knows an escaped key", () => {
  const world = bench(
    "load_plugin = shortdial\nplugin_shortdial_akey = #0".replace("#", "~") +
      "\nplugin_shortdial_entry = 5",
  );
  strictEqual(
    firstLine(world.fromPhone(invite("sip:%7E1@192.0.2.10:5070"))),
    "SIP/2.0 302 Moved Temporarily",
  );
});

Deno.test("shortdial leaves calls that are up alone", () => {
  const step = bench().fromPhone(
    request("INVITE sip:*01@192.0.2.10:5070", { To: "<sip:*01@192.0.2.10>;tag=b" }),
  );
  match(firstLine(step) ?? "", /^INVITE /);
});

Deno.test("shortdial without key or entries says that it does nothing", () => {
  deepStrictEqual(examine("load_plugin = shortdial\nplugin_shortdial_akey = *0"), [
    "test.conf:1:15: warning: plugin_shortdial_entry: Cannot dial short: no plugin_shortdial_entry " +
    "is set, the plugin does nothing",
  ]);
});

Deno.test("shortdial refuses an entry that is no number", () => {
  deepStrictEqual(
    examine("load_plugin = shortdial\nplugin_shortdial_akey = *0\nplugin_shortdial_entry = a@b@c"),
    [
      'test.conf:3:26: error: plugin_shortdial_entry: Cannot use "a@b@c": no number or number@host',
    ],
  );
});
