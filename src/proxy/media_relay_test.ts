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
  sdpText,
  sendsOf,
} from "../../tests/support/phone_world.ts";
import { play, relayOf } from "../../tests/support/played_sdp.ts";

const phoneSdp = sdpText("10.0.0.10", 4000);
const farSdp = sdpText("192.0.2.10", 6000);

Deno.test("relaySdp() opens a pair a side for each line of an offer and shows ours", () => {
  const world = phoneWorld();
  const body = `${phoneSdp}m=video 4002 RTP/AVP 96\r\na=rtcp:4009\r\nm=image 4004 udptl t38\r\n`;
  const { relay, places } = play(world, { text: requestText({ body }), from: ALICE });
  deepStrictEqual(relay, [
    "open 100 0 rtp",
    "open 101 1 rtp",
    "open 102 2 other",
    "announce 100 lan 10.0.0.10:4000 active",
    "announce 101 lan 10.0.0.10:4002 active",
    "announce 102 lan 10.0.0.10:4004 active",
  ]);
  deepStrictEqual(places, [
    "o=phone 1 1 IN IP4 192.0.2.1",
    "c=IN IP4 192.0.2.1",
    "m=audio 7070 RTP/AVP 0 8",
    "m=video 7074 RTP/AVP 96",
    "a=rtcp:7075",
    "m=image 7078 udptl t38",
  ]);
  deepStrictEqual([world.freePairs("lan"), world.freePairs("wan")], [7, 7]);
});

Deno.test("relaySdp() announces the answer for the same stream", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText({ body: phoneSdp }), ALICE));
  const answer = answerText(invite?.text ?? "", "200 OK", { body: farSdp });
  const { relay, places } = play(world, { text: answer, from: PROVIDER });
  deepStrictEqual(relay, ["announce 100 wan 192.0.2.10:6000 active"]);
  deepStrictEqual(places, [
    "o=phone 1 1 IN IP4 10.0.0.1",
    "c=IN IP4 10.0.0.1",
    "m=audio 7072 RTP/AVP 0 8",
  ]);
});

Deno.test("relaySdp() says nothing anew for the same description", () => {
  const world = phoneWorld();
  const text = requestText({ body: phoneSdp });
  const [first] = sendsOf(world.receive(text, ALICE));
  const again = world.receive(text, ALICE);
  deepStrictEqual(relayOf(again), []);
  deepStrictEqual(sendsOf(again)[0], first);
});

/** What an announced address becomes; the outside may not name the phones' network, nor anybody a service's port. */
const TARGETS: readonly (readonly [string, From, string, number, string])[] = [
  ["a phone's own", ALICE, "10.0.0.10", 4000, "10.0.0.10:4000"],
  ["a public one", PROVIDER, "192.0.2.77", 6000, "192.0.2.77:6000"],
  ["a low port", PROVIDER, "192.0.2.77", 53, "wait"],
  ["a private one from outside", PROVIDER, "192.168.3.4", 6000, "wait"],
  ["an unregistered neighbour's from outside", PROVIDER, "10.0.0.77", 6000, "wait"],
  ["an unregistered neighbour's from a phone", ALICE, "10.0.0.77", 4000, "wait"],
  ["loopback", PROVIDER, "127.0.0.1", 6000, "wait"],
  ["multicast", PROVIDER, "224.2.1.1", 6000, "wait"],
  ["broadcast", PROVIDER, "255.255.255.255", 6000, "wait"],
  ["link-local", PROVIDER, "169.254.1.1", 6000, "wait"],
  ["a name", PROVIDER, "media.example", 6000, "wait"],
  ["our SIP port", PROVIDER, "192.0.2.1", 5060, "wait"],
  ["our media port", PROVIDER, "192.0.2.1", 7070, "192.0.2.1:7070"],
];

for (const [what, from, host, port, wanted] of TARGETS) {
  Deno.test(`relaySdp() makes of ${what} (${host}:${port}): ${wanted} (R23)`, () => {
    const make = from === ALICE ? requestText : incomingText;
    const { relay, actions } = play(phoneWorld(), {
      text: make({ body: sdpText(host, port) }),
      from,
    });
    const side = from === ALICE ? "lan" : "wan";
    deepStrictEqual(relay, ["open 100 0 rtp", `announce 100 ${side} ${wanted} active`]);
    strictEqual(sendsOf(actions).length, 1);
  });
}

const HOLDS: readonly (readonly [string, string, string])[] = [
  [
    "sendonly",
    sdpText("10.0.0.10", 4000, { attributes: ["a=sendonly"] }),
    "announce 100 lan 10.0.0.10:4000 held",
  ],
  [
    "inactive",
    sdpText("10.0.0.10", 4000, { attributes: ["a=inactive"] }),
    "announce 100 lan 10.0.0.10:4000 held",
  ],
  ["0.0.0.0", sdpText("0.0.0.0", 4000), "announce 100 lan wait held"],
];

for (const [what, body, wanted] of HOLDS) {
  Deno.test(`relaySdp() tells the relay of hold by ${what}`, () => {
    const world = phoneWorld();
    const [invite] = sendsOf(world.receive(requestText({ body: phoneSdp }), ALICE));
    world.receive(answerText(invite?.text ?? "", "200 OK", { body: farSdp }), PROVIDER);
    const again = requestText({
      body,
      cseq: 2,
      to: "<sip:bob@192.0.2.10>;tag=b",
      via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKinv2",
    });
    deepStrictEqual(play(world, { text: again, from: ALICE }).relay, [wanted]);
    strictEqual(sendsOf(world.receive(again, ALICE))[0]?.text.includes("10.0.0.10:4000"), false);
  });
}

Deno.test("relaySdp() refuses an INVITE whole when one of its lines gets no ports", () => {
  const world = phoneWorld({ pairs: 1 });
  const body = `${phoneSdp}m=video 4002 RTP/AVP 96\r\n`;
  const { actions, relay } = play(world, { text: requestText({ body }), from: ALICE });
  strictEqual(outcomeOf(actions), "lan 10.0.0.10:5062 SIP/2.0 503 Service Unavailable");
  deepStrictEqual([relay, world.freePairs("lan"), world.state.dialogs.size], [[], 1, 0]);
});

Deno.test("relaySdp() switches the line of a late offer off when there are no ports", () => {
  const world = phoneWorld({ pairs: 0 });
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  const answer = answerText(invite?.text ?? "", "200 OK", { body: farSdp });
  const { relay, places } = play(world, { text: answer, from: PROVIDER });
  deepStrictEqual([relay, places], [[], [
    "o=phone 1 1 IN IP4 10.0.0.1",
    "c=IN IP4 10.0.0.1",
    "m=audio 0 RTP/AVP 0 8",
  ]]);
});

/** Bodies that are no session description of ours to rewrite. */
const UNTOUCHED: readonly (readonly [string, string])[] = [
  ["no SDP at all", "hello\r\n"],
  ["another version", "v=1\r\nc=IN IP4 10.0.0.10\r\nm=audio 4000 RTP/AVP 0\r\n"],
  ["a line without any address", "v=0\r\nm=audio 4000 RTP/AVP 0\r\n"],
];

for (const [what, body] of UNTOUCHED) {
  Deno.test(`relaySdp() passes ${what} as it is and says so`, () => {
    const { actions, relay } = play(phoneWorld(), { text: requestText({ body }), from: ALICE });
    deepStrictEqual(relay, []);
    strictEqual(sendsOf(actions)[0]?.text.endsWith(`\r\n\r\n${body}`), true);
    const events = actions.flatMap((action) => action.kind === "log" ? [action.event.event] : []);
    deepStrictEqual(events, ["sdp.untouched"]);
  });
}

Deno.test("relaySdp() hides the phone in an answer whose call has ended, and offers nothing", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(incomingText({ body: farSdp }), PROVIDER));
  const answer = answerText(invite?.text ?? "", "200 OK", { body: phoneSdp });
  world.receive(answerText(invite?.text ?? "", "486 Busy"), ALICE);
  strictEqual(world.state.dialogs.size, 0);
  const { actions, relay, places } = play(world, { text: answer, from: ALICE });
  deepStrictEqual([relay, places], [[], [
    "o=phone 1 1 IN IP4 192.0.2.1",
    "c=IN IP4 192.0.2.1",
    "m=audio 0 RTP/AVP 0 8",
  ]]);
  strictEqual(outcomeOf(actions), "wan 192.0.2.10:5070 SIP/2.0 200 OK");
});

Deno.test("relaySdp() passes what comes in for a call that has ended", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText({ body: phoneSdp }), ALICE));
  world.receive(answerText(invite?.text ?? "", "486 Busy"), PROVIDER);
  const answer = answerText(invite?.text ?? "", "200 OK", { body: farSdp });
  const { relay, places } = play(world, { text: answer, from: PROVIDER });
  deepStrictEqual([relay, places], [[], [
    "o=phone 1 1 IN IP4 192.0.2.10",
    "c=IN IP4 192.0.2.10",
    "m=audio 6000 RTP/AVP 0 8",
  ]]);
});

Deno.test("relayRequestMedia() leaves all descriptions alone when the relay is switched off", () => {
  const world = phoneWorld({ settings: "rtp_proxy_enable = 0" });
  const { actions, relay } = play(world, { text: requestText({ body: phoneSdp }), from: ALICE });
  deepStrictEqual(relay, []);
  strictEqual(sendsOf(actions)[0]?.text.endsWith(`\r\n\r\n${phoneSdp}`), true);
});

/** Methods whose description is relayed; that of all others is their own affair. */
const METHODS: readonly (readonly [string, boolean])[] = [
  ["INVITE", true],
  ["UPDATE", true],
  ["PRACK", true],
  ["ACK", true],
  ["INFO", false],
  ["MESSAGE", false],
  ["OPTIONS", false],
  ["NOTIFY", false],
];

for (const [method, isRelayed] of METHODS) {
  Deno.test(`relayRequestMedia() ${isRelayed ? "relays" : "leaves alone"} the description of ${method}`, () => {
    const world = phoneWorld();
    const text = requestText({ method, body: phoneSdp, to: "<sip:bob@192.0.2.10>;tag=b" });
    const { relay } = play(world, { text, from: ALICE });
    strictEqual(relay.length > 0, isRelayed);
  });
}

const STATUSES: readonly (readonly [string, boolean])[] = [
  ["100 Trying", true],
  ["180 Ringing", true],
  ["183 Progress", true],
  ["200 OK", true],
  ["302 Moved", false],
  ["488 Not Acceptable", false],
  ["600 Busy", false],
];

for (const [status, isRelayed] of STATUSES) {
  Deno.test(`relayResponseMedia() ${isRelayed ? "relays" : "leaves alone"} the description of ${status}`, () => {
    const world = phoneWorld();
    const [invite] = sendsOf(world.receive(requestText(), ALICE));
    const answer = answerText(invite?.text ?? "", status, { body: farSdp });
    strictEqual(play(world, { text: answer, from: PROVIDER }).relay.length > 0, isRelayed);
  });
}
