import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { place } from "../../tests/support/core_world.ts";
import {
  ALICE,
  answerText,
  type From,
  incomingText,
  phoneWorld,
  PROVIDER,
  requestContext,
  requestText,
  sendsOf,
} from "../../tests/support/phone_world.ts";
import { endingActions } from "./end_dialog.ts";
import { legPhone, refreshPhone } from "./leg_phone.ts";
import { findDirection } from "./stages/direction.ts";

function phoneOf(text: string, from: From) {
  const context = requestContext(phoneWorld(), { text, from });
  findDirection(context);
  const phone = legPhone(context);
  return phone === undefined
    ? undefined
    : [phone.address, phone.target, phone.contactUri, phone.transport];
}

const OUTGOING: readonly (readonly [string, readonly string[], string, string])[] = [
  [
    "its Contact",
    ["Contact: <sip:alice@10.0.0.10:5062;line=abc>"],
    "10.0.0.10:5062",
    "sip:alice@10.0.0.10:5062;line=abc",
  ],
  [
    "a Contact with another port",
    ["Contact: <sip:alice@10.0.0.10:9>"],
    "10.0.0.10:9",
    "sip:alice@10.0.0.10:9",
  ],
  [
    "a Contact without port",
    ["Contact: <sip:alice@10.0.0.10>"],
    "10.0.0.10:5060",
    "sip:alice@10.0.0.10",
  ],
  [
    "a Contact of another host",
    ["Contact: <sip:alice@10.0.0.77:9>"],
    "10.0.0.10:5062",
    "sip:alice@10.0.0.77:9",
  ],
  [
    "a Contact of a name",
    ["Contact: <sip:alice@phone.example>"],
    "10.0.0.10:5062",
    "sip:alice@phone.example",
  ],
  ["no Contact", [], "10.0.0.10:5062", "sip:alice@10.0.0.10:5062;line=abc"],
  [
    "a Contact that is a number",
    ["Contact: <tel:110>"],
    "10.0.0.10:5062",
    "sip:alice@10.0.0.10:5062;line=abc",
  ],
];

for (const [what, headers, target, contactUri] of OUTGOING) {
  Deno.test(`legPhone() reaches a caller with ${what} at ${target}`, () => {
    const wanted = ["10.0.0.10", place(target), contactUri, "udp"];
    deepStrictEqual(phoneOf(requestText({ headers }), ALICE), wanted);
  });
}

Deno.test("legPhone() of a call that comes in is the registered phone", () => {
  deepStrictEqual(phoneOf(incomingText(), PROVIDER), [
    "10.0.0.10",
    place("10.0.0.10:5062"),
    "sip:alice@10.0.0.10:5062;line=abc",
    "udp",
  ]);
});

Deno.test("legPhone() of a call that comes in for nobody is none", () => {
  const context = requestContext(phoneWorld(), { text: incomingText(), from: PROVIDER });
  context.direction = "incoming";
  strictEqual(legPhone(context), undefined);
});

const REFRESHES: readonly (readonly [readonly string[], string, string])[] = [
  [["Contact: <sip:alice@10.0.0.10:7>"], "10.0.0.10:7", "sip:alice@10.0.0.10:7"],
  [["Contact: <sip:alice@6.6.6.6:7>"], "10.0.0.10:5062", "sip:alice@6.6.6.6:7"],
];

for (const [headers, target, contactUri] of REFRESHES) {
  Deno.test(`refreshPhone() by ${headers[0]} reaches the phone at ${target}`, () => {
    const world = phoneWorld();
    const first = requestContext(world, {
      text: requestText({ headers: ["Contact: <sip:alice@10.0.0.10:5062>"] }),
      from: ALICE,
    });
    findDirection(first);
    const phone = legPhone(first);
    if (phone === undefined) throw new Error("no phone");
    const again = requestContext(world, { text: requestText({ headers, cseq: 2 }), from: ALICE });
    deepStrictEqual(refreshPhone(phone, again), { ...phone, target: place(target), contactUri });
  });
}

Deno.test("refreshPhone() gives the same object where nothing changed", () => {
  const world = phoneWorld();
  for (const headers of [[], ["Contact: <sip:alice@10.0.0.10:5062;line=abc>"]]) {
    const context = requestContext(world, { text: requestText({ headers }), from: ALICE });
    findDirection(context);
    const phone = legPhone(context);
    if (phone === undefined) throw new Error("no phone");
    strictEqual(refreshPhone(phone, context), phone);
  }
});

Deno.test("runPipeline() sends requests of a call where the phone's last Contact says", () => {
  const world = phoneWorld();
  const contact = (port: number) => ["Contact: <sip:alice@10.0.0.10:" + `${port}>`];
  const [invite] = sendsOf(world.receive(requestText({ headers: contact(5062) }), ALICE));
  world.receive(answerText(invite?.text ?? "", "200 OK"), PROVIDER);
  const again = requestText({
    cseq: 2,
    headers: contact(7),
    to: "<sip:bob@192.0.2.10>;tag=b",
    via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKinv2",
  });
  world.receive(again, ALICE);
  const bye = incomingText({
    method: "BYE",
    callId: "call-1",
    from: "<sip:bob@192.0.2.10>;tag=b",
    to: "<sip:alice@192.0.2.10>;tag=a",
  });
  strictEqual(
    sendsOf(world.receive(bye, PROVIDER))[0]?.startLine,
    "BYE sip:alice@10.0.0.10:7 SIP/2.0",
  );
});

Deno.test("endingActions() closes every stream before the leg ends", () => {
  const world = phoneWorld();
  const body = "v=0\r\nc=IN IP4 10.0.0.10\r\nm=audio 4000 RTP/AVP 0\r\nm=video 4002 RTP/AVP 96\r\n";
  world.receive(requestText({ body }), ALICE);
  const [dialog] = world.state.dialogs.all();
  if (dialog === undefined) throw new Error("no leg");
  deepStrictEqual(endingActions(dialog), [
    { kind: "relay", command: { kind: "close", streamId: 100 } },
    { kind: "relay", command: { kind: "close", streamId: 101 } },
    { kind: "dialog", change: { kind: "end", dialogId: dialog.dialogId } },
  ]);
});
