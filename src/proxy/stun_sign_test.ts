import { deepStrictEqual } from "node:assert/strict";
import { CoreWorld } from "../../tests/support/core_world.ts";
import { configOf } from "../../tests/support/loopback_daemon.ts";
import type { Action } from "./outcome.ts";
import { reconfigureState } from "./proxy.ts";

function registerText(contact: string): string {
  return [
    "REGISTER sip:192.0.2.10:5070 SIP/2.0",
    "Via: SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKstun",
    "Max-Forwards: 70",
    "From: <sip:alice@192.0.2.10:5070>;tag=1",
    "To: <sip:alice@192.0.2.10:5070>",
    "Call-ID: stun",
    "CSeq: 1 REGISTER",
    `Contact: <${contact}>`,
    "Expires: 600",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

function stunWarnings(actions: readonly Action[]): readonly (readonly unknown[])[] {
  return actions.flatMap((action) =>
    action.kind === "log" && action.event.event === "reg.stun"
      ? [[action.event.level, action.event.text, action.event.once]]
      : []
  );
}

const WARNING = [
  "warning",
  "Phone 10.0.0.10 registers with our public address 192.0.2.1 in its Contact: " +
  "switch STUN off in the phone",
  "10.0.0.10",
] as const;

const cases: readonly (readonly [string, string, string, readonly (readonly unknown[])[]])[] = [
  ["a phone that shows our public address", "sip:alice@192.0.2.1:5062", "10.0.0.10:5062", [
    WARNING,
  ]],
  ["a phone that shows its own", "sip:alice@10.0.0.10:5062", "10.0.0.10:5062", []],
  ["a phone that shows a name", "sip:alice@phone.example", "10.0.0.10:5062", []],
  ["a PBX on our loopback address", "sip:alice@192.0.2.1:5062", "127.0.0.1:5062", []],
  ["a PBX on our own address", "sip:alice@192.0.2.1:5062", "10.0.0.1:5062", []],
];

for (const [name, contact, source, expected] of cases) {
  const verb = expected.length > 0 ? "warns of" : "is silent about";
  Deno.test(`warnOfStun() ${verb} ${name}`, () => {
    const world = new CoreWorld({ config: configOf([]) });
    const actions = world.receive(registerText(contact), { side: "lan", source });
    deepStrictEqual(stunWarnings(actions), expected);
  });
}

Deno.test("warnOfStun() is silent where the public address is the phones' side's too", () => {
  const world = new CoreWorld({ config: configOf([]) });
  world.own = { ...world.own, lan: world.own.wan };
  const contact = "sip:alice@192.0.2.1:5062";
  const actions = world.receive(registerText(contact), { side: "lan", source: "10.0.0.10:5062" });
  deepStrictEqual(stunWarnings(actions), []);
});

Deno.test("reconfigureState() obeys another access list from the next message on, and forgets nobody", () => {
  const world = new CoreWorld({ config: configOf([]) });
  const from = { side: "lan", source: "10.0.0.10:5062" } as const;
  const text = registerText("sip:alice@10.0.0.10:5062");
  const kinds = () =>
    world.receive(text, from).map(({ kind }) => kind).filter((kind) => kind === "send");
  const before = kinds();
  const { bindings, dialogs } = world.state;
  reconfigureState(world.state, configOf(["hosts_deny_sip = 10.0.0.0/24"]));
  const during = kinds();
  reconfigureState(world.state, configOf(["hosts_deny_sip = 10.9.0.0/24"]));
  deepStrictEqual([before, during, kinds()], [["send"], [], ["send"]]);
  deepStrictEqual([world.state.bindings === bindings, world.state.dialogs === dialogs], [
    true,
    true,
  ]);
});
