import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  examine,
  headerOf,
  PluginBench,
  register,
  type Step,
} from "../../tests/support/plugin_bench.ts";

const config = "load_plugin = plugin_stun.la\nplugin_stun_server = stun.example.org\n" +
  "plugin_stun_port = 3478\nplugin_stun_period = 300";
const SERVER = "198.51.100.9:3478";

function bench(): PluginBench {
  return new PluginBench({ config, hosts: { "stun.example.org": "198.51.100.9" } });
}

function requestOf(step: Step): Uint8Array | undefined {
  for (const effect of step.effects) if (effect.kind === "send-datagram") return effect.data;
  return undefined;
}

/** First tick asks for the name, second sends. */
function askedBench(): { readonly world: PluginBench; readonly request: Uint8Array } {
  const world = bench();
  world.advance(500);
  const request = requestOf(world.advance(500));
  if (request === undefined) throw new Error("no request was sent");
  return { world, request };
}

function success(request: Uint8Array, mappedHex = "00010008000113c4cb007105"): Uint8Array {
  const id = request.slice(4).toHex();
  return Uint8Array.fromHex(
    `0101${(mappedHex.length / 2).toString(16).padStart(4, "0")}${id}${mappedHex}`,
  );
}

Deno.test("row 83: stun's answer changes the public address, and the next REGISTER uses it", () => {
  const { world, request } = askedBench();
  const step = world.packet(success(request), SERVER);
  deepStrictEqual(step.logs, ["info STUN: public IP has changed 192.0.2.1 -> 203.0.113.5"]);
  deepStrictEqual([step.sent, step.drops], [[], []]);
  const out = world.fromPhone(register({ user: "alice", contact: "sip:alice@10.0.0.10:5062" }));
  strictEqual(headerOf(out, "Contact"), "<sip:alice@203.0.113.5>;expires=3600");
  strictEqual(headerOf(out, "Via")?.startsWith("SIP/2.0/UDP 203.0.113.5:5060;"), true);
});

Deno.test("stun sends to the server it looked up", () => {
  const world = bench();
  deepStrictEqual(world.advance(500).effects.map(({ kind }) => kind), ["resolve"]);
  const [effect] = world.advance(500).effects;
  deepStrictEqual(
    effect?.kind === "send-datagram" ? effect.target : effect,
    { address: "198.51.100.9", port: 3478 },
  );
});

Deno.test("stun asks again after ten seconds without answer, then once a period", () => {
  const { world, request } = askedBench();
  strictEqual(requestOf(world.advance(9_500)), undefined);
  const second = requestOf(world.advance(500));
  strictEqual(second?.toHex() === request.toHex(), false);
  world.packet(success(second ?? new Uint8Array()), SERVER);
  strictEqual(requestOf(world.advance(299_000)), undefined);
  strictEqual(requestOf(world.advance(1_000))?.length, 20);
});

const ignored: readonly (readonly [string, (request: Uint8Array) => Uint8Array, string])[] = [
  ["from another server", success, "198.51.100.10:3478"],
  ["from another port", success, "198.51.100.9:3479"],
  ["to another question", () => success(new Uint8Array(20)), SERVER],
];

for (const [what, packet, source] of ignored) {
  Deno.test(`stun ignores an answer ${what}`, () => {
    const { world, request } = askedBench();
    const step = world.packet(packet(request), source);
    deepStrictEqual([step.logs, step.effects, step.drops], [[], [], ["stun"]]);
  });
}

Deno.test("stun takes an answer once", () => {
  const { world, request } = askedBench();
  world.packet(success(request), SERVER);
  deepStrictEqual(world.packet(success(request), SERVER).drops, ["stun"]);
});

Deno.test("stun believes no loopback address", () => {
  const { world, request } = askedBench();
  deepStrictEqual(world.packet(success(request, "00010008000113c47f000001"), SERVER).effects, []);
});

Deno.test("stun asks at once when our own address changes", () => {
  const { world, request } = askedBench();
  world.packet(success(request), SERVER);
  world.world.own = { ...world.world.own, wan: world.world.own.lan };
  strictEqual(requestOf(world.advance(500))?.length, 20);
});

Deno.test("stun judges its options", () => {
  deepStrictEqual(
    examine(
      "load_plugin = stun\nplugin_stun_server = a b\nplugin_stun_period = 1\nplugin_stun_prot = 1",
    ),
    [
      'test.conf:4:1: warning: plugin_stun_prot: Cannot use key "plugin_stun_prot": plugin_stun has no ' +
      'such option, nearest is "plugin_stun_port"',
      'test.conf:2:22: error: plugin_stun_server: Cannot use "a b": no host name',
      'test.conf:3:22: error: plugin_stun_period: Cannot use number "1": lowest is 10',
    ],
  );
});

Deno.test("stun asks by the family of our address: the other one has no NAT to find", () => {
  const hosts = { "stun.example.org": "2001:db8::9,198.51.100.9" };
  const world = new PluginBench({ config, hosts });
  world.advance(500);
  const [effect] = world.advance(500).effects;
  deepStrictEqual(
    effect?.kind === "send-datagram" ? effect.target.address : effect,
    "198.51.100.9",
  );
});
