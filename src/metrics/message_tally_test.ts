import { deepStrictEqual } from "node:assert/strict";
import { encodeLatin1 } from "../base/text.ts";
import { MessageTally, type MessageWay } from "./message_tally.ts";

const LAN: MessageWay = { side: "lan", transport: "udp" };
const WAN: MessageWay = { side: "wan", transport: "tcp" };

const KINDS: readonly (readonly [string, string])[] = [
  ["INVITE sip:a@b SIP/2.0\r\n", "INVITE"],
  ["ACK sip:a@b SIP/2.0\r\n", "ACK"],
  ["BYE sip:a@b SIP/2.0\r\n", "BYE"],
  ["REGISTER sip:b SIP/2.0\r\n", "REGISTER"],
  ["REFER sip:b SIP/2.0\r\n", "REFER"],
  ["PUBLISH sip:b SIP/2.0\r\n", "PUBLISH"],
  ["PRACK sip:b SIP/2.0\r\n", "PRACK"],
  ["INVITED sip:b SIP/2.0\r\n", "other"],
  ["invite sip:b SIP/2.0\r\n", "other"],
  ["XYZZY sip:b SIP/2.0\r\n", "other"],
  ["INVITE", "other"],
  ["", "other"],
  ["\r\n\r\n", "other"],
  ["SIP/2.0 100 Trying\r\n", "1xx"],
  ["SIP/2.0 200 OK\r\n", "2xx"],
  ["SIP/2.0 302 Moved\r\n", "3xx"],
  ["SIP/2.0 486 Busy Here\r\n", "4xx"],
  ["SIP/2.0 503 Service Unavailable\r\n", "5xx"],
  ["SIP/2.0 603 Decline\r\n", "6xx"],
  ["SIP/2.0 700 No\r\n", "other"],
  ["SIP/2.0 ", "other"],
  ["SIP/3.0 200 OK\r\n", "other"],
];

for (const [text, kind] of KINDS) {
  Deno.test(`MessageTally counts "${text.trim()}" as ${kind}`, () => {
    const tally = new MessageTally();
    tally.received(encodeLatin1(text), LAN);
    deepStrictEqual(tally.figures(), [{ dir: "received", ...LAN, kind, count: 1 }]);
  });
}

Deno.test("MessageTally keeps directions, sides and transports apart", () => {
  const tally = new MessageTally();
  const data = encodeLatin1("BYE sip:a@b SIP/2.0\r\n");
  tally.sent(data, WAN);
  tally.sent(data, LAN);
  tally.received(data, WAN);
  tally.sent(data, WAN);
  deepStrictEqual(tally.figures(), [
    { dir: "received", ...WAN, kind: "BYE", count: 1 },
    { dir: "sent", ...LAN, kind: "BYE", count: 1 },
    { dir: "sent", ...WAN, kind: "BYE", count: 2 },
  ]);
});
