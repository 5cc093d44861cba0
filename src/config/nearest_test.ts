import { strictEqual } from "node:assert/strict";
import { nearest } from "./nearest.ts";

const words = ["if_inbound", "if_outbound", "rtp_port_low", "rtp_port_high", "user", "plugindir"];

const cases: readonly (readonly [string, string | undefined])[] = [
  ["if_inbound", "if_inbound"],
  ["if_inbund", "if_inbound"],
  ["if_inboundd", "if_inbound"],
  ["if_inobund", "if_inbound"],
  ["xif_inboundx", "if_inbound"],
  ["IF-OUTBOUND", "if_outbound"],
  ["rtp_port_hgih", "rtp_port_high"],
  ["plugin_dir", "plugindir"],
  ["usr", "user"],
  ["something_else_entirely", undefined],
  ["", undefined],
  ["u", undefined],
  ["x".repeat(65), undefined],
];

for (const [written, expected] of cases) {
  Deno.test(`nearest() finds ${expected ?? "nothing"} for "${written.slice(0, 20)}"`, () => {
    strictEqual(nearest(written, words), expected);
  });
}

Deno.test("nearest() takes the first of equally near words", () => {
  strictEqual(nearest("cat", ["bat", "car", "cat_"]), "bat");
});

Deno.test("nearest() has no answer without candidates", () => {
  strictEqual(nearest("user", []), undefined);
});
