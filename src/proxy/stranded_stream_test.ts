import { deepStrictEqual } from "node:assert/strict";
import { address, type CoreWorld } from "../../tests/support/core_world.ts";
import {
  ALICE,
  answerText,
  phoneWorld,
  PROVIDER,
  requestText,
  sdpText,
  sendsOf,
} from "../../tests/support/phone_world.ts";
import type { CallStream } from "./dialog_table.ts";
import type { Action } from "./outcome.ts";
import { isStranded } from "./stranded_stream.ts";

const OWN = phoneWorld().own;
const OLD = { lan: address("10.0.0.1"), wan: address("192.0.2.1") };
const NEW = { lan: address("10.0.0.2"), wan: address("192.0.2.99") };

const STREAM: Pick<CallStream, "lanPair" | "wanPair"> = {
  lanPair: { pairId: 1, side: "lan", address: OLD.lan, rtpPort: 7072 },
  wanPair: { pairId: 2, side: "wan", address: OLD.wan, rtpPort: 7070 },
};

const CASES = [
  ["an address on each side that is still ours", {}, false],
  ["another address outside", { wan: NEW.wan, advertised: NEW.wan }, true],
  ["another address inside", { lan: NEW.lan }, true],
  [
    "a public address that is told in place of ours",
    { advertised: address("198.51.100.1") },
    false,
  ],
  ["a side that is down", { wan: undefined, advertised: undefined }, false],
] as const;

for (const [name, change, expected] of CASES) {
  Deno.test(`isStranded() judges ${name}`, () => {
    deepStrictEqual(isStranded(STREAM, { ...OWN, ...change }), expected);
  });
}

function relayKinds(actions: readonly Action[]): readonly string[] {
  return actions.flatMap((action) => {
    if (action.kind !== "relay") return [];
    const { kind, streamId } = action.command;
    return [`${kind} ${streamId}`];
  });
}

function reinvite(world: CoreWorld, cseq: number): readonly Action[] {
  const via = `SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKinv${cseq}`;
  const to = "<sip:bob@192.0.2.10>;tag=b";
  return world.receive(
    requestText({ to, via, cseq, body: sdpText("10.0.0.10", 4000) }),
    ALICE,
  );
}

function startCall(): CoreWorld {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText({ body: sdpText("10.0.0.10", 4000) }), ALICE));
  const headers = ["Contact: <sip:bob@192.0.2.10:5070>"];
  const body = sdpText("192.0.2.10", 6000);
  world.receive(answerText(invite?.text ?? "", "200 OK", { headers, body }), PROVIDER);
  return world;
}

Deno.test("relaySdp() gives a call other ports when its next offer comes after a change of address", () => {
  const world = startCall();
  world.own = { ...world.own, wan: NEW.wan, advertised: NEW.wan };
  const actions = reinvite(world, 2);
  deepStrictEqual(relayKinds(actions), ["close 100", "open 101", "announce 101"]);
  const [offer] = sendsOf(actions);
  const places = offer?.text.split("\r\n").filter((line) => /^[cm]=/.test(line));
  deepStrictEqual(places, ["c=IN IP4 192.0.2.99", "m=audio 7074 RTP/AVP 0 8"]);
  // The answer tells the phone the new port of its own side too.
  const answer = answerText(offer?.text ?? "", "200 OK", { body: sdpText("192.0.2.10", 6000) });
  const [told] = sendsOf(world.receive(answer, PROVIDER));
  const answered = told?.text.split("\r\n").filter((line) => /^[cm]=/.test(line));
  deepStrictEqual(answered, ["c=IN IP4 10.0.0.1", "m=audio 7076 RTP/AVP 0 8"]);
});

Deno.test("relaySdp() leaves a call its ports when nothing changed, or the line is only down", () => {
  const world = startCall();
  deepStrictEqual(relayKinds(reinvite(world, 2)), []);
  const { own } = world;
  world.own = { ...own, wan: undefined, advertised: undefined };
  deepStrictEqual(relayKinds(reinvite(world, 3)), []);
  world.own = own;
  deepStrictEqual(relayKinds(reinvite(world, 4)), []);
});
