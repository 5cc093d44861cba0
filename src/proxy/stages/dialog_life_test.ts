import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALICE,
  answerText,
  type From,
  incomingText,
  phoneWorld,
  PROVIDER,
  requestText,
  sdpText,
  sendsOf,
  STRANGER,
} from "../../../tests/support/phone_world.ts";
import type { CoreWorld } from "../../../tests/support/core_world.ts";
import { MAX_RESPONDER_TAGS } from "../dialog_table.ts";

/** Legs in short: direction, method, phase, tags. */
function legsOf(world: CoreWorld): readonly string[] {
  return world.state.dialogs.all().map((
    { direction, method, phase, initiatorTag, responderTags },
  ) => `${direction} ${method} ${phase} ${initiatorTag} [${responderTags.join()}]`);
}

/** Methods that begin a leg, as a first request and inside a dialog that we have not seen begin. */
const BEGINNINGS: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ["INVITE", "", ["outgoing INVITE early a []"], ["outgoing INVITE confirmed a [b]"]],
  ["INVITE", "sdp", ["outgoing INVITE early a []"], ["outgoing INVITE confirmed a [b]"]],
  ["SUBSCRIBE", "", ["outgoing SUBSCRIBE early a []"], ["outgoing SUBSCRIBE confirmed a [b]"]],
  ["ACK", "", [], []],
  ["ACK", "sdp", [], ["outgoing INVITE confirmed a [b]"]],
  ["UPDATE", "sdp", [], ["outgoing INVITE confirmed a [b]"]],
  ["PRACK", "sdp", [], ["outgoing INVITE confirmed a [b]"]],
  ["BYE", "", [], []],
  ["INFO", "sdp", [], []],
  ["NOTIFY", "", [], []],
  ["MESSAGE", "", [], []],
  ["OPTIONS", "", [], []],
  ["REFER", "", [], []],
  ["CANCEL", "", [], []],
];

for (const [method, body, first, inside] of BEGINNINGS) {
  Deno.test(`trackRequestDialog() follows ${method} ${body === "" ? "without" : "with"} a description`, () => {
    const legsAfter = (to: string) => {
      const world = phoneWorld();
      world.receive(
        requestText({ method, to, body: body === "" ? "" : sdpText("10.0.0.10", 4000) }),
        ALICE,
      );
      return legsOf(world);
    };
    deepStrictEqual([legsAfter("<sip:bob@192.0.2.10>"), legsAfter("<sip:bob@192.0.2.10>;tag=b")], [
      first,
      inside,
    ]);
  });
}

Deno.test("trackRequestDialog() follows a call from outside by its own direction", () => {
  const world = phoneWorld();
  world.receive(incomingText(), PROVIDER);
  world.receive(requestText(), ALICE);
  deepStrictEqual(legsOf(world), ["incoming INVITE early x []", "outgoing INVITE early a []"]);
});

Deno.test("trackRequestDialog() begins one leg for a repeated INVITE", () => {
  const world = phoneWorld();
  for (let count = 0; count < 3; count++) {
    world.receive(requestText({ body: sdpText("10.0.0.10", 4000) }), ALICE);
  }
  deepStrictEqual([legsOf(world), world.freePairs("lan")], [["outgoing INVITE early a []"], 9]);
});

Deno.test("trackRequestDialog() keeps the leg of a challenged INVITE that comes again by another CSeq", () => {
  const world = phoneWorld();
  world.receive(requestText(), ALICE);
  world.receive(
    requestText({ cseq: 2, via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKinv2" }),
    ALICE,
  );
  deepStrictEqual(world.state.dialogs.all().map(({ initialCseq }) => initialCseq), [2]);
});

Deno.test("trackRequestDialog() tells two calls of one Call-ID apart by their tags", () => {
  const world = phoneWorld();
  world.receive(requestText(), ALICE);
  const other = {
    from: "<sip:alice@192.0.2.10>;tag=other",
    via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKo",
  };
  world.receive(requestText(other), ALICE);
  deepStrictEqual(legsOf(world), ["outgoing INVITE early a []", "outgoing INVITE early other []"]);
});

Deno.test("trackRequestDialog() marks a leg as ending by BYE from either side", () => {
  const byes: readonly (readonly [string, From])[] = [
    [
      requestText({
        method: "BYE",
        cseq: 2,
        to: "<sip:bob@192.0.2.10>;tag=b",
        via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKbye",
      }),
      ALICE,
    ],
    [
      incomingText({
        method: "BYE",
        callId: "call-1",
        from: "<sip:bob@192.0.2.10>;tag=b",
        to: "<sip:alice@192.0.2.10>;tag=a",
      }),
      PROVIDER,
    ],
  ];
  for (const [bye, from] of byes) {
    const world = phoneWorld();
    const [invite] = sendsOf(world.receive(requestText(), ALICE));
    world.receive(answerText(invite?.text ?? "", "200 OK"), PROVIDER);
    world.receive(bye, from);
    deepStrictEqual(legsOf(world), ["outgoing INVITE ending a [b]"]);
  }
});

Deno.test("trackRequestDialog() ends nothing for a CANCEL: it may cross a 200", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  world.receive(requestText({ method: "CANCEL" }), ALICE);
  deepStrictEqual(legsOf(world), ["outgoing INVITE early a []"]);
  world.receive(answerText(invite?.text ?? "", "200 OK"), PROVIDER);
  deepStrictEqual(legsOf(world), ["outgoing INVITE confirmed a [b]"]);
});

Deno.test("trackResponseDialog() ends a cancelled call by its 487", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  const [cancel] = sendsOf(world.receive(requestText({ method: "CANCEL" }), ALICE));
  world.receive(answerText(cancel?.text ?? "", "200 OK"), PROVIDER);
  deepStrictEqual(legsOf(world), ["outgoing INVITE early a []"]);
  world.receive(answerText(invite?.text ?? "", "487 Request Terminated"), PROVIDER);
  deepStrictEqual(legsOf(world), []);
});

Deno.test("trackResponseDialog() gathers the tags of a far end that forks, up to a bound", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  for (let fork = 0; fork < MAX_RESPONDER_TAGS + 3; fork++) {
    world.receive(answerText(invite?.text ?? "", "180 Ringing", { toTag: `f${fork}` }), PROVIDER);
  }
  const [dialog] = world.state.dialogs.all();
  strictEqual(dialog?.responderTags.length, MAX_RESPONDER_TAGS);
  world.receive(answerText(invite?.text ?? "", "180 Ringing", { toTag: "f0" }), PROVIDER);
  deepStrictEqual(world.state.dialogs.all()[0]?.responderTags, dialog?.responderTags);
});

Deno.test("trackResponseDialog() takes no tag from a 100", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  world.receive(answerText(invite?.text ?? "", "100 Trying"), PROVIDER);
  deepStrictEqual(legsOf(world), ["outgoing INVITE early a []"]);
});

Deno.test("trackResponseDialog() confirms a subscription, whose end is its own", () => {
  const world = phoneWorld();
  const [subscribe] = sendsOf(
    world.receive(requestText({ method: "SUBSCRIBE", headers: ["Expires: 60"] }), ALICE),
  );
  world.receive(answerText(subscribe?.text ?? "", "202 Accepted"), PROVIDER);
  deepStrictEqual(legsOf(world), ["outgoing SUBSCRIBE confirmed a [b]"]);
  const notify = incomingText({
    method: "NOTIFY",
    callId: "call-1",
    from: "<sip:bob@192.0.2.10>;tag=b",
    to: "<sip:alice@192.0.2.10>;tag=a",
  });
  strictEqual(sendsOf(world.receive(notify, PROVIDER))[0]?.to, "lan 10.0.0.10:5062");
});

Deno.test("trackResponseDialog() ends a refused subscription", () => {
  const world = phoneWorld();
  const [subscribe] = sendsOf(world.receive(requestText({ method: "SUBSCRIBE" }), ALICE));
  world.receive(answerText(subscribe?.text ?? "", "489 Bad Event"), PROVIDER);
  deepStrictEqual(legsOf(world), []);
});

Deno.test("trackResponseDialog() lets a failure of an INVITE in a call end nothing", () => {
  for (const status of ["488 No", "491 Pending", "500 No", "481 No", "408 No"]) {
    const world = phoneWorld();
    const [invite] = sendsOf(world.receive(requestText(), ALICE));
    world.receive(answerText(invite?.text ?? "", "200 OK"), PROVIDER);
    const again = requestText({
      cseq: 2,
      to: "<sip:bob@192.0.2.10>;tag=b",
      via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKinv2",
    });
    const [reinvite] = sendsOf(world.receive(again, ALICE));
    world.receive(answerText(reinvite?.text ?? "", status), PROVIDER);
    deepStrictEqual(legsOf(world), ["outgoing INVITE confirmed a [b]"], status);
  }
});

Deno.test("trackResponseDialog() believes nobody whose branch is not ours", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  const forge = (text: string) => text.replace(/branch=z9hG4bK[0-9a-f]{4}/, "branch=z9hG4bK0000");
  for (const status of ["180 Ringing", "200 OK", "486 Busy"]) {
    world.receive(forge(answerText(invite?.text ?? "", status, { toTag: "evil" })), STRANGER);
    deepStrictEqual(legsOf(world), ["outgoing INVITE early a []"], status);
  }
});

/** What somebody outside claims to be part of a call that there never was: legs and free ports after Alice's answer. */
function afterInvention(
  method: string,
  status: string,
): readonly [legs: readonly string[], pairs: number] {
  const world = phoneWorld();
  const invented = incomingText({
    method,
    to: "<sip:alice@192.0.2.10>;tag=invented",
    callId: "call-invented",
    body: sdpText("192.0.2.66", 4000),
  });
  const [request] = sendsOf(world.receive(invented, STRANGER));
  world.receive(answerText(request?.text ?? "", status), ALICE);
  return [legsOf(world), world.freePairs("lan")];
}

Deno.test("trackResponseDialog() ends a call that somebody invents and the phone does not know", () => {
  const known = ["incoming INVITE confirmed x [invented]"];
  for (const method of ["INVITE", "UPDATE", "PRACK"]) {
    deepStrictEqual(afterInvention(method, "481 Unknown"), [[], 10], method);
    deepStrictEqual(afterInvention(method, "488 Not Acceptable Here"), [known, 9], method);
  }
});

Deno.test("trackResponseDialog() keeps a call whose 200 crossed a CANCEL, which finds nothing any more", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  const [cancel] = sendsOf(world.receive(requestText({ method: "CANCEL" }), ALICE));
  world.receive(answerText(invite?.text ?? "", "200 OK"), PROVIDER);
  world.receive(answerText(cancel?.text ?? "", "481 Unknown"), PROVIDER);
  deepStrictEqual(legsOf(world), ["outgoing INVITE confirmed a [b]"]);
});

Deno.test("trackRequestDialog() gives no ports to an ACK from outside that belongs to no call", () => {
  deepStrictEqual(afterInvention("ACK", ""), [[], 10]);
});

Deno.test("trackRequestDialog() lets the far end's re-INVITE keep the leg alive", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  world.receive(answerText(invite?.text ?? "", "200 OK"), PROVIDER);
  const lifeMs = () => (world.state.dialogs.all()[0]?.expiresAtMs ?? 0) - world.nowMs;
  const whole = lifeMs();
  world.advance(3_600_000);
  strictEqual(lifeMs(), whole - 3_600_000);
  const reinvite = incomingText({
    callId: "call-1",
    cseq: 9,
    from: "<sip:bob@192.0.2.10>;tag=b",
    to: "<sip:alice@192.0.2.10>;tag=a",
  });
  world.receive(reinvite, PROVIDER);
  strictEqual(lifeMs(), whole);
});
