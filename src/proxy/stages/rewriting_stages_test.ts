import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { CoreWorld } from "../../../tests/support/core_world.ts";
import {
  ALICE,
  type From,
  incomingText,
  phoneWorld,
  PROVIDER,
  requestContext,
  type RequestParts,
  requestText,
} from "../../../tests/support/phone_world.ts";
import type { RequestContext } from "../context.ts";
import type { Direction } from "../dialog_table.ts";
import { branchOf } from "../own_branch.ts";
import type { Verdict } from "../stage.ts";
import { obscureRequest } from "./obscure_call_id.ts";
import { addOwnVia } from "./own_via.ts";
import { recordRouteRequest } from "./record_route.ts";
import { preprocessRoute } from "./route_information.ts";

const world = phoneWorld();

function run(parts: RequestParts, from: From = ALICE, on: CoreWorld = world): RequestContext {
  return requestContext(on, { text: requestText(parts), from });
}

/** A verdict in one line. */
function said(verdict: Verdict): string {
  if (verdict.kind === "reply") return `${verdict.response.statusCode}`;
  return verdict.kind === "drop" ? `drop ${verdict.reason}` : verdict.kind;
}

/** Names and values of what a stage left, of one header. */
function valuesOf({ message }: RequestContext, wanted: string): readonly string[] {
  return message.headers.filter(({ key }) => key === wanted).map(({ value }) => value);
}

/** Request-URI and Routes as received, then as they are left. */
const ROUTES: readonly (readonly [
  string,
  string,
  readonly string[],
  { readonly uri?: string; readonly routes: readonly string[] },
])[] = [
  ["no Route", "sip:bob@192.0.2.10", [], { routes: [] }],
  ["our own Route", "sip:bob@192.0.2.10", ["<sip:siproxd@10.0.0.1;lr>"], { routes: [] }],
  ["our own Route of another user", "sip:bob@192.0.2.10", ["<sip:10.0.0.1;lr>"], { routes: [] }],
  ["a foreign Route", "sip:bob@192.0.2.10", ["<sip:192.0.2.99;lr>"], {
    routes: ["<sip:192.0.2.99;lr>"],
  }],
  ["another port of ours", "sip:bob@192.0.2.10", ["<sip:10.0.0.1:5080;lr>"], {
    routes: ["<sip:10.0.0.1:5080;lr>"],
  }],
  [
    "ours and a foreign one",
    "sip:bob@192.0.2.10",
    ["<sip:siproxd@10.0.0.1;lr>", "<sip:192.0.2.99;lr>"],
    { routes: ["<sip:192.0.2.99;lr>"] },
  ],
  [
    "a foreign one, then ours",
    "sip:bob@192.0.2.10",
    ["<sip:192.0.2.99;lr>", "<sip:siproxd@10.0.0.1;lr>"],
    { routes: ["<sip:192.0.2.99;lr>", "<sip:siproxd@10.0.0.1;lr>"] },
  ],
  [
    "two of ours, the first of which goes",
    "sip:bob@192.0.2.10",
    ["<sip:siproxd@10.0.0.1;lr>", "<sip:siproxd@10.0.0.1;lr>"],
    { routes: ["<sip:siproxd@10.0.0.1;lr>"] },
  ],
  [
    "a strict router before us",
    "sip:siproxd@10.0.0.1",
    ["<sip:bob@192.0.2.10>"],
    { uri: "sip:bob@192.0.2.10", routes: [] },
  ],
  [
    "a strict router before us and another proxy behind",
    "sip:siproxd@10.0.0.1",
    ["<sip:192.0.2.99;lr>", "<sip:bob@192.0.2.10>"],
    { uri: "sip:bob@192.0.2.10", routes: ["<sip:192.0.2.99;lr>"] },
  ],
  ["our address without our user", "sip:10.0.0.1", ["<sip:192.0.2.99;lr>"], {
    routes: ["<sip:192.0.2.99;lr>"],
  }],
  ["a Route that is no SIP URI", "sip:bob@192.0.2.10", ["<tel:+49>"], { routes: ["<tel:+49>"] }],
];

for (const [what, uri, routes, wanted] of ROUTES) {
  Deno.test(`preprocessRoute() of ${what}`, () => {
    const context = run({ uri, headers: routes.map((route) => `Route: ${route}`) });
    deepStrictEqual(preprocessRoute(context), { kind: "next" });
    deepStrictEqual(
      { uri: context.message.requestUri, routes: valuesOf(context, "route") },
      { uri: wanted.uri ?? uri, routes: wanted.routes },
    );
  });
}

const FOREIGN = "<sip:192.0.2.99;lr>";
const OWN = "<sip:siproxd@10.0.0.1:5060;lr>";

/** Direction and transport, Record-Routes as received, then as they are left. */
const RECORDS: readonly (readonly [
  Direction,
  "udp" | "tcp",
  readonly string[],
  readonly string[],
])[] = [
  ["incoming", "udp", [], [OWN]],
  ["incoming", "udp", [FOREIGN], [OWN, FOREIGN]],
  ["incoming", "tcp", [FOREIGN], ["<sip:siproxd@10.0.0.1:5060;transport=tcp;lr>", FOREIGN]],
  ["outgoing", "udp", [], []],
  ["outgoing", "udp", [FOREIGN], [FOREIGN]],
  ["outgoing", "udp", [OWN], []],
  ["outgoing", "udp", [OWN, FOREIGN], [FOREIGN]],
  ["outgoing", "udp", [FOREIGN, "<sip:10.0.0.1;lr>", OWN], [FOREIGN]],
  ["outgoing", "tcp", ["<sip:192.0.2.1;lr>"], []],
  ["outgoing", "udp", ["<sip:10.0.0.1:5061;lr>"], ["<sip:10.0.0.1:5061;lr>"]],
];

for (const [direction, transport, records, wanted] of RECORDS) {
  Deno.test(`recordRouteRequest() ${direction} over ${transport} of ${records.length}: ${wanted}`, () => {
    const context = run({ headers: records.map((record) => `Record-Route: ${record}`) });
    context.direction = direction;
    context.hop = { side: "wan", transport, peer: context.input.source, connectionId: undefined };
    deepStrictEqual(recordRouteRequest(context), { kind: "next" });
    deepStrictEqual(valuesOf(context, "record-route"), wanted);
  });
}

/** Settings, direction and transport, and our Via with its branch left out. */
const VIAS: readonly (readonly [string, Direction, "udp" | "tcp", string])[] = [
  ["", "outgoing", "udp", "SIP/2.0/UDP 192.0.2.1:5060;branch=B"],
  ["", "outgoing", "tcp", "SIP/2.0/TCP 192.0.2.1:5060;branch=B"],
  ["", "incoming", "udp", "SIP/2.0/UDP 10.0.0.1:5060;branch=B"],
  ["use_rport = 1", "outgoing", "udp", "SIP/2.0/UDP 192.0.2.1:5060;branch=B"],
  ["use_rport = 1", "incoming", "udp", "SIP/2.0/UDP 10.0.0.1:5060;branch=B;rport"],
  ["use_rport = 2", "outgoing", "udp", "SIP/2.0/UDP 192.0.2.1:5060;branch=B;rport"],
  ["use_rport = 2", "incoming", "udp", "SIP/2.0/UDP 10.0.0.1:5060;branch=B"],
  ["use_rport = 3", "outgoing", "udp", "SIP/2.0/UDP 192.0.2.1:5060;branch=B;rport"],
  ["use_rport = 3", "incoming", "udp", "SIP/2.0/UDP 10.0.0.1:5060;branch=B;rport"],
  ["sip_listen_port = 5080", "outgoing", "udp", "SIP/2.0/UDP 192.0.2.1:5080;branch=B"],
];

for (const [settings, direction, transport, wanted] of VIAS) {
  Deno.test(`addOwnVia() ${direction} over ${transport} with "${settings}"`, () => {
    const context = run({}, ALICE, phoneWorld({ settings, phones: [] }));
    context.direction = direction;
    context.hop = { side: "wan", transport, peer: context.input.source, connectionId: undefined };
    deepStrictEqual(addOwnVia(context), { kind: "next" });
    deepStrictEqual(valuesOf(context, "via").map((via) => via.replace(branchOf(context), "B")), [
      wanted,
      "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKinv1",
    ]);
  });
}

const INCOMPLETE: readonly (readonly [string, (context: RequestContext) => void])[] = [
  ["neither target nor direction", () => {}],
  ["no target", (context) => {
    context.direction = "outgoing";
  }],
  ["no direction", (context) => {
    const { source: peer } = context.input;
    context.hop = { side: "wan", transport: "udp", peer, connectionId: undefined };
  }],
];

for (const [what, prepare] of INCOMPLETE) {
  Deno.test(`addOwnVia() with ${what} stops the request`, () => {
    const context = run({});
    prepare(context);
    strictEqual(said(addOwnVia(context)), "drop no-address");
  });
}

/** Settings, method and direction, and the Call-ID that leaves. */
const CALL_IDS: readonly (readonly [string, string, Direction, string])[] = [
  ["", "INVITE", "outgoing", "call-1"],
  ["obscure_loops = 1", "INVITE", "outgoing", "call-1-siproxda"],
  ["obscure_loops = 1", "MESSAGE", "outgoing", "call-1-siproxda"],
  ["obscure_loops = 1", "REGISTER", "outgoing", "call-1"],
  ["obscure_loops = 1", "INVITE", "incoming", "call-1"],
];

for (const [settings, method, direction, wanted] of CALL_IDS) {
  Deno.test(`obscureRequest() of ${direction} ${method} with "${settings}": ${wanted}`, () => {
    const context = run({ method }, ALICE, phoneWorld({ settings, phones: [] }));
    context.direction = direction;
    deepStrictEqual(obscureRequest(context), { kind: "next" });
    deepStrictEqual(valuesOf(context, "call-id"), [wanted]);
  });
}

Deno.test("recordRouteRequest() of a call from outside names the phones' side", () => {
  const context = requestContext(world, { text: incomingText(), from: PROVIDER });
  context.direction = "incoming";
  recordRouteRequest(context);
  deepStrictEqual(valuesOf(context, "record-route"), [OWN]);
});
