import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import {
  ALICE,
  type From,
  phoneWorld,
  PROVIDER,
  requestContext,
  type RequestParts,
  requestText,
} from "../../tests/support/phone_world.ts";
import { decodeLatin1 } from "../base/text.ts";
import type { RequestContext } from "./context.ts";
import type { Env } from "./env.ts";
import type { Hop } from "./hop.ts";
import { carryRequest } from "./large_request.ts";

function run(parts: RequestParts = {}, from: From = ALICE): RequestContext {
  return requestContext(phoneWorld(), { text: requestText(parts), from });
}

const HOP: Hop = {
  side: "wan",
  transport: "udp",
  peer: peer("192.0.2.10:5070"),
  connectionId: undefined,
};

interface Large {
  readonly lengthBytes?: number;
  readonly transport?: "udp" | "tcp";
  readonly direction?: "outgoing" | "incoming";
  readonly streams?: Env["streams"];
  readonly reach?: "open" | "refused" | "unknown";
  readonly recalled?: "recalled";
}

/** What is special about a large request to an open server, and how it leaves. */
const CARRIAGES: readonly (readonly [Large, string])[] = [
  [{}, "tcp"],
  [{ lengthBytes: 1300 }, "udp"],
  [{ lengthBytes: 1301 }, "tcp"],
  [{ direction: "incoming" }, "udp"],
  [{ streams: "none" }, "udp"],
  [{ reach: "refused" }, "udp"],
  [{ reach: "unknown" }, "need"],
  [{ reach: "unknown", lengthBytes: 1300 }, "udp"],
  [{ reach: "unknown", recalled: "recalled" }, "udp"],
  [{ recalled: "recalled" }, "udp"],
];

for (const [large, wanted] of CARRIAGES) {
  Deno.test(`carryRequest() of a request with ${JSON.stringify(large)}: ${wanted}`, () => {
    const { lengthBytes = 2000, direction = "outgoing", streams = "tcp", reach = "open" } = large;
    const context = run({ via: "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKo" });
    context.direction = direction;
    if (large.recalled !== undefined) {
      context.recalled = {
        direction,
        hop: HOP,
        requestUri: "sip:b@h",
        method: "INVITE",
        sentAtMs: 0,
        bindingId: undefined,
        dialogId: undefined,
      };
    }
    const env: Env = { ...context.env, streams, streamReach: () => reach, connectionTo: () => 5 };
    const given = { data: new Uint8Array(lengthBytes), hop: HOP };
    const carried = carryRequest({ ...context, env }, given);
    if ("kind" in carried) {
      strictEqual(wanted, "need");
      deepStrictEqual(carried.need, { kind: "stream", peer: HOP.peer });
      return;
    }
    strictEqual(carried.hop.transport, wanted);
    if (wanted === "udp") {
      strictEqual(carried, given);
      return;
    }
    deepStrictEqual(carried.hop, { ...HOP, transport: "tcp", connectionId: 5 });
    const [, via] = decodeLatin1(carried.data).split("\r\n");
    strictEqual(via?.startsWith("Via: SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bKo;"), true);
  });
}

Deno.test("carryRequest() leaves what goes by a stream already", () => {
  const context = run({}, PROVIDER);
  const given = { data: new Uint8Array(5000), hop: { ...HOP, transport: "tcp" } as const };
  strictEqual(carryRequest(context, given), given);
});
