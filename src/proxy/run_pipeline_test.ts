import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALICE,
  type From,
  incomingText,
  linesOfHeader,
  outcomeOf,
  phoneWorld,
  PROVIDER,
  requestText,
  sendsOf,
  STRANGER,
} from "../../tests/support/phone_world.ts";

const unknownCallee = incomingText({
  uri: "sip:nobody@192.0.2.1",
  to: "<sip:nobody@192.0.2.1>",
  headers: ["User-Agent: as long as that of a scanner, so that an answer is no larger than this"],
});
const shortest =
  "OPTIONS sip:x@192.0.2.1 SIP/2.0\r\nv:SIP/2.0/UDP 192.0.2.66\r\nf:<sip:a@b>\r\nt:<sip:c@d>\r\n" +
  "i:1\r\nCSeq:1 OPTIONS\r\n\r\n";

Deno.test("runPipeline() never answers a stranger with more than he sent (R17)", () => {
  for (const text of [unknownCallee, shortest, unknownCallee.replace("Length: 0", "Length: -1")]) {
    const [sent] = sendsOf(phoneWorld().receive(text, STRANGER));
    strictEqual((sent?.text.length ?? 0) <= text.length, true);
  }
  strictEqual(outcomeOf(phoneWorld().receive(shortest, STRANGER)), "drop amplification");
});

Deno.test("runPipeline() answers the provider and phones however short their requests are", () => {
  const said = (from: From) => outcomeOf(phoneWorld().receive(shortest, from));
  strictEqual(said(PROVIDER), "wan 192.0.2.10:5070 SIP/2.0 404 Not Found");
});

Deno.test("runPipeline() answers a stranger twenty times a second, then keeps silent (R17)", () => {
  const world = phoneWorld();
  const say = (number: number) =>
    outcomeOf(world.receive(unknownCallee.replace("r1", `r${number}`), STRANGER));
  const said = Array.from({ length: 25 }, (_, number) => say(number));
  deepStrictEqual(said.slice(0, 20), Array(20).fill("wan 192.0.2.66:5060 SIP/2.0 404 Not Found"));
  deepStrictEqual(said.slice(20), Array(5).fill("drop rate-limited"));
  world.advance(1_000);
  strictEqual(say(30), "wan 192.0.2.66:5060 SIP/2.0 404 Not Found");
});

Deno.test("runPipeline() answers all strangers together two hundred times a second", () => {
  const world = phoneWorld();
  let answers = 0;
  for (let number = 0; number < 400; number++) {
    const source = `198.51.100.${number % 40 + 1}:5060`;
    answers += sendsOf(world.receive(unknownCallee, { side: "wan", source })).length;
  }
  strictEqual(answers, 200);
  const known = sendsOf(world.receive(unknownCallee, PROVIDER));
  strictEqual(known[0]?.startLine, "SIP/2.0 404 Not Found");
});

Deno.test("runPipeline() counts malformed requests of strangers by the same budget", () => {
  const world = phoneWorld();
  const broken = unknownCallee.replace("Length: 0", "Length: -1");
  let answers = 0;
  for (let number = 0; number < 60; number++) {
    answers += sendsOf(world.receive(broken, STRANGER)).length;
  }
  strictEqual(answers, 20);
});

/** The same words for one who exists and one who does not, so that nobody can find out accounts (R20). */
Deno.test("runPipeline() tells a stranger by wan_peers = known nothing at all (R20)", () => {
  for (const uri of ["sip:alice@192.0.2.1", "sip:nobody@192.0.2.1"]) {
    for (
      const method of ["OPTIONS", "INVITE", "REGISTER", "MESSAGE", "BYE", "CANCEL", "SUBSCRIBE"]
    ) {
      const world = phoneWorld({ settings: "wan_peers = known" });
      strictEqual(
        outcomeOf(world.receive(incomingText({ uri, method }), STRANGER)),
        "drop stranger",
      );
    }
  }
});

const MALFORMED: readonly (readonly [string, string, string])[] = [
  ["a bad length", "Content-Length: -1", "400 Bad Request"],
  ["two lengths", "Content-Length: 0\r\nContent-Length: 0", "400 Bad Request"],
  ["a header without a colon", "nonsense\r\nContent-Length: 0", "400 Bad Request"],
  ["a bad Contact", "Contact: <sip:a@b\r\nContent-Length: 0", "400 Bad Request"],
];

for (const [what, lines, status] of MALFORMED) {
  Deno.test(`runPipeline() answers ${what} from a phone once with ${status}`, () => {
    const text = requestText().replace("Content-Length: 0", lines);
    const actions = phoneWorld().receive(text, ALICE);
    strictEqual(
      sendsOf(actions).map(({ to, startLine }) => `${to} ${startLine}`).join(),
      `lan 10.0.0.10:5062 SIP/2.0 ${status}`,
    );
    const counted = actions.flatMap((action) =>
      action.kind === "count" ? [`${action.counter} ${action.reason}`] : []
    );
    deepStrictEqual(counted, ["sip_dropped malformed"]);
  });
}

Deno.test("runPipeline() never answers a malformed ACK, a response, or who cannot be answered", () => {
  const bad = "Content-Length: -1";
  const texts = [
    requestText({ method: "ACK" }).replace("Content-Length: 0", bad),
    requestText().replace("Content-Length: 0", bad).replace(/Via:.*\r\n/, ""),
    requestText().replace("Content-Length: 0", bad).replace(/From:.*\r\n/, ""),
    requestText().replace("Content-Length: 0", bad).replace(/To:.*\r\n/, ""),
    requestText().replace("Content-Length: 0", bad).replace(/Call-ID:.*\r\n/, ""),
    requestText().replace("Content-Length: 0", bad).replace(/CSeq:.*\r\n/, ""),
    requestText().replace(/^.*\r\n/, "SIP/2.0 200 OK\r\n").replace("Content-Length: 0", bad),
  ];
  for (const text of texts) {
    strictEqual(outcomeOf(phoneWorld().receive(text, ALICE)), "drop malformed");
  }
});

Deno.test("runPipeline() absorbs the ACK to its answer to a malformed INVITE", () => {
  const world = phoneWorld();
  const [answer] = sendsOf(world.receive(requestText().replace("Length: 0", "Length: -1"), ALICE));
  const [to = ""] = linesOfHeader(answer?.text ?? "", "To");
  const ack = requestText({ method: "ACK", to: to.slice("To: ".length) });
  strictEqual(outcomeOf(world.receive(ack, ALICE)), "drop own-ack");
});

Deno.test("runPipeline() keeps no trace of a request that it refuses", () => {
  const world = phoneWorld();
  for (
    const text of [
      requestText({ headers: ["Proxy-Require: x"] }),
      requestText({ uri: "sip:x@nowhere.example" }),
      requestText({ uri: "sips:x@192.0.2.10" }),
      requestText().replace("Max-Forwards: 70", "Max-Forwards: 0"),
    ]
  ) {
    const kinds = world.receive(text, ALICE).map(({ kind }) => kind).filter((kind) =>
      kind !== "log"
    );
    deepStrictEqual(kinds, ["send", "count"]);
  }
  deepStrictEqual([world.state.dialogs.size, world.state.memo.size, world.freePairs("lan")], [
    0,
    1,
    10,
  ]);
});

Deno.test("runPipeline() sends an answer to the source, whatever the Via names (R22)", () => {
  const vias: readonly (readonly [string, string])[] = [
    ["SIP/2.0/UDP 198.51.100.5:5060;branch=z9hG4bK1", "wan 192.0.2.66:5060"],
    ["SIP/2.0/UDP 10.0.0.77;branch=z9hG4bK1", "wan 192.0.2.66:5060"],
    ["SIP/2.0/UDP 192.0.2.66:9999;branch=z9hG4bK1", "wan 192.0.2.66:9999"],
    ["SIP/2.0/UDP 192.0.2.66:9999;rport;branch=z9hG4bK1", "wan 192.0.2.66:5060"],
    ["SIP/2.0/UDP 192.0.2.66;branch=z9hG4bK1", "wan 192.0.2.66:5060"],
    ["SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1", "wan 192.0.2.66:5060"],
    ["SIP/2.0/UDP 192.0.2.1;maddr=224.0.1.75;branch=z9hG4bK1", "wan 192.0.2.66:5060"],
    ["SIP/2.0/UDP 192.0.2.66;received=10.0.0.10;branch=z9hG4bK1", "wan 192.0.2.66:5060"],
  ];
  for (const [via, to] of vias) {
    const padding = ["X-Padding: makes the request longer than any answer to it"];
    const text = incomingText({
      via,
      uri: "sip:nobody@192.0.2.1",
      to: "<sip:nobody@h>",
      headers: padding,
    });
    deepStrictEqual(
      sendsOf(phoneWorld().receive(text, STRANGER)).map((sent) => sent.to),
      [to],
      via,
    );
  }
});

Deno.test("runPipeline() relays nothing from one outside to another (R19)", () => {
  for (
    const uri of [
      "sip:x@198.51.100.5",
      "sip:x@192.0.2.10:5070",
      "sip:x@10.0.0.77",
      "sip:192.0.2.99;lr",
    ]
  ) {
    for (
      const headers of [[], ["Route: <sip:198.51.100.5;lr>"], [
        "Route: <sip:siproxd@192.0.2.1;lr>, <sip:198.51.100.5;lr>",
      ]]
    ) {
      const text = incomingText({ uri, to: "<sip:x@198.51.100.5>", headers });
      for (const from of [PROVIDER, STRANGER]) {
        const sent = sendsOf(phoneWorld().receive(text, from));
        const elsewhere = sent.filter(({ to, startLine }) =>
          to !== `wan ${from.source}` || !startLine.startsWith("SIP/2.0 404 ")
        );
        deepStrictEqual(elsewhere, [], `${uri} ${headers}`);
      }
    }
  }
});
