import { strictEqual } from "node:assert/strict";
import {
  ALICE,
  type From,
  incomingText,
  outcomeOf,
  phoneWorld,
  PROVIDER,
  type RequestParts,
  requestText,
} from "../../../tests/support/phone_world.ts";

const NEIGHBOUR: From = { side: "lan", source: "10.0.0.77:5060" };
const neighbour: RequestParts = {
  via: "SIP/2.0/UDP 10.0.0.77:5060;branch=z9hG4bKn",
  from: "<sip:x@192.0.2.10>;tag=x",
};
const nobody: RequestParts = { uri: "sip:nobody@192.0.2.1", to: "<sip:nobody@192.0.2.10>" };

interface Refusal {
  readonly name: string;
  readonly text: string;
  readonly from: From;
  readonly code: number;
  readonly compatCode: number;
}

/** decisions.md, "no match": what belongs to nobody is told so. */
const REFUSALS: readonly Refusal[] = [
  {
    name: "an unknown callee",
    text: incomingText(nobody),
    from: PROVIDER,
    code: 404,
    compatCode: 408,
  },
  {
    name: "a request of a dialog that nobody knows",
    text: incomingText({ ...nobody, method: "BYE", to: "<sip:nobody@192.0.2.10>;tag=z" }),
    from: PROVIDER,
    code: 481,
    compatCode: 408,
  },
  {
    name: "a CANCEL of nothing",
    text: incomingText({ ...nobody, method: "CANCEL" }),
    from: PROVIDER,
    code: 481,
    compatCode: 408,
  },
  {
    name: "a caller who is no phone",
    text: requestText(neighbour),
    from: NEIGHBOUR,
    code: 403,
    compatCode: 408,
  },
  {
    name: "a caller who is no phone, to a phone",
    text: requestText({ ...neighbour, uri: "sip:alice@192.0.2.1", to: "<sip:alice@192.0.2.10>" }),
    from: NEIGHBOUR,
    code: 403,
    compatCode: 408,
  },
  {
    name: "a caller who is no phone, in a dialog",
    text: requestText({ ...neighbour, method: "BYE", to: "<sip:x@h>;tag=z" }),
    from: NEIGHBOUR,
    code: 481,
    compatCode: 408,
  },
];

const PHRASES: ReadonlyMap<number, string> = new Map([
  [403, "403 Forbidden"],
  [404, "404 Not Found"],
  [408, "408 Request Timeout"],
  [480, "480 Temporarily Unavailable"],
  [481, "481 Call/Transaction Does Not Exist"],
  [503, "503 Service Unavailable"],
]);

for (const { name, text, from, code, compatCode } of REFUSALS) {
  Deno.test(`admitRequest() refuses ${name} with ${code}, as siproxd with ${compatCode}`, () => {
    const said = (settings: string) => outcomeOf(phoneWorld({ settings }).receive(text, from));
    strictEqual(said(""), `${from.side} ${from.source} SIP/2.0 ${PHRASES.get(code)}`);
    strictEqual(
      said("compat_responses = 1"),
      `${from.side} ${from.source} SIP/2.0 ${PHRASES.get(compatCode)}`,
    );
  });
}

Deno.test("admitRequest() says 480 of a phone that was registered and is not any more", () => {
  const world = phoneWorld();
  world.advance(130_000);
  strictEqual(
    outcomeOf(world.receive(incomingText(), PROVIDER)),
    `wan 192.0.2.10:5070 SIP/2.0 ${PHRASES.get(480)}`,
  );
});

Deno.test("admitRequest() never answers an ACK of nobody", () => {
  for (
    const [text, from] of [[incomingText({ ...nobody, method: "ACK" }), PROVIDER], [
      requestText({ ...neighbour, method: "ACK" }),
      NEIGHBOUR,
    ]] as const
  ) {
    strictEqual(outcomeOf(phoneWorld().receive(text, from)), "drop ack-unmatched");
  }
});

const DOWN: readonly (readonly [string, string])[] = [
  ["", "503 Service Unavailable"],
  ["compat_responses = 1", "408 Request Timeout"],
];

for (const [settings, status] of DOWN) {
  Deno.test(`admitRequest() says ${status} while the line outside is down, with "${settings}"`, () => {
    const world = phoneWorld({ settings });
    world.own = { ...world.own, wan: undefined, advertised: undefined };
    for (const method of ["INVITE", "MESSAGE", "REGISTER"]) {
      strictEqual(
        outcomeOf(
          world.receive(
            requestText({ method, via: `SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK${method}` }),
            ALICE,
          ),
        ),
        `lan 10.0.0.10:5062 SIP/2.0 ${status}`,
      );
    }
  });
}

Deno.test("admitRequest() lets a program on this machine call out without a registration", () => {
  const text = requestText({ via: "SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bKp" });
  const said = outcomeOf(
    phoneWorld({ phones: [] }).receive(text, { side: "lan", source: "127.0.0.1:5080" }),
  );
  strictEqual(said, "wan 192.0.2.10:5070 INVITE sip:bob@192.0.2.10:5070 SIP/2.0");
});
