import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import {
  ALICE,
  type From,
  phoneWorld,
  requestContext,
  type RequestParts,
  requestText,
} from "../../tests/support/phone_world.ts";
import type { RequestContext } from "./context.ts";
import type { DialogRecord } from "./dialog_table.ts";
import { endDialog, endingActions } from "./end_dialog.ts";

function run(parts: RequestParts = {}, from: From = ALICE): RequestContext {
  return requestContext(phoneWorld(), { text: requestText(parts), from });
}

function dialogOf(streamIds: readonly number[]): DialogRecord {
  const pair = (side: "lan" | "wan") => ({
    pairId: 1,
    side,
    address: peer("192.0.2.1:1").address,
    rtpPort: 7070,
  });
  return {
    dialogId: "outgoing\ncall-1\na",
    callId: "call-1",
    direction: "outgoing",
    initiatorTag: "a",
    responderTags: [],
    method: "INVITE",
    initialCseq: 1,
    phone: {
      bindingId: undefined,
      address: peer("10.0.0.10:1").address,
      target: peer("10.0.0.10:5062"),
      transport: "udp",
      contactUri: "sip:alice@10.0.0.10:5062",
      routes: [],
    },
    farTransport: "udp",
    farSide: "wan",
    streams: streamIds.map((streamId, mediaIndex) => ({
      streamId,
      mediaIndex,
      payload: "rtp",
      lanPair: pair("lan"),
      wanPair: pair("wan"),
      lanParty: undefined,
      wanParty: undefined,
    })),
    phase: "confirmed",
    expiresAtMs: 1,
  };
}

const END = { kind: "dialog", change: { kind: "end", dialogId: "outgoing\ncall-1\na" } } as const;

for (const streamIds of [[], [7], [7, 3, 9]]) {
  Deno.test(`endingActions() of a leg with streams "${streamIds}" closes them, then ends it`, () => {
    deepStrictEqual(endingActions(dialogOf(streamIds)), [
      ...streamIds.map((streamId) => ({ kind: "relay", command: { kind: "close", streamId } })),
      END,
    ]);
  });
}

Deno.test("endDialog() keeps what the run had to do, and forgets the leg", () => {
  const context = run();
  const before = { kind: "count", counter: "sip_bug" } as const;
  context.actions.push(before);
  context.dialog = dialogOf([7]);
  endDialog(context.dialog, context);
  strictEqual(context.dialog, undefined);
  deepStrictEqual(context.actions, [
    before,
    { kind: "relay", command: { kind: "close", streamId: 7 } },
    END,
  ]);
});
