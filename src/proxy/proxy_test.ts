import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALICE,
  answerText,
  configOf,
  phoneWorld,
  PROVIDER,
  requestText,
  sdpText,
  sendsOf,
} from "../../tests/support/phone_world.ts";
import type { CoreWorld } from "../../tests/support/core_world.ts";
import { CONFIRMED_LIFETIME_MS, EARLY_LIFETIME_MS, SILENT_LIFETIME_MS } from "./dialog_life.ts";
import { createProxyState, mediaExpired, restoreState } from "./proxy.ts";

const phoneSdp = sdpText("10.0.0.10", 4000);
const farSdp = sdpText("192.0.2.10", 6000);

/** A call that is up. */
function callUp(world: CoreWorld): void {
  const [invite] = sendsOf(world.receive(requestText({ body: phoneSdp }), ALICE));
  world.receive(answerText(invite?.text ?? "", "200 OK", { body: farSdp }), PROVIDER);
}

function byeText(): string {
  return requestText({
    method: "BYE",
    cseq: 2,
    to: "<sip:bob@192.0.2.10>;tag=b",
    via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKbye",
  });
}

Deno.test("createProxyState() knows nobody", () => {
  const state = createProxyState(configOf(""));
  deepStrictEqual(
    [
      state.bindings.size,
      state.dialogs.size,
      state.memo.size,
      state.pending.size,
      state.knownPeers.size,
    ],
    [0, 0, 0, 0, 0],
  );
});

interface Life {
  readonly name: string;
  readonly begin: (world: CoreWorld) => void;
  readonly lifetimeMs: number;
}

const LIVES: readonly Life[] = [
  {
    name: "an INVITE that nobody answers",
    begin: (world) => void world.receive(requestText({ body: phoneSdp }), ALICE),
    lifetimeMs: EARLY_LIFETIME_MS,
  },
  { name: "a call that nobody ends", begin: callUp, lifetimeMs: CONFIRMED_LIFETIME_MS },
  {
    name: "a BYE that nobody answers",
    begin: (world) => {
      callUp(world);
      world.receive(byeText(), ALICE);
    },
    lifetimeMs: 32_000,
  },
  {
    name: "a call whose media went silent",
    begin: (world) => {
      callUp(world);
      world.mediaExpired(100);
    },
    lifetimeMs: SILENT_LIFETIME_MS,
  },
];

for (const { name, begin, lifetimeMs } of LIVES) {
  Deno.test(`runTick() ends ${name} after ${lifetimeMs} ms, its ports are free again`, () => {
    const world = phoneWorld();
    begin(world);
    world.advance(lifetimeMs - 1);
    strictEqual(world.state.dialogs.size, 1);
    world.advance(1);
    deepStrictEqual([world.state.dialogs.size, world.freePairs("lan"), world.freePairs("wan")], [
      0,
      10,
      10,
    ]);
  });
}

Deno.test("runTick() does not let a repeated BYE postpone the end", () => {
  const world = phoneWorld();
  callUp(world);
  for (let count = 0; count < 4; count++) {
    world.receive(byeText(), ALICE);
    world.advance(8_000);
  }
  strictEqual(world.state.dialogs.size, 0);
});

Deno.test("runTick() ends a registration when its time and five seconds of grace are over, and says so", () => {
  const world = phoneWorld();
  deepStrictEqual(world.advance(124_000).filter(({ kind }) => kind === "binding"), []);
  strictEqual(world.state.bindings.size, 1);
  const actions = world.advance(2_000);
  deepStrictEqual(actions.map(({ kind }) => kind), ["binding", "log"]);
  strictEqual(world.state.bindings.size, 0);
});

Deno.test("runTick() does nothing while nothing is over", () => {
  const world = phoneWorld();
  callUp(world);
  deepStrictEqual(world.advance(1_000), []);
});

const FINALS: readonly (readonly [string, number])[] = [
  ["200 OK", 0],
  ["481 Gone", 0],
  ["408 Timeout", 0],
  ["500 Error", 0],
  ["401 Unauthorized", 1],
  ["407 Authentication Required", 1],
  ["100 Trying", 1],
];

for (const [status, legs] of FINALS) {
  Deno.test(`runPipeline() keeps ${legs} legs after a BYE is answered ${status}`, () => {
    const world = phoneWorld();
    callUp(world);
    const [bye] = sendsOf(world.receive(byeText(), ALICE));
    world.receive(answerText(bye?.text ?? "", status), PROVIDER);
    deepStrictEqual([world.state.dialogs.size, world.freePairs("wan")], [legs, 10 - legs]);
  });
}

const INVITE_FINALS: readonly (readonly [string, number, string | undefined])[] = [
  ["100 Trying", 1, "early"],
  ["180 Ringing", 1, "early"],
  ["183 Progress", 1, "early"],
  ["200 OK", 1, "confirmed"],
  ["202 Accepted", 1, "confirmed"],
  ["302 Moved", 0, undefined],
  ["401 Unauthorized", 0, undefined],
  ["407 Authentication Required", 0, undefined],
  ["486 Busy", 0, undefined],
  ["503 Unavailable", 0, undefined],
  ["603 Decline", 0, undefined],
];

for (const [status, legs, phase] of INVITE_FINALS) {
  Deno.test(`runPipeline() keeps ${legs} legs, ${phase}, after an INVITE is answered ${status}`, () => {
    const world = phoneWorld();
    const [invite] = sendsOf(world.receive(requestText({ body: phoneSdp }), ALICE));
    world.receive(answerText(invite?.text ?? "", status), PROVIDER);
    const { dialogs } = world.state;
    deepStrictEqual([dialogs.size, dialogs.all()[0]?.phase, world.freePairs("lan")], [
      legs,
      phase,
      10 - legs,
    ]);
  });
}

Deno.test("runPipeline() keeps a call whose re-INVITE fails", () => {
  const world = phoneWorld();
  callUp(world);
  const again = requestText({
    cseq: 2,
    body: phoneSdp,
    to: "<sip:bob@192.0.2.10>;tag=b",
    via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKinv2",
  });
  const [reinvite] = sendsOf(world.receive(again, ALICE));
  world.receive(answerText(reinvite?.text ?? "", "488 Not Acceptable"), PROVIDER);
  deepStrictEqual([world.state.dialogs.size, world.state.dialogs.all()[0]?.phase], [
    1,
    "confirmed",
  ]);
});

Deno.test("runPipeline() does not end a challenged call by the late answer to its first INVITE", () => {
  const world = phoneWorld();
  const [first] = sendsOf(world.receive(requestText({ body: phoneSdp }), ALICE));
  const challenge = answerText(first?.text ?? "", "407 Authentication Required");
  world.receive(challenge, PROVIDER);
  const again = requestText({
    cseq: 2,
    body: phoneSdp,
    via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKinv2",
  });
  world.receive(again, ALICE);
  strictEqual(world.state.dialogs.size, 1);
  world.receive(challenge, PROVIDER);
  deepStrictEqual([world.state.dialogs.size, world.freePairs("wan")], [1, 9]);
});

Deno.test("mediaExpired() takes the stream from its leg, which stays for its BYE", () => {
  const world = phoneWorld();
  callUp(world);
  world.mediaExpired(100);
  const [dialog] = world.state.dialogs.all();
  deepStrictEqual([dialog?.streams, dialog?.phase, dialog?.expiresAtMs], [
    [],
    "confirmed",
    world.nowMs + SILENT_LIFETIME_MS,
  ]);
});

Deno.test("mediaExpired() of one of two streams leaves the leg its whole life", () => {
  const world = phoneWorld();
  const body = `${phoneSdp}m=video 4002 RTP/AVP 96\r\n`;
  const [invite] = sendsOf(world.receive(requestText({ body }), ALICE));
  world.receive(answerText(invite?.text ?? "", "200 OK"), PROVIDER);
  world.mediaExpired(101);
  const [dialog] = world.state.dialogs.all();
  deepStrictEqual([dialog?.streams.map((stream) => stream.streamId), dialog?.expiresAtMs], [
    [100],
    world.nowMs + CONFIRMED_LIFETIME_MS,
  ]);
});

Deno.test("mediaExpired() of a stream that nobody knows does nothing", () => {
  const world = phoneWorld();
  deepStrictEqual(mediaExpired(7, { state: world.state, env: world.env }), []);
});

Deno.test("restoreState() puts back phones, legs and registrars", () => {
  const old = phoneWorld();
  callUp(old);
  const state = createProxyState(configOf(""));
  const bindings = old.state.bindings.all();
  const dialogs = old.state.dialogs.all();
  restoreState(state, { bindings, dialogs, nowMs: 5_000 });
  deepStrictEqual([state.bindings.all(), state.dialogs.all()], [bindings, dialogs]);
  strictEqual(state.dialogs.byStream(100)?.callId, "call-1");
  const [registrar] = bindings.flatMap((binding) => binding.registrar?.address ?? []);
  strictEqual(registrar === undefined ? "none" : state.knownPeers.get(registrar, 5_000), "peer");
});

Deno.test("restoreState() of nothing leaves an empty state", () => {
  const state = createProxyState(configOf(""));
  restoreState(state, { bindings: [], dialogs: [], nowMs: 0 });
  deepStrictEqual([state.bindings.size, state.dialogs.size, state.knownPeers.size], [0, 0, 0]);
});
