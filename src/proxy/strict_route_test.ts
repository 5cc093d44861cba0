import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ALICE, phoneWorld, requestContext, requestText } from "../../tests/support/phone_world.ts";
import { listValues } from "../sip/headers.ts";
import { forStrictRouter } from "./strict_route.ts";

const URI = "sip:bob@192.0.2.77:5080;x=1";

function requestWith(routes: readonly string[]) {
  const headers = routes.map((route) => `Route: ${route}`);
  const text = requestText({ uri: URI, headers });
  return requestContext(phoneWorld({ phones: [] }), { text, from: ALICE }).message;
}

for (
  const routes of [
    [],
    ["<sip:192.0.2.9;lr>"],
    ["<sip:192.0.2.9;lr=on>"],
    ["<sip:192.0.2.9;%6C%72>"],
    ["<sip:192.0.2.9;LR>"],
    ["<sip:192.0.2.9;lr>", "<sip:192.0.2.10>"],
    ["<tel:110>"],
    ["<sip:192.0.2.9"],
  ]
) {
  Deno.test(`forStrictRouter() leaves a request with Routes "${routes.join(" ")}" as it is`, () => {
    const request = requestWith(routes);
    strictEqual(forStrictRouter(request), request);
  });
}

const STRICT: readonly (readonly [readonly string[], string, readonly string[]])[] = [
  [["<sip:192.0.2.9>"], "sip:192.0.2.9", [`<${URI}>`]],
  [["sip:192.0.2.9"], "sip:192.0.2.9", [`<${URI}>`]],
  [["<sip:p@192.0.2.9:5090;transport=udp>"], "sip:p@192.0.2.9:5090;transport=udp", [`<${URI}>`]],
  [["<sip:192.0.2.9;method=INVITE?X=1>"], "sip:192.0.2.9", [`<${URI}>`]],
  [["<sip:192.0.2.9>", "<sip:192.0.2.10;lr>"], "sip:192.0.2.9", [
    "<sip:192.0.2.10;lr>",
    `<${URI}>`,
  ]],
  [["<sip:192.0.2.9>, <sip:192.0.2.10>"], "sip:192.0.2.9", ["<sip:192.0.2.10>", `<${URI}>`]],
];

for (const [routes, uri, left] of STRICT) {
  Deno.test(`forStrictRouter() of Routes "${routes.join(" ")}" puts the first into the Request-URI`, () => {
    const { requestUri, startLine, ...rest } = forStrictRouter(requestWith(routes));
    const after = {
      requestUri,
      startLine,
      routes: listValues({ ...rest, requestUri, startLine }, "route"),
    };
    deepStrictEqual(after, {
      requestUri: uri,
      startLine: `INVITE ${uri} SIP/2.0`,
      routes: left,
    });
  });
}
