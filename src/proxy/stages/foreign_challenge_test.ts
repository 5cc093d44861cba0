import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALICE,
  answerText,
  type From,
  incomingText,
  outcomeOf,
  phoneWorld,
  PROVIDER,
  requestText,
  sendsOf,
  STRANGER,
} from "../../../tests/support/phone_world.ts";
import type { CoreWorld } from "../../../tests/support/core_world.ts";

const CALLER: From = { side: "wan", source: "203.0.113.66:5060" };

/** A call from outside that Alice took; then she hangs up. */
function hangUpOn(caller: From, world: CoreWorld): string {
  const place = caller.source;
  const invite = incomingText({
    via: `SIP/2.0/UDP ${place};branch=z9hG4bKr1`,
    from: `<sip:mallory@${place}>;tag=x`,
    headers: [`Contact: <sip:mallory@${place}>`],
  });
  const [ringing] = sendsOf(world.receive(invite, caller));
  if (ringing === undefined) throw new Error("the call does not reach the phone");
  const contact = { headers: ["Contact: <sip:alice@10.0.0.10:5062>"] };
  world.receive(answerText(ringing.text, "200 OK", contact), ALICE);
  const bye = requestText({
    method: "BYE",
    uri: `sip:mallory@${place}`,
    via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKbye",
    from: "<sip:alice@192.0.2.10>;tag=b",
    to: `<sip:mallory@${place}>;tag=x`,
    callId: "call-in",
  });
  const [sent] = sendsOf(world.receive(bye, ALICE));
  if (sent === undefined) throw new Error("the BYE does not leave");
  return sent.text;
}

const CHALLENGE = { headers: ['Proxy-Authenticate: Digest realm="192.0.2.10", nonce="1"'] };

for (const status of ["401 Unauthorized", "407 Proxy Authentication Required"]) {
  Deno.test(`withholdForeignChallenge() keeps a caller's ${status} to the BYE from the phone (R13)`, () => {
    const world = phoneWorld();
    const bye = hangUpOn(CALLER, world);
    const actions = world.receive(answerText(bye, status, { ...CHALLENGE, toTag: "x" }), CALLER);
    strictEqual(outcomeOf(actions), "drop foreign-challenge");
    const events = actions.flatMap((action) =>
      action.kind === "log" ? [`${action.event.level} ${action.event.text}`] : []
    );
    deepStrictEqual(events, [
      `warning ${
        status.slice(0, 3)
      } from callee: 203.0.113.66 asks a phone for credentials in a call ` +
      "that it began, the phone does not get it",
    ]);
  });
}

const PASSING: readonly (readonly [string, string, From, CoreWorld])[] = [
  ["another failure", "486 Busy Here", CALLER, phoneWorld()],
  ["the registrar's challenge", "407 No", PROVIDER, phoneWorld()],
  [
    "an outbound proxy's challenge",
    "407 No",
    CALLER,
    phoneWorld({
      settings: "outbound_proxy_host = 203.0.113.66\noutbound_proxy_port = 5060",
    }),
  ],
  [
    "a challenge from who is named by an access list",
    "407 No",
    CALLER,
    phoneWorld({ settings: "hosts_allow_sip = 203.0.113.0/24,10.0.0.0/8,192.0.2.0/24" }),
  ],
];

for (const [what, status, caller, world] of PASSING) {
  Deno.test(`withholdForeignChallenge() passes ${what}`, () => {
    const bye = hangUpOn(caller, world);
    const answer = answerText(bye, status, { ...CHALLENGE, toTag: "x" });
    const [sent] = sendsOf(world.receive(answer, caller));
    strictEqual(sent?.startLine, `SIP/2.0 ${status}`);
  });
}

Deno.test("withholdForeignChallenge() passes the challenge of whom a phone calls: he may have it of the INVITE", () => {
  const world = phoneWorld();
  const uri = "sip:shop@192.0.2.66";
  const [invite] = sendsOf(world.receive(requestText({ uri, to: `<${uri}>` }), ALICE));
  const answer = answerText(invite?.text ?? "", "407 No", CHALLENGE);
  strictEqual(sendsOf(world.receive(answer, STRANGER))[0]?.startLine, "SIP/2.0 407 No");
});

Deno.test("runPipeline() answers no challenge itself: nothing leaves but the challenge (R13)", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  const answer = answerText(invite?.text ?? "", "407 No", CHALLENGE);
  const sent = sendsOf(world.receive(answer, PROVIDER));
  deepStrictEqual(sent.map(({ to, startLine }) => `${to} ${startLine}`), [
    "lan 10.0.0.10:5062 SIP/2.0 407 No",
  ]);
  deepStrictEqual(sendsOf(world.advance(5_000)), []);
});
