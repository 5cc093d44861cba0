import { deepStrictEqual } from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import { phoneWorld } from "../../tests/support/phone_world.ts";
import { encodeLatin1 } from "../base/text.ts";
import type { Hop } from "./hop.ts";
import { repeatRequests } from "./repeat_requests.ts";

const HOP: Hop = {
  side: "wan",
  transport: "udp",
  peer: peer("192.0.2.10:5070"),
  connectionId: undefined,
};

/** When a request came by a stream, after how many milliseconds it is looked at, and what leaves. */
const REPETITIONS:
  readonly (readonly [string, "lan" | "wan", readonly number[], readonly string[]])[] = [
    ["nothing before timer E", "wan", [499], []],
    ["once at timer E", "wan", [500], ["send"]],
    ["again after twice as long", "wan", [500, 1499], ["send"]],
    ["a second time", "wan", [500, 1500], ["send", "send"]],
    ["silence of a server after 3 s", "wan", [500, 1500, 3500], ["send", "send", "send", "silent"]],
    ["no silence of a phone", "lan", [500, 1500, 3500], ["send", "send", "send"]],
    ["nothing after timer F", "wan", [32_000], []],
    ["the last one before timer F", "wan", [31_999], ["send", "silent"]],
  ];

for (const [what, side, times, wanted] of REPETITIONS) {
  Deno.test(`repeatRequests(): ${what}`, () => {
    const world = phoneWorld();
    const { state, env, nowMs } = world;
    const request = { method: "MESSAGE", data: encodeLatin1("m"), hop: { ...HOP, side } };
    state.retransmissions.apply({ kind: "start", key: "k", request }, nowMs);
    const actions = times.flatMap((afterMs) =>
      repeatRequests({ state, env: { ...env, nowMs: nowMs + afterMs } })
    );
    deepStrictEqual(
      actions.map((action) => action.kind === "peer-health" ? action.health : action.kind),
      wanted,
    );
    for (const action of actions) {
      if (action.kind === "send") deepStrictEqual(action.hop, request.hop);
      if (action.kind === "peer-health") deepStrictEqual(action.peer, HOP.peer);
    }
  });
}
