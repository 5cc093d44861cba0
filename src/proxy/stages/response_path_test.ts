import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALICE,
  answerText,
  incomingText,
  linesOfHeader,
  outcomeOf,
  phoneWorld,
  PROVIDER,
  requestText,
  responseContext,
  sendsOf,
  sipText,
  STRANGER,
} from "../../../tests/support/phone_world.ts";
import { matchOwnVia } from "./response_via.ts";

/** The INVITE of Alice as the provider got it. */
function outgoing() {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  return { world, text: invite?.text ?? "" };
}

/** A call from outside as Alice got it. */
function incoming(via?: string) {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(incomingText(via === undefined ? {} : { via }), PROVIDER));
  return { world, text: invite?.text ?? "" };
}

Deno.test("matchOwnVia() proves an answer from outside, and which way it goes", () => {
  const { world, text } = outgoing();
  const context = responseContext(world, { text: answerText(text, "200 OK"), from: PROVIDER });
  deepStrictEqual([matchOwnVia(context).kind, context.trust, context.direction], [
    "next",
    "verified",
    "incoming",
  ]);
  deepStrictEqual(
    context.message.headers.filter(({ key }) => key === "via").map(({ value }) => value),
    [
      "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKinv1",
    ],
  );
});

Deno.test("matchOwnVia() proves an answer of a phone", () => {
  const { world, text } = incoming();
  const context = responseContext(world, { text: answerText(text, "200 OK"), from: ALICE });
  deepStrictEqual([matchOwnVia(context).kind, context.trust, context.direction], [
    "next",
    "verified",
    "outgoing",
  ]);
});

Deno.test("matchOwnVia() proves an answer from anywhere: the branch is the secret, not the address", () => {
  const { world, text } = outgoing();
  const context = responseContext(world, { text: answerText(text, "200 OK"), from: STRANGER });
  deepStrictEqual([matchOwnVia(context).kind, context.trust], ["next", "verified"]);
});

/** Changes that break the proof: each would send the answer, or what it changes, somewhere else. */
const FORGERIES: readonly (readonly [string, (text: string) => string])[] = [
  [
    "another branch of ours",
    (text) => text.replace(/branch=z9hG4bK[0-9a-f]{4}/, "branch=z9hG4bK0000"),
  ],
  ["no branch of ours", (text) => text.replace(/;branch=z9hG4bK[0-9a-f]{32}/, "")],
  [
    "another target",
    (text) => text.replace("10.0.0.10:5062;branch=z9hG4bKinv1", "10.0.0.10:9;branch=z9hG4bKinv1"),
  ],
  ["another branch of the sender", (text) => text.replace("z9hG4bKinv1", "z9hG4bKinv2")],
  ["another Call-ID", (text) => text.replace("call-1", "call-2")],
  ["another CSeq number", (text) => text.replace("CSeq: 1 ", "CSeq: 2 ")],
  [
    "a received of its own",
    (text) => text.replace("z9hG4bKinv1", "z9hG4bKinv1;received=10.0.0.10"),
  ],
];

for (const [what, forge] of FORGERIES) {
  Deno.test(`matchOwnVia() takes an answer with ${what} for unproven`, () => {
    const { world, text } = outgoing();
    const context = responseContext(world, {
      text: forge(answerText(text, "200 OK")),
      from: PROVIDER,
    });
    deepStrictEqual([matchOwnVia(context).kind, context.trust], ["next", "unverified"]);
  });
}

Deno.test("runPipeline() lets an unproven answer change nothing", () => {
  const { world, text } = outgoing();
  const before = world.state.dialogs.all();
  const answer = answerText(text, "486 Busy").replace(
    /branch=z9hG4bK[0-9a-f]{4}/,
    "branch=z9hG4bK0000",
  );
  const kinds = world.receive(answer, STRANGER).map(({ kind }) => kind);
  deepStrictEqual(kinds, ["send"]);
  deepStrictEqual(world.state.dialogs.all(), before);
});

Deno.test("runPipeline() sends an unproven answer to nobody but a phone", () => {
  const { world, text } = outgoing();
  for (const host of ["10.0.0.77", "192.0.2.99", "192.0.2.1", "127.0.0.1", "phone.example"]) {
    const answer = answerText(text, "200 OK").replace(
      "10.0.0.10:5062;branch",
      `${host}:5062;branch`,
    );
    strictEqual(outcomeOf(world.receive(answer, STRANGER)), "drop forged-response", host);
  }
});

const FOREIGN: readonly (readonly [string, string])[] = [
  ["SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bK1", "drop foreign-via"],
  ["SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1", "drop foreign-via"],
  ["SIP/2.0/UDP 10.0.0.10;branch=z9hG4bK1", "drop foreign-via"],
  ["SIP/2.0/UDP unknown.example;branch=z9hG4bK1", "drop foreign-via"],
  ["SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1", "drop no-second-via"],
  ["SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", "drop no-second-via"],
];

for (const [via, wanted] of FOREIGN) {
  Deno.test(`matchOwnVia() of a lone ${via}: ${wanted}`, () => {
    const text = sipText("SIP/2.0 200 OK", [
      `Via: ${via}`,
      "From: <sip:a@b>;tag=1",
      "To: <sip:c@d>;tag=2",
      "Call-ID: x",
      "CSeq: 1 OPTIONS",
    ]);
    for (const from of [PROVIDER, ALICE]) {
      strictEqual(outcomeOf(phoneWorld().receive(text, from)), wanted);
    }
  });
}

/** RFC 3261 §18.2.2 and RFC 3581 §4: where a phone's answer to the outside goes. */
const TARGETS: readonly (readonly [string, string])[] = [
  ["SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bK1", "wan 192.0.2.10:5070"],
  ["SIP/2.0/UDP 192.0.2.10:5099;branch=z9hG4bK1", "wan 192.0.2.10:5099"],
  ["SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1", "wan 192.0.2.10:5060"],
  ["SIP/2.0/UDP 192.0.2.10:5099;rport;branch=z9hG4bK1", "wan 192.0.2.10:5070"],
  ["SIP/2.0/UDP 198.51.100.5:5099;branch=z9hG4bK1", "wan 192.0.2.10:5070"],
  ["SIP/2.0/UDP provider.example;branch=z9hG4bK1", "wan 192.0.2.10:5070"],
  ["SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1", "wan 192.0.2.10:5070"],
];

for (const [via, to] of TARGETS) {
  Deno.test(`routeResponse() below ${via} goes to ${to}`, () => {
    const { world, text } = incoming(via);
    strictEqual(sendsOf(world.receive(answerText(text, "180 Ringing"), ALICE))[0]?.to, to);
  });
}

/** A phone may send what it likes, but not to those whom nobody may send to (R22). */
const BAD_TARGETS = [
  "224.0.1.75",
  "255.255.255.255",
  "0.0.0.0",
  "127.0.0.1",
  "240.0.0.1",
  "[ff02::1]",
  "[::]",
] as const;

for (const host of BAD_TARGETS) {
  Deno.test(`routeResponse() sends nothing to ${host}, not even for a phone (R22)`, () => {
    const { world, text } = incoming();
    const answer = answerText(text, "200 OK").replace(
      /SIP\/2\.0\/UDP 192\.0\.2\.10:5070/,
      `SIP/2.0/UDP ${host}:5070`,
    )
      .replace(/;received=[^;\r]*|;rport=[^;\r]*/g, "");
    const said = outcomeOf(world.receive(answer, ALICE));
    strictEqual(["drop bad-response-target", "drop forged-response"].includes(said), true, said);
  });
}

Deno.test("runPipeline() gives phones our Record-Route last, and keeps it from the outside", () => {
  const { world, text } = outgoing();
  const headers = ["Record-Route: <sip:192.0.2.99;lr>"];
  const [sent] = sendsOf(world.receive(answerText(text, "200 OK", { headers }), PROVIDER));
  deepStrictEqual(linesOfHeader(sent?.text ?? "", "Record-Route"), [
    "Record-Route: <sip:192.0.2.99;lr>",
    "Record-Route: <sip:siproxd@10.0.0.1:5060;lr>",
  ]);
  const call = incoming();
  const back = [
    "Record-Route: <sip:siproxd@10.0.0.1:5060;lr>",
    "Record-Route: <sip:192.0.2.99;lr>",
  ];
  const [answer] = sendsOf(
    call.world.receive(answerText(call.text, "200 OK", { headers: back }), ALICE),
  );
  deepStrictEqual(linesOfHeader(answer?.text ?? "", "Record-Route"), [
    "Record-Route: <sip:192.0.2.99;lr>",
  ]);
});

Deno.test("runPipeline() sends every class of answer on one to one", () => {
  for (
    const status of ["100 Trying", "199 X", "200 OK", "299 X", "302 X", "404 X", "500 X", "699 X"]
  ) {
    const { world, text } = outgoing();
    const said = outcomeOf(world.receive(answerText(text, status), PROVIDER));
    strictEqual(said, `lan 10.0.0.10:5062 SIP/2.0 ${status}`);
  }
});

Deno.test("routeResponse() waits for nobody while a line is down", () => {
  const { world, text } = outgoing();
  world.own = { ...world.own, lan: undefined };
  strictEqual(
    outcomeOf(world.receive(answerText(text, "200 OK"), PROVIDER)).startsWith("drop "),
    true,
  );
});
