import { deepStrictEqual } from "node:assert/strict";
import { CoreWorld, place } from "../../tests/support/core_world.ts";
import { configOf } from "../../tests/support/loopback_daemon.ts";
import { decodeLatin1, encodeLatin1 } from "../base/text.ts";
import type { Hop } from "./hop.ts";
import type { Action } from "./outcome.ts";

const SERVER = "192.0.2.10:5070";
const PHONE = { side: "lan", source: "10.0.0.10:40001", transport: "tcp" } as const;

function request(method: string): string {
  return [
    `${method} sip:alice@192.0.2.10:5070 SIP/2.0`,
    `Via: SIP/2.0/TCP 10.0.0.10:5062;branch=z9hG4bK${method}`,
    "Max-Forwards: 70",
    "From: <sip:alice@192.0.2.10>;tag=a",
    "To: <sip:alice@192.0.2.10>",
    "Call-ID: call-1",
    `CSeq: 1 ${method}`,
    "Content-Length: 0",
    "\r\n",
  ].join("\r\n");
}

/** Start line and place of what is sent, and the kinds of all else. */
function told(actions: readonly Action[]): readonly string[] {
  return actions.map((action) => {
    if (action.kind === "peer-health") return `${action.health} ${action.peer.address}`;
    if (action.kind !== "send") return action.kind;
    const [line = ""] = decodeLatin1(action.data).split("\r\n", 1);
    return `${line} to ${action.hop.peer.address}:${action.hop.peer.port}`;
  });
}

Deno.test("deliveryFailed() answers the sender and notes the server's silence", () => {
  const cases = [["refused", "503 Service Unavailable"], [
    "timeout",
    "504 Server Time-out",
  ]] as const;
  for (const [reason, status] of cases) {
    const world = new CoreWorld({ config: configOf([]) });
    world.receive(request("REGISTER"), PHONE);
    deepStrictEqual(told(world.undelivered(reason)), [
      "silent 192.0.2.10",
      "settle",
      `SIP/2.0 ${status} to 10.0.0.10:40001`,
      "count",
    ]);
  }
});

Deno.test("deliveryFailed() counts for nothing when an answer of ours is lost", () => {
  const world = new CoreWorld({ config: configOf([]) });
  world.receive(request("OPTIONS").replace("alice@192.0.2.10:5070", "10.0.0.1"), PHONE);
  deepStrictEqual(told(world.undelivered("refused")), []);
});

Deno.test("deliveryFailed() never answers an ACK, nor what it cannot read", () => {
  const hop: Hop = { side: "wan", transport: "tcp", peer: place(SERVER), connectionId: undefined };
  for (const text of [request("ACK"), "junk\r\n\r\n", ""]) {
    const world = new CoreWorld({ config: configOf([]) });
    const undelivered = { data: encodeLatin1(text), hop, reason: "refused" } as const;
    deepStrictEqual(told(world.deliveryFailed(undelivered)), [], text);
  }
});

Deno.test("deliveryFailed() believes no request that is not ours", () => {
  const hop: Hop = { side: "wan", transport: "tcp", peer: place(SERVER), connectionId: undefined };
  const world = new CoreWorld({ config: configOf([]) });
  const undelivered = { data: encodeLatin1(request("INVITE")), hop, reason: "refused" } as const;
  deepStrictEqual(told(world.deliveryFailed(undelivered)), ["silent 192.0.2.10", "log", "count"]);
});
