import { deepStrictEqual } from "node:assert/strict";
import {
  ALICE,
  answerText,
  outcomeOf,
  phoneWorld,
  PROVIDER,
  requestText,
  sendsOf,
} from "../../tests/support/phone_world.ts";

/** What becomes of Alice's BYE in a call to `callee`, by what the far end wrote into its Contact or Record-Route. */
function byeOf(
  led: { readonly contact?: string; readonly route?: string; readonly callee?: string },
) {
  const { callee = "sip:bob@192.0.2.10:5070", contact = callee, route } = led;
  const world = phoneWorld({ phones: ["alice", "bob"] });
  const [invite] = sendsOf(world.receive(requestText({ uri: callee }), ALICE));
  const answerer = callee.includes("10.0.0.99")
    ? { side: "lan", source: "10.0.0.99:5060" } as const
    : PROVIDER;
  world.receive(answerText(invite?.text ?? "", "200 OK"), answerer);
  const bye = requestText({
    method: "BYE",
    uri: contact,
    cseq: 2,
    to: "<sip:bob@192.0.2.10>;tag=b",
    via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKbye",
    headers: route === undefined ? [] : [`Route: <${route}>`],
  });
  return outcomeOf(world.receive(bye, ALICE));
}

const REFUSED = "lan 10.0.0.10:5062 SIP/2.0 504 Server Time-out";

const BYES:
  readonly (readonly [what: string, led: Parameters<typeof byeOf>[0], outcome: string])[] = [
    ["the far end", {}, "wan 192.0.2.10:5070 BYE sip:bob@192.0.2.10:5070 SIP/2.0"],
    ["a host inside that is no phone", { contact: "sip:x@10.0.0.99" }, REFUSED],
    ["such a host by TCP", { contact: "sip:x@10.0.0.99;transport=tcp" }, REFUSED],
    ["such a host by maddr", { contact: "sip:x@192.0.2.10;maddr=10.0.0.99" }, REFUSED],
    ["such a host by a route", { route: "sip:10.0.0.99;lr" }, REFUSED],
    [
      "such a host that Alice called herself",
      { callee: "sip:x@10.0.0.99" },
      "wan 10.0.0.99:5060 BYE sip:x@10.0.0.99 SIP/2.0",
    ],
    [
      "a private host outside",
      { contact: "sip:x@10.9.9.9" },
      "wan 10.9.9.9:5060 BYE sip:x@10.9.9.9 SIP/2.0",
    ],
  ];

for (const [what, led, outcome] of BYES) {
  Deno.test(`locateNextHop() of a call's BYE that is led to ${what} (R23)`, () => {
    deepStrictEqual(byeOf(led), outcome);
  });
}
