import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { CoreWorld } from "../../../tests/support/core_world.ts";
import {
  ALICE,
  type From,
  phoneWorld,
  PROVIDER,
  responseContext,
  sipText,
  STRANGER,
} from "../../../tests/support/phone_world.ts";
import { peer } from "../../../tests/support/address.ts";
import type { SocketAddress } from "../../base/socket_address.ts";
import { setHeader } from "../../sip/headers.ts";
import type { ResponseContext } from "../context.ts";
import type { Direction } from "../dialog_table.ts";
import type { Verdict } from "../stage.ts";
import { masqueradeResponse } from "./masquerade_response.ts";
import { recordRouteResponse } from "./record_route.ts";
import { routeResponse } from "./response_hop.ts";
import { matchOwnVia } from "./response_via.ts";

interface Parts {
  readonly status?: string;
  readonly method?: string;
  readonly vias?: readonly string[];
  readonly headers?: readonly string[];
}

const BELOW = "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK1";

/** A response as it arrives, its topmost Via first. */
function run(
  parts: Parts,
  from: From = PROVIDER,
  world: CoreWorld = phoneWorld(),
): ResponseContext {
  const vias = parts.vias ?? ["SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKo", BELOW];
  const text = sipText(`SIP/2.0 ${parts.status ?? "200 OK"}`, [
    ...vias.map((via) => `Via: ${via}`),
    "From: <sip:alice@192.0.2.10>;tag=a",
    "To: <sip:bob@192.0.2.10>;tag=b",
    "Call-ID: call-1",
    `CSeq: 1 ${parts.method ?? "INVITE"}`,
    ...parts.headers ?? [],
  ]);
  return responseContext(world, { text, from });
}

function said(verdict: Verdict): string {
  return verdict.kind === "drop" ? `drop ${verdict.reason}` : verdict.kind;
}

/** Vias of a response nobody can prove, its sender, and what becomes of it. */
const UNPROVEN: readonly (readonly [string, readonly string[], From, string])[] = [
  [
    "a foreign topmost Via",
    ["SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKo", BELOW],
    PROVIDER,
    "drop foreign-via",
  ],
  [
    "another port of ours",
    ["SIP/2.0/UDP 192.0.2.1:5061;branch=z9hG4bKo", BELOW],
    PROVIDER,
    "drop foreign-via",
  ],
  ["no Via below ours", ["SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKo"], PROVIDER, "drop no-second-via"],
  [
    "a broken Via below ours",
    ["SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKo", "nonsense"],
    PROVIDER,
    "drop no-second-via",
  ],
  [
    "a Via of a phone below ours",
    ["SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKo", BELOW],
    STRANGER,
    "next",
  ],
  [
    "a Via of nobody here below ours",
    ["SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKo", "SIP/2.0/UDP 10.0.0.77;branch=z9hG4bK1"],
    STRANGER,
    "drop forged-response",
  ],
  [
    "a name below ours",
    ["SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKo", "SIP/2.0/UDP phone.example;branch=z9hG4bK1"],
    STRANGER,
    "drop forged-response",
  ],
  [
    "a name below ours that was received from a phone",
    [
      "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKo",
      "SIP/2.0/UDP phone.example;branch=z9hG4bK1;received=10.0.0.10",
    ],
    STRANGER,
    "next",
  ],
  [
    "our LAN Via, from a phone",
    ["SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKo", "SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1"],
    ALICE,
    "next",
  ],
  [
    "our LAN Via, from a host that is no phone",
    ["SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKo", "SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1"],
    { side: "lan", source: "10.0.0.77:5060" },
    "drop forged-response",
  ],
];

for (const [what, vias, from, wanted] of UNPROVEN) {
  Deno.test(`matchOwnVia() of ${what}: ${wanted}`, () => {
    const context = run({ vias }, from);
    strictEqual(said(matchOwnVia(context)), wanted);
    if (wanted === "next") strictEqual(context.trust, "unverified");
  });
}

Deno.test("matchOwnVia() takes our Via away, and logs a foreign one", () => {
  const ours = run({});
  matchOwnVia(ours);
  deepStrictEqual(
    ours.message.headers.filter(({ key }) => key === "via").map(({ value }) => value),
    [BELOW],
  );
  deepStrictEqual(ours.actions, []);
  const foreign = run({ vias: ["SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKo", BELOW] });
  matchOwnVia(foreign);
  deepStrictEqual(foreign.actions, [
    { kind: "log", event: { level: "error", component: "proxy", event: "sip.foreign_via" } },
  ]);
});

/** The Via that is on top once ours is gone, and where the response goes. */
const HOPS: readonly (readonly [string, string])[] = [
  ["SIP/2.0/UDP 10.0.0.10:5062", "udp 10.0.0.10:5062"],
  ["SIP/2.0/UDP 10.0.0.10", "udp 10.0.0.10:5060"],
  ["SIP/2.0/UDP 10.0.0.10:5062;rport=40000", "udp 10.0.0.10:40000"],
  ["SIP/2.0/UDP 10.0.0.10:5062;rport", "udp 10.0.0.10:5062"],
  ["SIP/2.0/UDP 10.0.0.10:5062;received=10.0.0.11", "udp 10.0.0.11:5062"],
  ["SIP/2.0/UDP phone.example:5062;received=10.0.0.11;rport=9", "udp 10.0.0.11:9"],
  ["SIP/2.0/TCP 10.0.0.10:5062", "tcp 10.0.0.10:5062"],
  ["SIP/2.0/tcp 10.0.0.10:5062;rport=40000", "tcp 10.0.0.10:5062"],
  ["SIP/2.0/TCP 10.0.0.10;rport=40000", "tcp 10.0.0.10:5060"],
  ["SIP/2.0/UDP 203.0.113.9", "udp 203.0.113.9:5060"],
  ["SIP/2.0/UDP 169.254.1.1", "udp 169.254.1.1:5060"],
  ["SIP/2.0/UDP 224.0.1.75", "drop bad-response-target"],
  ["SIP/2.0/UDP 255.255.255.255", "drop bad-response-target"],
  ["SIP/2.0/UDP 0.0.0.0", "drop bad-response-target"],
  ["SIP/2.0/UDP 127.0.0.1:5070", "drop bad-response-target"],
  ["SIP/2.0/UDP 10.0.0.10;received=224.0.1.75", "drop bad-response-target"],
];

for (const [via, wanted] of HOPS) {
  Deno.test(`routeResponse() by ${via}: ${wanted}`, () => {
    const context = run({});
    context.direction = "incoming";
    context.message = setHeader(context.message, "Via", `${via};branch=z9hG4bK1`);
    const verdict = routeResponse(context);
    if (verdict.kind !== "next") {
      strictEqual(said(verdict), wanted);
      strictEqual(context.hop, undefined);
      return;
    }
    const [transport, target = ""] = wanted.split(" ");
    deepStrictEqual(context.hop, {
      side: "lan",
      transport,
      peer: peer(target),
      connectionId: undefined,
    });
  });
}

Deno.test("routeResponse() to loopback needs proof or a loopback sender", () => {
  const vias = [
    "SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKo",
    "SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1",
  ];
  const outcome = (from: From, trust: "verified" | "unverified"): string => {
    const context = run({ vias }, from);
    context.direction = "incoming";
    context.trust = trust;
    context.message = {
      ...context.message,
      headers: context.message.headers.filter(({ value }) => !value.includes("z9hG4bKo")),
    };
    return said(routeResponse(context));
  };
  deepStrictEqual([
    outcome(PROVIDER, "unverified"),
    outcome(PROVIDER, "verified"),
    outcome({ side: "lan", source: "127.0.0.1:5070" }, "unverified"),
  ], ["drop bad-response-target", "next", "next"]);
});

const DOWN: readonly (readonly [Direction, "lan" | "wan", string])[] = [
  ["incoming", "lan", "drop interface-down"],
  ["outgoing", "wan", "drop interface-down"],
];

for (const [direction, side, wanted] of DOWN) {
  Deno.test(`routeResponse() ${direction} while ${side} is down: ${wanted}`, () => {
    const context = run({});
    context.direction = direction;
    const own = { ...context.env.own, [side]: undefined };
    strictEqual(said(routeResponse({ ...context, env: { ...context.env, own } })), wanted);
  });
}

Deno.test("routeResponse() takes an open connection to the very socket, else one to the sent-by port", () => {
  const connections = new Map([["10.0.0.10:40000", 7], ["10.0.0.10:5062", 8]]);
  const hopWith = (open: readonly string[]) => {
    const context = run({});
    context.direction = "incoming";
    const line = "SIP/2.0/TCP 10.0.0.10:5062;branch=z9hG4bK1;rport=40000";
    const message = setHeader(context.message, "Via", line);
    const env = {
      ...context.env,
      connectionTo: ({ address, port }: SocketAddress) => {
        const key = `${address}:${port}`;
        return open.includes(key) ? connections.get(key) : undefined;
      },
    };
    const opened = { ...context, env, message };
    routeResponse(opened);
    return opened.hop;
  };
  const lan = { side: "lan", transport: "tcp" };
  deepStrictEqual(hopWith(["10.0.0.10:40000", "10.0.0.10:5062"]), {
    ...lan,
    peer: peer("10.0.0.10:40000"),
    connectionId: 7,
  });
  deepStrictEqual(hopWith(["10.0.0.10:5062"]), {
    ...lan,
    peer: peer("10.0.0.10:5062"),
    connectionId: 8,
  });
  deepStrictEqual(hopWith([]), { ...lan, peer: peer("10.0.0.10:5062"), connectionId: undefined });
});

const OWN = "<sip:siproxd@10.0.0.1:5060;lr>";
const FOREIGN = "<sip:192.0.2.99;lr>";

const RECORDS: readonly (readonly [Direction, readonly string[], readonly string[]])[] = [
  ["incoming", [], [OWN]],
  ["incoming", [FOREIGN], [FOREIGN, OWN]],
  ["outgoing", [], []],
  ["outgoing", [FOREIGN, OWN], [FOREIGN]],
  ["outgoing", [OWN], []],
];

for (const [direction, records, wanted] of RECORDS) {
  Deno.test(`recordRouteResponse() ${direction} makes "${wanted}" of "${records}"`, () => {
    const context = run({ headers: records.map((record) => `Record-Route: ${record}`) });
    context.direction = direction;
    deepStrictEqual(recordRouteResponse(context), { kind: "next" });
    deepStrictEqual(
      context.message.headers.filter(({ key }) => key === "record-route").map(({ value }) => value),
      wanted,
    );
  });
}

/** Method, status and User-Agent of an answer to a phone, and the status line that it gets. */
const SUBSCRIPTIONS: readonly (readonly [string, string, string, string])[] = [
  ["SUBSCRIBE", "202 Accepted", "Grandstream GXP", "SIP/2.0 404 Accepted"],
  ["SUBSCRIBE", "202 Accepted", "GRANDSTREAM", "SIP/2.0 404 Accepted"],
  ["SUBSCRIBE", "202 Accepted", "Other Grandstream", "SIP/2.0 202 Accepted"],
  ["SUBSCRIBE", "200 OK", "Grandstream GXP", "SIP/2.0 200 OK"],
  ["REFER", "202 Accepted", "Grandstream GXP", "SIP/2.0 202 Accepted"],
];

for (const [method, status, agent, wanted] of SUBSCRIPTIONS) {
  Deno.test(`masqueradeResponse() of ${status} to ${method}, ${agent}: ${wanted}`, () => {
    const context = run({ method, status, headers: [`User-Agent: ${agent}`] });
    context.direction = "incoming";
    deepStrictEqual(masqueradeResponse(context), { kind: "next" });
    strictEqual(context.message.startLine, wanted);
  });
}

for (const direction of ["incoming", "outgoing"] as const) {
  Deno.test(`masqueradeResponse() ${direction} and ua_string`, () => {
    const world = phoneWorld({ settings: "ua_string = Hidden" });
    const context = run({ headers: ["User-Agent: phone"] }, ALICE, world);
    context.direction = direction;
    masqueradeResponse(context);
    deepStrictEqual(
      context.message.headers.filter(({ key }) => key === "user-agent").map(({ value }) => value),
      [direction === "outgoing" ? "Hidden" : "phone"],
    );
  });
}
