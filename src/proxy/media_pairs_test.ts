import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { address, place } from "../../tests/support/core_world.ts";
import {
  ALICE,
  phoneWorld,
  type PhoneWorldOptions,
  requestContext,
  requestText,
} from "../../tests/support/phone_world.ts";
import type { PortPair } from "../rtp/relay_command.ts";
import type { MediaPlanLine } from "../sdp/media_plan.ts";
import type { RequestContext } from "./context.ts";
import type { CallStream } from "./dialog_table.ts";
import { hasMoved, legFamilies, takePairs } from "./media_pairs.ts";

const BOTH: PhoneWorldOptions = {
  own: { lan6: address("fd00::1"), wan6: address("2001:db8::1") },
};

function line(text: string, flow: MediaPlanLine["flow"] = "active"): MediaPlanLine {
  const isName = text.endsWith(".example");
  const rtp = { text, address: isName ? undefined : address(text), port: 4000 };
  return { index: 0, payload: "rtp", rtp, rtcp: { ...rtp, port: 4001 }, flow };
}

/** A request of a phone that goes to a peer. */
function outgoing(peer: string | undefined, options: PhoneWorldOptions = BOTH): RequestContext {
  const context = requestContext(phoneWorld(options), { text: requestText(), from: ALICE });
  context.direction = "outgoing";
  if (peer === undefined) return context;
  context.hop = { side: "wan", transport: "udp", peer: place(peer), connectionId: undefined };
  return context;
}

const CASES: readonly (readonly [
  title: string,
  announced: string,
  context: RequestContext,
  lan: 4 | 6,
  wan: 4 | 6,
])[] = [
  ["IPv4 all along", "10.0.0.10", outgoing("192.0.2.10:5060"), 4, 4],
  ["an IPv4 phone and an IPv6 server", "10.0.0.10", outgoing("[2001:db8::9]:5060"), 4, 6],
  ["media by IPv6 of a phone that signals by IPv4", "fd00::10", outgoing("192.0.2.10:5060"), 6, 4],
  ["a hold by ::", "::", outgoing("192.0.2.10:5060"), 6, 4],
  ["a name, by how the phone signals", "phone.example", outgoing("192.0.2.10:5060"), 4, 4],
  ["IPv6 that we do not have", "fd00::10", outgoing("[2001:db8::9]:5060", {}), 4, 4],
  ["a message that goes nowhere yet", "10.0.0.10", outgoing(undefined), 4, 4],
];

for (const [title, announced, context, lan, wan] of CASES) {
  Deno.test(`legFamilies() of ${title}: IPv${lan} inside, IPv${wan} outside`, () => {
    deepStrictEqual(legFamilies([line(announced)], context), { lan, wan });
  });
}

Deno.test("legFamilies() goes by the signalling where nothing is announced", () => {
  deepStrictEqual(legFamilies([], outgoing("[2001:db8::9]:5060")), { lan: 4, wan: 6 });
});

Deno.test("legFamilies() takes IPv6 where a side has nothing else, and while both are down", () => {
  const six = { lan: address("fd00::1"), wan: address("2001:db8::1") };
  const down = { lan: undefined, wan: undefined };
  const context = outgoing("192.0.2.10:5060");
  const families = [six, down].map((addresses) => {
    const own = { lanNetworks: [], gateway: undefined, advertised: undefined, ...addresses };
    return legFamilies([], { ...context, env: { ...context.env, own } });
  });
  deepStrictEqual(families, [{ lan: 6, wan: 6 }, { lan: 4, wan: 4 }]);
});

function pair(text: string, pairId = 1): PortPair {
  return { pairId, side: "lan", address: address(text), rtpPort: 7070 };
}

const STREAM: CallStream = {
  streamId: 1,
  mediaIndex: 0,
  payload: "rtp",
  lanPair: pair("10.0.0.1"),
  wanPair: { ...pair("192.0.2.1", 2), side: "wan" },
  lanParty: undefined,
  wanParty: undefined,
};

const MOVES: readonly (readonly [string, MediaPlanLine, 4 | 6, boolean])[] = [
  ["another address of the family", line("10.0.0.99"), 4, false],
  ["an address of the other family", line("fd00::10"), 6, true],
  ["the other family, which we do not have", line("fd00::10"), 4, false],
  ["a hold", line("::", "held"), 6, false],
  ["a name", line("phone.example"), 4, false],
];

for (const [title, moved, family, expected] of MOVES) {
  Deno.test(`hasMoved() says ${expected} to ${title}`, () => {
    strictEqual(hasMoved(STREAM, { line: moved, side: "lan", family }), expected);
  });
}

Deno.test("takePairs() takes pairs of the families from the front, all or none", () => {
  const context = outgoing("[2001:db8::9]:5060", { ...BOTH, pairs: 2 });
  const lines = [line("10.0.0.10"), { ...line("10.0.0.10"), index: 2 }];
  const families = { lan: 4, wan: 6 } as const;
  const taken = takePairs(lines, { context, families });
  const addresses = [...taken ?? []].map(([index, { lan, wan }]) =>
    [index, lan.address, wan.address, wan.rtpPort].join(" ")
  );
  deepStrictEqual(addresses, ["0 10.0.0.1 2001:db8::1 7070", "2 10.0.0.1 2001:db8::1 7074"]);
  strictEqual(takePairs([...lines, line("10.0.0.10")], { context, families }), undefined);
});

const USES: readonly (readonly [string, MediaPlanLine, number | undefined])[] = [
  ["a phone's own port", line("10.0.0.10"), undefined],
  ["our port inside", line("10.0.0.1"), 4000],
  ["our port outside", line("192.0.2.1"), 4000],
  ["our port at the address that is shown", line("203.0.113.1"), 4000],
  ["a name", line("phone.example"), undefined],
];

for (const [title, announced, ownPort] of USES) {
  Deno.test(`takePairs() says what the pairs are for, with ${title} announced`, () => {
    const context = outgoing("192.0.2.10:5060", {
      own: { ...BOTH.own, advertised: address("203.0.113.1") },
    });
    const uses: unknown[] = [];
    const freePairs: typeof context.env.freePairs = (side, use) => {
      uses.push([side, use]);
      return context.env.freePairs(side, use);
    };
    const families = { lan: 4, wan: 6 } as const;
    const spied = { ...context, env: { ...context.env, freePairs } };
    takePairs([announced, line("10.0.0.10")], { context: spied, families });
    const use = { lines: 2, families, ownPort };
    deepStrictEqual(uses, [["lan", use], ["wan", use]]);
  });
}
