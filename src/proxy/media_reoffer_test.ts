import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALICE,
  answerText,
  phoneWorld,
  PROVIDER,
  requestText,
  sdpText,
  sendsOf,
} from "../../tests/support/phone_world.ts";
import { play, type Played } from "../../tests/support/played_sdp.ts";
import type { CoreWorld } from "../../tests/support/core_world.ts";
import type { Action } from "./outcome.ts";

const phoneSdp = sdpText("10.0.0.10", 4000);
const farSdp = sdpText("192.0.2.10", 6000);

/** A call of Alice's that is answered by Bob at the provider. */
function answeredCall(): CoreWorld {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText({ body: phoneSdp }), ALICE));
  world.receive(answerText(invite?.text ?? "", "200 OK", { body: farSdp }), PROVIDER);
  return world;
}

function reinviteText(cseq: number, body: string): string {
  return requestText({
    cseq,
    body,
    to: "<sip:bob@192.0.2.10>;tag=b",
    via: `SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKinv${cseq}`,
  });
}

/** Plays an offer of Alice's in a call, and Bob's answer to it. */
function reinvite(
  world: CoreWorld,
  job: {
    readonly cseq: number;
    readonly offer: string;
    readonly status: string;
    readonly answer?: string;
  },
): { readonly offer: Played; readonly answer: Played } {
  const offer = play(world, { text: reinviteText(job.cseq, job.offer), from: ALICE });
  const text = answerText(sendsOf(offer.actions)[0]?.text ?? "", job.status, {
    ...job.answer === undefined ? {} : { body: job.answer },
  });
  return { offer, answer: play(world, { text, from: PROVIDER }) };
}

Deno.test("relaySdp() closes a line that the answer leaves switched off and opens it again later", () => {
  const world = answeredCall();
  const [on, off] = [sdpText("10.0.0.10", 4000), sdpText("10.0.0.10", 0)];
  const first = reinvite(world, {
    cseq: 2,
    offer: off,
    status: "200 OK",
    answer: sdpText("192.0.2.10", 0),
  });
  deepStrictEqual([first.offer.relay, first.answer.relay], [[], ["close 100"]]);
  deepStrictEqual(first.offer.places.at(-1), "m=audio 0 RTP/AVP 0 8");
  strictEqual(world.freePairs("wan"), 10);
  const again = play(world, { text: reinviteText(3, on), from: ALICE });
  deepStrictEqual(again.relay, ["open 101 0 rtp", "announce 101 lan 10.0.0.10:4000 active"]);
});

Deno.test("relaySdp() keeps the line that a refused offer wanted to switch off: fax that is not taken (RFC 3261 §14.1)", () => {
  const world = answeredCall();
  const fax = `${sdpText("10.0.0.10", 0)}m=image 4004 udptl t38\r\n`;
  const { offer, answer } = reinvite(world, { cseq: 2, offer: fax, status: "488 Not Acceptable" });
  deepStrictEqual([offer.relay, answer.relay], [
    ["open 101 1 other", "announce 101 lan 10.0.0.10:4004 active"],
    [],
  ]);
  deepStrictEqual(world.state.dialogs.all()[0]?.streams.map(({ streamId }) => streamId), [
    100,
    101,
  ]);
});

Deno.test("relaySdp() tells what a line carries when fax takes the place of audio, at the same port or not (T.38 D.2)", () => {
  const payloads = (actions: readonly Action[]) =>
    actions.flatMap((action) =>
      action.kind === "relay" && action.command.kind === "announce"
        ? [`${action.command.side} ${action.command.party.payload}`]
        : []
    );
  for (const port of [4000, 4004]) {
    const world = answeredCall();
    const asFax = (sdp: string) =>
      sdp.replace("RTP/AVP 0 8", "udptl t38").replace("audio", "image");
    const { offer, answer } = reinvite(world, {
      cseq: 2,
      offer: asFax(sdpText("10.0.0.10", port)),
      status: "200 OK",
      answer: asFax(farSdp),
    });
    deepStrictEqual([payloads(offer.actions), payloads(answer.actions)], [["lan other"], [
      "wan other",
    ]]);
    const back = reinvite(world, { cseq: 3, offer: phoneSdp, status: "200 OK", answer: farSdp });
    deepStrictEqual([payloads(back.offer.actions), payloads(back.answer.actions)], [["lan rtp"], [
      "wan rtp",
    ]]);
  }
});
