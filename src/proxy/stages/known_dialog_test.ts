import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALICE,
  answerText,
  BOB,
  type From,
  incomingText,
  outcomeOf,
  phoneWorld,
  PROVIDER,
  requestContext,
  requestText,
  sendsOf,
  STRANGER,
} from "../../../tests/support/phone_world.ts";
import type { CoreWorld } from "../../../tests/support/core_world.ts";
import { findDialog } from "./known_dialog.ts";

/** A call of Alice to Bob at the provider; tags a and b. */
function outgoingCall(): CoreWorld {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  world.receive(answerText(invite?.text ?? "", "200 OK"), PROVIDER);
  return world;
}

/** A call from the provider to Alice; tags x and b. */
function incomingCall(): CoreWorld {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(incomingText(), PROVIDER));
  world.receive(answerText(invite?.text ?? "", "200 OK"), ALICE);
  return world;
}

interface Tags {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly callId?: string;
}

function inDialog(tags: Tags): string {
  const tag = (text: string | undefined) => text === undefined ? "" : `;tag=${text}`;
  return requestText({
    method: "INFO",
    cseq: 7,
    via: "SIP/2.0/UDP 198.51.100.5;branch=z9hG4bKinfo",
    uri: "sip:x@192.0.2.1",
    callId: tags.callId ?? "call-1",
    from: `<sip:x@y>${tag(tags.from)}`,
    to: `<sip:y@z>${tag(tags.to)}`,
  });
}

function foundIn(world: CoreWorld, tags: Tags, from: From): readonly (string | undefined)[] {
  const context = requestContext(world, { text: inDialog(tags), from });
  strictEqual(findDialog(context).kind, "next");
  return [context.direction, context.dialog?.direction];
}

const NONE = [undefined, undefined];

const OUTGOING: readonly (readonly [string, Tags, From, readonly (string | undefined)[]])[] = [
  ["the phone", { from: "a", to: "b" }, ALICE, ["outgoing", "outgoing"]],
  ["the far end", { from: "b", to: "a" }, PROVIDER, ["incoming", "outgoing"]],
  ["the far end from elsewhere", { from: "b", to: "a" }, STRANGER, ["incoming", "outgoing"]],
  ["a registered phone's other address", { from: "a", to: "b" }, {
    side: "lan",
    source: "10.0.0.10:9",
  }, [
    "outgoing",
    "outgoing",
  ]],
  ["a stranger with a wrong From tag", { from: "z", to: "a" }, STRANGER, NONE],
  ["a stranger with a wrong To tag", { from: "b", to: "z" }, STRANGER, NONE],
  ["a stranger with the tags of the wrong end", { from: "a", to: "b" }, STRANGER, NONE],
  ["a stranger with one tag twice", { from: "a", to: "a" }, STRANGER, NONE],
  ["somebody with another Call-ID", { from: "b", to: "a", callId: "call-2" }, PROVIDER, NONE],
  ["somebody without To tag", { from: "b", to: undefined }, PROVIDER, NONE],
  ["somebody without From tag", { from: undefined, to: "a" }, PROVIDER, NONE],
  ["the far end by the tags in other case", { from: "B", to: "A" }, PROVIDER, NONE],
  ["the phone with its tags swapped", { from: "b", to: "a" }, ALICE, NONE],
  [
    "a host beside the phone",
    { from: "b", to: "a" },
    { side: "lan", source: "10.0.0.77:5060" },
    NONE,
  ],
  ["a PBX on this machine", { from: "b", to: "a" }, { side: "lan", source: "127.0.0.1:5080" }, [
    "incoming",
    "outgoing",
  ]],
];

for (const [who, tags, from, wanted] of OUTGOING) {
  Deno.test(`findDialog() finds for ${who} in a call that went out: ${wanted[0]}`, () => {
    deepStrictEqual(foundIn(outgoingCall(), tags, from), wanted);
  });
}

const INCOMING: readonly (readonly [string, Tags, From, readonly (string | undefined)[]])[] = [
  ["the phone", { from: "b", to: "x", callId: "call-in" }, ALICE, ["outgoing", "incoming"]],
  ["the caller", { from: "x", to: "b", callId: "call-in" }, PROVIDER, ["incoming", "incoming"]],
  ["a stranger with a wrong From tag", { from: "y", to: "b", callId: "call-in" }, STRANGER, NONE],
  ["a stranger with a wrong To tag", { from: "x", to: "y", callId: "call-in" }, STRANGER, NONE],
  ["the phone with wrong tags", { from: "b", to: "y", callId: "call-in" }, ALICE, NONE],
];

for (const [who, tags, from, wanted] of INCOMING) {
  Deno.test(`findDialog() finds for ${who} in a call that came in: ${wanted[0]}`, () => {
    deepStrictEqual(foundIn(incomingCall(), tags, from), wanted);
  });
}

Deno.test("findDialog() takes any responder while the far end has not answered", () => {
  const world = phoneWorld();
  world.receive(requestText(), ALICE);
  deepStrictEqual(foundIn(world, { from: "whoever", to: "a" }, PROVIDER), ["incoming", "outgoing"]);
});

Deno.test("findDialog() knows every branch of a far end that forks", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  for (const toTag of ["f1", "f2", "f3"]) {
    world.receive(answerText(invite?.text ?? "", "180 Ringing", { toTag }), PROVIDER);
  }
  for (const from of ["f1", "f2", "f3"]) {
    deepStrictEqual(foundIn(world, { from, to: "a" }, PROVIDER), ["incoming", "outgoing"]);
  }
  deepStrictEqual(foundIn(world, { from: "f4", to: "a" }, PROVIDER), NONE);
});

/** A call between two phones: it goes out, comes back by our own address and goes in; tags a and b on both legs. */
function localCall(): CoreWorld {
  const world = phoneWorld({ phones: ["alice", "bob"] });
  const back: From = { side: "wan", source: "192.0.2.1:5060" };
  const toBob = { uri: "sip:bob@192.0.2.1", to: "<sip:bob@192.0.2.10>" };
  const [out] = sendsOf(world.receive(requestText(toBob), ALICE));
  const [ring] = sendsOf(world.receive(out?.text ?? "", back));
  const [answer] = sendsOf(world.receive(answerText(ring?.text ?? "", "200 OK"), BOB));
  world.receive(answer?.text ?? "", back);
  return world;
}

Deno.test("findDialog() tells the two legs of a local call apart by the source", () => {
  const world = localCall();
  deepStrictEqual(world.state.dialogs.all().map((dialog) => dialog.direction), [
    "outgoing",
    "incoming",
  ]);
  deepStrictEqual(foundIn(world, { from: "a", to: "b" }, ALICE), ["outgoing", "outgoing"]);
  deepStrictEqual(foundIn(world, { from: "b", to: "a" }, BOB), ["outgoing", "incoming"]);
});

Deno.test("runPipeline() takes a BYE of a local call through both legs, and both end", () => {
  const world = localCall();
  const back: From = { side: "wan", source: "192.0.2.1:5060" };
  const bye = requestText({
    method: "BYE",
    cseq: 2,
    uri: "sip:bob@192.0.2.1",
    to: "<sip:bob@192.0.2.10>;tag=b",
    via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKbye",
  });
  const [first] = sendsOf(world.receive(bye, ALICE));
  strictEqual(first?.to, "wan 192.0.2.1:5060");
  const [second] = sendsOf(world.receive(first?.text ?? "", back));
  strictEqual(second?.to, "lan 10.0.0.11:5064");
  const [answer] = sendsOf(world.receive(answerText(second?.text ?? "", "200 OK"), BOB));
  strictEqual(answer?.to, "wan 192.0.2.1:5060");
  strictEqual(sendsOf(world.receive(answer?.text ?? "", back))[0]?.to, "lan 10.0.0.10:5062");
  strictEqual(world.state.dialogs.size, 0);
});

Deno.test("findDialog() takes a phone whose own leg has ended for no far end of the other leg", () => {
  const world = localCall();
  const [, inner] = world.state.dialogs.all();
  world.state.dialogs.apply({ kind: "end", dialogId: inner?.dialogId ?? "" });
  deepStrictEqual(foundIn(world, { from: "b", to: "a" }, BOB), NONE);
  const info = requestText({
    method: "INFO",
    cseq: 9,
    uri: "sip:alice@192.0.2.1",
    from: "<sip:bob@192.0.2.10>;tag=b",
    to: "<sip:alice@192.0.2.10>;tag=a",
    via: "SIP/2.0/UDP 10.0.0.11:5064;branch=z9hG4bKinfo",
  });
  strictEqual(
    outcomeOf(world.receive(info, BOB)),
    "wan 192.0.2.1:5060 INFO sip:alice@192.0.2.1 SIP/2.0",
  );
});

Deno.test("findDialog() gives the phone's registration with its leg", () => {
  const world = outgoingCall();
  const context = requestContext(world, { text: inDialog({ from: "b", to: "a" }), from: PROVIDER });
  findDialog(context);
  strictEqual(context.binding?.addressOfRecord, "alice@192.0.2.10");
});

Deno.test("findDialog() leaves alone what is decided already", () => {
  const context = requestContext(outgoingCall(), {
    text: inDialog({ from: "b", to: "a" }),
    from: PROVIDER,
  });
  context.direction = "outgoing";
  findDialog(context);
  deepStrictEqual([context.direction, context.dialog], ["outgoing", undefined]);
});

Deno.test("runPipeline() refuses a forged BYE for a call, which goes on", () => {
  for (const tags of [{ from: "z", to: "a" }, { from: "b", to: "z" }, { from: "a", to: "a" }]) {
    const world = outgoingCall();
    world.receive(inDialog(tags).replaceAll("INFO", "BYE"), STRANGER);
    deepStrictEqual(world.state.dialogs.all().map((dialog) => dialog.phase), ["confirmed"]);
  }
});
