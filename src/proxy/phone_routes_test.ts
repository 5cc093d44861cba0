import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALICE,
  answerText,
  type From,
  incomingText,
  linesOfHeader,
  phoneWorld,
  PROVIDER,
  requestContext,
  requestText,
  responseContext,
  sendsOf,
} from "../../tests/support/phone_world.ts";
import { listValues } from "../sip/headers.ts";
import {
  beginsRouteSet,
  isOwnRoute,
  MAX_PHONE_ROUTES,
  MAX_PHONE_ROUTES_LENGTH,
  routesOfRequest,
  routesOfResponse,
  routeUri,
  withPhoneRoutes,
} from "./phone_routes.ts";

const OWN = "<sip:siproxd@10.0.0.1:5060;lr>";
const NEAR = "<sip:10.0.0.20;lr>";
const FAR = "<sip:10.0.0.30:5070;lr>";
const OUTER = "<sip:192.0.2.99;lr>";

function requestWith(recordRoutes: readonly string[]) {
  const headers = recordRoutes.map((route) => `Record-Route: ${route}`);
  const text = requestText({ headers });
  return requestContext(phoneWorld({ phones: [] }), { text, from: ALICE }).message;
}

function many(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `<sip:10.0.1.${index};lr>`);
}

const OF_REQUEST: readonly (readonly [readonly string[], readonly string[] | undefined])[] = [
  [[], []],
  [[NEAR], [NEAR]],
  [[NEAR, FAR], [NEAR, FAR]],
  [[`${NEAR}, ${FAR}`], [NEAR, FAR]],
  [many(MAX_PHONE_ROUTES), many(MAX_PHONE_ROUTES)],
  [many(MAX_PHONE_ROUTES + 1), undefined],
  [[`<sip:${"x".repeat(MAX_PHONE_ROUTES_LENGTH)}@10.0.0.20;lr>`], undefined],
];

for (const [recordRoutes, routes] of OF_REQUEST) {
  const what = recordRoutes.join(" ").slice(0, 60);
  Deno.test(`routesOfRequest() of "${what}" (${recordRoutes.length}): ${routes?.length}`, () => {
    deepStrictEqual(routesOfRequest(requestWith(recordRoutes)), routes);
  });
}

const OF_RESPONSE: readonly (readonly [readonly string[], readonly string[] | undefined])[] = [
  [[], undefined],
  [[OUTER], undefined],
  [[NEAR, OUTER], undefined],
  [[OWN], []],
  [[OWN, OUTER], []],
  [[NEAR, OWN, OUTER], [NEAR]],
  [[FAR, NEAR, OWN], [NEAR, FAR]],
  [[...many(MAX_PHONE_ROUTES + 1), OWN], undefined],
];

for (const [recordRoutes, routes] of OF_RESPONSE) {
  const what = recordRoutes.join(" ").slice(0, 80);
  Deno.test(`routesOfResponse() of "${what}": ${routes?.length}`, () => {
    const world = phoneWorld();
    const [invite] = sendsOf(world.receive(incomingText(), PROVIDER));
    const headers = recordRoutes.map((route) => `Record-Route: ${route}`);
    const text = answerText(invite?.text ?? "", "200 OK", { headers });
    const context = responseContext(world, { text, from: ALICE });
    deepStrictEqual(routesOfResponse(context.message, context), routes);
  });
}

for (
  const [status, method, fromTag, is] of [
    ["100 Trying", "INVITE", "a", false],
    ["180 Ringing", "INVITE", "a", true],
    ["200 OK", "INVITE", "a", true],
    ["302 Moved", "INVITE", "a", false],
    ["486 Busy", "INVITE", "a", false],
    ["200 OK", "BYE", "a", false],
    ["200 OK", "INVITE", "b", false],
  ] as const
) {
  Deno.test(`beginsRouteSet() of ${status} to ${method} from tag ${fromTag}: ${is}`, () => {
    const world = phoneWorld();
    world.receive(requestText(), ALICE);
    const [dialog] = world.state.dialogs.all();
    const from = `<sip:alice@192.0.2.10>;tag=${fromTag}`;
    const text = answerText(requestText({ method, from }), status);
    const context = responseContext(world, { text, from: PROVIDER });
    strictEqual(beginsRouteSet(context), false);
    context.dialog = dialog;
    strictEqual(beginsRouteSet(context), is);
  });
}

for (
  const [routes, left] of [
    [[], ["<sip:old;lr>"]],
    [[NEAR], [NEAR]],
    [[NEAR, FAR], [NEAR, FAR]],
  ] as const
) {
  Deno.test(`withPhoneRoutes() of ${routes.length} routes`, () => {
    const text = requestText({ headers: ["Route: <sip:old;lr>"] });
    const request = requestContext(phoneWorld(), { text, from: ALICE }).message;
    deepStrictEqual(listValues(withPhoneRoutes(request, routes), "route"), left);
  });
}

for (
  const [element, is] of [
    [OWN, true],
    ["<sip:192.0.2.1>", true],
    ["<sip:10.0.0.1:5080;lr>", false],
    [NEAR, false],
    ["<tel:110>", false],
    ["<sip:10.0.0.1", false],
  ] as const
) {
  Deno.test(`isOwnRoute() of ${element}: ${is}`, () => {
    const context = requestContext(phoneWorld(), { text: requestText(), from: ALICE });
    strictEqual(isOwnRoute(element, context), is);
  });
}

for (
  const [element, text] of [
    [NEAR, "sip:10.0.0.20;lr"],
    [undefined, undefined],
    ["<tel:110>", undefined],
    ["junk", undefined],
  ] as const
) {
  Deno.test(`routeUri() of ${element}`, () => {
    strictEqual(routeUri(element)?.text, text);
  });
}

/** The office's proxy, by which its phone is registered. */
const OFFICE: From = { side: "lan", source: "10.0.0.20:5060" };

function officeWorld() {
  const world = phoneWorld({ phones: [] });
  const text = requestText({
    method: "REGISTER",
    uri: "sip:192.0.2.10:5070",
    to: "<sip:alice@192.0.2.10>",
    callId: "reg",
    via: "SIP/2.0/UDP 10.0.0.20:5060;branch=z9hG4bKk, SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKr",
    headers: ["Contact: <sip:alice@10.0.0.10:5062>;expires=120"],
  });
  const [forwarded] = sendsOf(world.receive(text, OFFICE));
  world.receive(answerText(forwarded?.text ?? "", "200 OK"), PROVIDER);
  return world;
}

Deno.test("a call that came in: an answer's new route set replaces the one of an earlier answer", () => {
  const world = officeWorld();
  const [invite] = sendsOf(world.receive(incomingText(), PROVIDER));
  const answer = (status: string, route: readonly string[]) =>
    world.receive(
      answerText(invite?.text ?? "", status, {
        headers: [
          ...route.map((element) => `Record-Route: ${element}`),
          "Contact: <sip:alice@10.0.0.10:5062>",
        ],
      }),
      OFFICE,
    );
  const learned = () => world.state.dialogs.all()[0]?.phone.routes;
  answer("180 Ringing", [NEAR, OWN]);
  deepStrictEqual(learned(), [NEAR]);
  answer("183 Progress", [FAR, NEAR, OWN]);
  deepStrictEqual(learned(), [NEAR, FAR]);
  answer("200 OK", [OWN]);
  deepStrictEqual(learned(), []);
});

Deno.test("a request for the phone goes to the proxy's port at the address it spoke from, never elsewhere", () => {
  for (
    const [route, to] of [
      ["<sip:10.0.0.20:5066;lr>", "lan 10.0.0.20:5066"],
      ["<sip:10.0.0.99:5066;lr>", "lan 10.0.0.20:5060"],
      ["<sip:proxy.office.example;lr>", "lan 10.0.0.20:5060"],
    ] as const
  ) {
    const world = officeWorld();
    const [invite] = sendsOf(world.receive(incomingText(), PROVIDER));
    const headers = [`Record-Route: ${route}`, `Record-Route: ${OWN}`];
    world.receive(answerText(invite?.text ?? "", "200 OK", { headers }), OFFICE);
    const bye = incomingText({
      method: "BYE",
      cseq: 2,
      to: "<sip:alice@192.0.2.10>;tag=b",
      via: "SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bKbye",
      headers: ["Route: <sip:10.0.0.66;lr>"],
    });
    const [sent] = sendsOf(world.receive(bye, PROVIDER));
    deepStrictEqual([sent?.to, linesOfHeader(sent?.text ?? "", "Route")], [to, [
      `Route: ${route}`,
    ]]);
  }
});

Deno.test("a request outside of any leg keeps its foreign Record-Routes", () => {
  const headers = [`Record-Route: ${NEAR}`];
  const [sent] = sendsOf(phoneWorld().receive(requestText({ method: "MESSAGE", headers }), ALICE));
  deepStrictEqual(linesOfHeader(sent?.text ?? "", "Record-Route"), [`Record-Route: ${NEAR}`]);
});

Deno.test("more proxies than a leg keeps are shown to the outside rather than lost", () => {
  const headers = many(MAX_PHONE_ROUTES + 1).map((route) => `Record-Route: ${route}`);
  const [sent] = sendsOf(phoneWorld().receive(requestText({ headers }), ALICE));
  deepStrictEqual(linesOfHeader(sent?.text ?? "", "Record-Route"), headers);
});
