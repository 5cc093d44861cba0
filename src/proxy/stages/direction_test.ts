import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { address } from "../../../tests/support/core_world.ts";
import {
  ALICE,
  type From,
  phoneWorld,
  type PhoneWorldOptions,
  PROVIDER,
  requestContext,
  type RequestParts,
  requestText,
  STRANGER,
} from "../../../tests/support/phone_world.ts";
import { findDirection } from "./direction.ts";

const LOCAL: From = { side: "lan", source: "127.0.0.1:5080" };
const NEIGHBOUR: From = { side: "lan", source: "10.0.0.77:5060" };
const OURSELVES: From = { side: "wan", source: "192.0.2.1:5060" };
const HERE: From = { side: "wan", source: "192.0.2.1:5090" };

const foreign: RequestParts = {
  uri: "sip:x@192.0.2.1",
  to: "<sip:x@192.0.2.10>",
  from: "<sip:y@192.0.2.10>;tag=y",
  via: "SIP/2.0/UDP 192.0.2.66;branch=z9hG4bKf",
};

interface Row {
  readonly name: string;
  readonly from: From;
  readonly parts: RequestParts;
  /** Direction and the user of the registration that it belongs to. */
  readonly wanted: readonly [string | undefined, string | undefined];
  readonly options?: PhoneWorldOptions;
}

/** siproxd's direction detection, step by step: first hit wins. */
const ROWS: readonly Row[] = [
  {
    name: "step 1: a registered phone's address, any port",
    from: { side: "lan", source: "10.0.0.10:40000" },
    parts: foreign,
    wanted: ["outgoing", "alice"],
  },
  {
    name: "step 1: whatever From it writes",
    from: ALICE,
    parts: { ...foreign, from: "<sip:somebody@elsewhere>;tag=1" },
    wanted: ["outgoing", "alice"],
  },
  {
    name: "step 1 before step 2: a phone that calls another's public URI",
    from: ALICE,
    parts: { ...foreign, uri: "sip:bob@192.0.2.1", to: "<sip:bob@192.0.2.1>" },
    wanted: ["outgoing", "alice"],
  },
  {
    name: "step 1: a phone's address that comes in outside",
    from: { side: "wan", source: "10.0.0.10:5062" },
    parts: foreign,
    wanted: ["outgoing", "alice"],
  },
  {
    name: "step 2: To is a public URI",
    from: PROVIDER,
    parts: { ...foreign, to: "<sip:alice@192.0.2.1>" },
    wanted: ["incoming", "alice"],
  },
  {
    name: "step 2: To is an address of record",
    from: PROVIDER,
    parts: { ...foreign, to: "<sip:bob@192.0.2.10>" },
    wanted: ["incoming", "bob"],
  },
  {
    name: "step 3: the Request-URI is a public URI",
    from: STRANGER,
    parts: { ...foreign, uri: "sip:alice@192.0.2.1" },
    wanted: ["incoming", "alice"],
  },
  {
    name: "step 3: the Request-URI is an address of record",
    from: STRANGER,
    parts: { ...foreign, uri: "sip:bob@192.0.2.10" },
    wanted: ["incoming", "bob"],
  },
  {
    name: "the Request-URI counts before To",
    from: PROVIDER,
    parts: { ...foreign, uri: "sip:alice@192.0.2.1", to: "<sip:bob@192.0.2.10>" },
    wanted: ["incoming", "alice"],
  },
  {
    name: "parameters do not count",
    from: PROVIDER,
    parts: { ...foreign, uri: "sip:alice@192.0.2.1;transport=udp;a=b" },
    wanted: ["incoming", "alice"],
  },
  {
    name: "the default port is the same as none",
    from: PROVIDER,
    parts: { ...foreign, uri: "sip:alice@192.0.2.1:5060" },
    wanted: ["incoming", "alice"],
  },
  {
    name: "escapes are the same user",
    from: PROVIDER,
    parts: { ...foreign, uri: "sip:%61lice@192.0.2.1" },
    wanted: ["incoming", "alice"],
  },
  {
    name: "users differ by case",
    from: PROVIDER,
    parts: { ...foreign, uri: "sip:Alice@192.0.2.1" },
    wanted: [undefined, undefined],
  },
  {
    name: "step 4: the user part alone, at any host",
    from: PROVIDER,
    parts: { ...foreign, uri: "sip:alice@elsewhere.example" },
    wanted: ["incoming", "alice"],
  },
  {
    name: "step 4: the user part of To alone",
    from: PROVIDER,
    parts: { ...foreign, to: "<sip:bob@elsewhere.example>" },
    wanted: ["incoming", "bob"],
  },
  {
    name: "step 4 switched off",
    from: PROVIDER,
    parts: { ...foreign, uri: "sip:alice@elsewhere.example" },
    options: { settings: "user_part_matching = 0" },
    wanted: [undefined, undefined],
  },
  {
    name: "a URI without user matches nobody",
    from: PROVIDER,
    parts: { ...foreign, uri: "sip:192.0.2.1", to: "<sip:192.0.2.10>" },
    wanted: [undefined, undefined],
  },
  {
    name: "step 6: a program on this machine by loopback",
    from: LOCAL,
    parts: foreign,
    wanted: ["outgoing", undefined],
  },
  {
    name: "step 6: a program on this machine by its address outside",
    from: HERE,
    parts: foreign,
    wanted: ["outgoing", undefined],
  },
  {
    name: "step 2 before step 6: a program here that calls a phone",
    from: LOCAL,
    parts: { ...foreign, uri: "sip:alice@192.0.2.1" },
    wanted: ["incoming", "alice"],
  },
  {
    name: "our own second pass is no program on this machine",
    from: OURSELVES,
    parts: { ...foreign, via: "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKown" },
    wanted: [undefined, undefined],
  },
  {
    name: "our own second pass to a phone",
    from: OURSELVES,
    parts: {
      ...foreign,
      via: "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKown",
      uri: "sip:bob@192.0.2.1",
    },
    wanted: ["incoming", "bob"],
  },
  {
    name: "a neighbour who is no phone, to nobody",
    from: NEIGHBOUR,
    parts: foreign,
    wanted: [undefined, undefined],
  },
  {
    name: "a stranger, to nobody",
    from: STRANGER,
    parts: foreign,
    wanted: [undefined, undefined],
  },
  {
    name: "a REGISTER goes out, whoever sends it",
    from: NEIGHBOUR,
    parts: { ...foreign, method: "REGISTER" },
    wanted: ["outgoing", undefined],
  },
  {
    name: "host_outbound is ours too",
    from: { side: "wan", source: "203.0.113.9:5080" },
    parts: foreign,
    options: { own: { advertised: address("203.0.113.9") } },
    wanted: ["outgoing", undefined],
  },
];

for (const { name, from, parts, wanted, options = {} } of ROWS) {
  Deno.test(`findDirection() ${name}`, () => {
    const world = phoneWorld({ phones: ["alice", "bob"], ...options });
    const context = requestContext(world, { text: requestText(parts), from });
    strictEqual(findDirection(context).kind, "next");
    const user = context.binding?.addressOfRecord.split("@")[0];
    deepStrictEqual([context.direction, user], wanted);
  });
}

Deno.test("findDirection() leaves alone what is decided already", () => {
  const context = requestContext(phoneWorld(), { text: requestText(), from: ALICE });
  context.direction = "incoming";
  findDirection(context);
  deepStrictEqual([context.direction, context.binding], ["incoming", undefined]);
});

Deno.test("findDirection() counts a registration only while it lives", () => {
  const world = phoneWorld();
  world.nowMs += 119_000;
  const asked = () => {
    const context = requestContext(world, {
      text: requestText({ ...foreign, uri: "sip:alice@192.0.2.1" }),
      from: PROVIDER,
    });
    findDirection(context);
    return context.direction;
  };
  strictEqual(asked(), "incoming");
  world.advance(2_000);
  strictEqual(asked(), undefined);
});

Deno.test("findDirection() picks the caller's account by From, then by the port", () => {
  const world = phoneWorld({ phones: ["alice"] });
  const second = requestText({
    method: "REGISTER",
    uri: "sip:192.0.2.10:5070",
    from: "<sip:office@192.0.2.10>;tag=o",
    to: "<sip:office@192.0.2.10>",
    callId: "reg-office",
    via: "SIP/2.0/UDP 10.0.0.10:5072;branch=z9hG4bKoffice",
    headers: ["Contact: <sip:office@10.0.0.10:5072>;expires=120"],
  });
  const [sent] = world.receive(second, { side: "lan", source: "10.0.0.10:5072" })
    .flatMap((action) => action.kind === "send" ? [new TextDecoder().decode(action.data)] : []);
  world.receive((sent ?? "").replace(/^[^\r]*/, "SIP/2.0 200 OK"), PROVIDER);
  const caller = (from: string, source: string) => {
    const context = requestContext(world, {
      text: requestText({ from: `<sip:${from}@192.0.2.10>;tag=1` }),
      from: {
        side: "lan",
        source,
      },
    });
    findDirection(context);
    return context.binding?.addressOfRecord;
  };
  deepStrictEqual([
    caller("alice", "10.0.0.10:5072"),
    caller("office", "10.0.0.10:5062"),
    caller("other", "10.0.0.10:5062"),
    caller("other", "10.0.0.10:5072"),
    caller("other", "10.0.0.10:9"),
  ], [
    "alice@192.0.2.10",
    "office@192.0.2.10",
    "alice@192.0.2.10",
    "office@192.0.2.10",
    "office@192.0.2.10",
  ]);
});
