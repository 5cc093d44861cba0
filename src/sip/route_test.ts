import { deepEqual, equal } from "node:assert/strict";
import { messageOf } from "../../tests/support/sip_messages.ts";
import { isLooseRoute, parseRoutes, topmostRoute } from "./route.ts";
import { parseUri } from "./uri.ts";

const MESSAGE = messageOf([
  "INVITE sip:b SIP/2.0",
  "Route: <sip:siproxd@10.0.0.1;lr>, <sip:p1.example;lr>",
  "Record-Route: <sip:rr.example;lr>",
  "Route: <sip:p2.example>",
  "Path: nonsense",
]);

Deno.test("parseRoutes() gives the hops of all lines in order", () => {
  const routes = parseRoutes(MESSAGE, "route");
  deepEqual(routes.ok && routes.value.map((route) => route.uri.text), [
    "sip:siproxd@10.0.0.1;lr",
    "sip:p1.example;lr",
    "sip:p2.example",
  ]);
  deepEqual(parseRoutes(MESSAGE, "service-route"), { ok: true, value: [] });
});

Deno.test("topmostRoute() gives the first hop alone", () => {
  const route = topmostRoute(MESSAGE, "route");
  equal(route.ok && route.value?.uri.text, "sip:siproxd@10.0.0.1;lr");
  deepEqual(topmostRoute(MESSAGE, "service-route"), { ok: true, value: undefined });
});

Deno.test("parseRoutes() and topmostRoute() name the header that is malformed", () => {
  const error = 'Cannot parse path: Cannot parse URI "nonsense": no scheme';
  deepEqual(parseRoutes(MESSAGE, "path"), { ok: false, error });
  deepEqual(topmostRoute(MESSAGE, "path"), { ok: false, error });
});

Deno.test("isLooseRoute() looks for lr in any spelling", () => {
  const rows: readonly (readonly [string, boolean])[] = [
    ["sip:h;lr", true],
    ["sip:h;LR=on", true],
    ["sip:h;%6C%72", true],
    ["sip:lr@h", false],
    ["sip:h;lrx", false],
    ["tel:1;lr", false],
  ];
  for (const [text, expected] of rows) {
    const uri = parseUri(text);
    equal(uri.ok && isLooseRoute(uri.value), expected, text);
  }
});
