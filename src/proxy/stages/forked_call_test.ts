import { deepStrictEqual } from "node:assert/strict";
import {
  ALICE,
  answerText,
  incomingText,
  phoneWorld,
  PROVIDER,
  requestText,
  sdpText,
  sendsOf,
} from "../../../tests/support/phone_world.ts";
import type { CoreWorld } from "../../../tests/support/core_world.ts";
import { socketAddressText } from "../../base/socket_address.ts";

/** Legs in short: phase, tags, number of media lines. */
function legsOf(world: CoreWorld): readonly string[] {
  return world.state.dialogs.all().map(({ phase, responderTags, streams }) =>
    `${phase} [${responderTags.join()}] ${streams.length}`
  );
}

/** Where the far end's media is now. */
function farMedia(world: CoreWorld): readonly string[] {
  return world.state.dialogs.all().flatMap(({ streams }) =>
    streams.map(({ wanParty }) =>
      wanParty?.rtp === undefined ? "nowhere" : socketAddressText(wanParty.rtp)
    )
  );
}

/** Alice's call to a far end that forks, and what its branches answer. */
function callOf(
  answers: readonly (readonly [status: string, toTag: string, mediaPort: number])[],
): { readonly world: CoreWorld; readonly shown: readonly string[] } {
  const world = phoneWorld();
  const [invite] = sendsOf(
    world.receive(requestText({ body: sdpText("10.0.0.10", 4000) }), ALICE),
  );
  const shown = answers.map(([status, toTag, mediaPort]) => {
    const body = sdpText("192.0.2.10", mediaPort);
    const answer = answerText(invite?.text ?? "", status, { toTag, body });
    const [sent] = sendsOf(world.receive(answer, PROVIDER));
    return /^m=.*$/m.exec(sent?.text ?? "")?.[0].trimEnd() ?? "nothing";
  });
  return { world, shown };
}

function byeText(toTag: string, cseq: number): string {
  return requestText({
    method: "BYE",
    cseq,
    to: `<sip:bob@192.0.2.10>;tag=${toTag}`,
    via: `SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKbye${toTag}${cseq}`,
  });
}

const EARLY: readonly (readonly [what: string, answers: Parameters<typeof callOf>[0]])[] = [
  ["the last early one", [["183 Progress", "x", 6000], ["183 Progress", "y", 7000]]],
  ["the one that answered", [["183 Progress", "x", 6000], ["200 OK", "y", 7000]]],
  ["the one that answered, whatever comes early later", [
    ["183 Progress", "x", 6000],
    ["200 OK", "y", 7000],
    ["183 Progress", "x", 6000],
  ]],
  ["the one that answered first", [["200 OK", "y", 7000], ["200 OK", "x", 6000]]],
  ["the one that answered, after its repetition too", [
    ["200 OK", "y", 7000],
    ["200 OK", "x", 6000],
    ["200 OK", "y", 7000],
  ]],
];

for (const [what, answers] of EARLY) {
  Deno.test(`relayResponseMedia() of a far end that forks relays ${what} (RFC 3261 §13.2.2.4)`, () => {
    const { world, shown } = callOf(answers);
    deepStrictEqual(farMedia(world), ["192.0.2.10:7000"]);
    deepStrictEqual(shown, answers.map(() => shown[0]));
  });
}

Deno.test("relayResponseMedia() lets a branch that lost switch no line off", () => {
  const { world } = callOf([["200 OK", "y", 7000], ["200 OK", "x", 0]]);
  deepStrictEqual(farMedia(world), ["192.0.2.10:7000"]);
});

Deno.test("trackResponseDialog() lets the BYE to a second answer end nothing but that (RFC 3261 §13.2.2.4)", () => {
  const { world } = callOf([["183 Progress", "z", 5000], ["200 OK", "y", 7000], [
    "200 OK",
    "x",
    6000,
  ]]);
  const [bye] = sendsOf(world.receive(byeText("x", 2), ALICE));
  deepStrictEqual(legsOf(world), ["confirmed [y,z,x] 1"]);
  world.receive(byeText("x", 2), ALICE);
  world.receive(answerText(bye?.text ?? "", "200 OK"), PROVIDER);
  deepStrictEqual(legsOf(world), ["confirmed [y,z,x] 1"]);
  const [last] = sendsOf(world.receive(byeText("y", 3), ALICE));
  deepStrictEqual(legsOf(world), ["ending [y,z,x] 1"]);
  world.receive(answerText(last?.text ?? "", "200 OK"), PROVIDER);
  deepStrictEqual(legsOf(world), []);
});

Deno.test("trackResponseDialog() ends the one call of several early branches by its BYE", () => {
  const { world } = callOf([["183 Progress", "x", 6000], ["183 Progress", "y", 7000], [
    "200 OK",
    "y",
    7000,
  ]]);
  const [bye] = sendsOf(world.receive(byeText("y", 2), ALICE));
  world.receive(answerText(bye?.text ?? "", "200 OK"), PROVIDER);
  deepStrictEqual(legsOf(world), []);
});

Deno.test("trackResponseDialog() keeps the place of the phone that answered first, behind a PBX that forks", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(incomingText(), PROVIDER));
  for (const toTag of ["y", "x"]) {
    const headers = [`Contact: <sip:${toTag}@10.0.0.10:5062>`];
    world.receive(answerText(invite?.text ?? "", "200 OK", { toTag, headers }), ALICE);
  }
  deepStrictEqual(
    world.state.dialogs.all().map(({ phone, responderTags }) => [phone.contactUri, responderTags]),
    [["sip:y@10.0.0.10:5062", ["y", "x"]]],
  );
});
