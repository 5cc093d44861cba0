import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { loadConfig } from "../../config/load.ts";
import { statusPlaces, statusPlaceText } from "./status_places.ts";

const DEFAULTS = ["/run/siproxd/status.sock", "/var/lib/siproxd/siproxd.sock"];

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ["nothing said", "", DEFAULTS],
  ["a registration file", "registration_file = /data/regs", ["/data/siproxd.sock", ...DEFAULTS]],
  ["the default folder", "registration_file = /var/lib/siproxd/x", [
    "/var/lib/siproxd/siproxd.sock",
    "/run/siproxd/status.sock",
  ]],
  ["a jail", "registration_file = /data/regs\nchrootjail = /no/jail", [
    "/data/siproxd.sock",
    "/no/jail/data/siproxd.sock",
    ...DEFAULTS,
  ]],
  ["a path", "status_socket = /x/y", ["/x/y"]],
  ["a port", "status_socket = [::1]:9161", ["[::1]:9161"]],
  ["an IPv4 port", "status_socket = 127.0.0.1:9161", ["127.0.0.1:9161"]],
  ["none", "status_socket = none", []],
];

for (const [what, text, expected] of cases) {
  Deno.test(`statusPlaces() with ${what}`, () => {
    const config = loadConfig({ text, fileName: "f" }).loaded?.config;
    if (config === undefined) throw new Error("the test's configuration is refused");
    deepStrictEqual(statusPlaces(config).map(statusPlaceText), expected);
  });
}

Deno.test("statusPlaceText() says nowhere for none", () => {
  strictEqual(statusPlaceText({ kind: "none" }), "nowhere");
});
