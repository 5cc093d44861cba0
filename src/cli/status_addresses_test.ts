import { strictEqual } from "node:assert/strict";
import { statusReport } from "../shell/operator/status_report.ts";
import { daemonFigures } from "../../tests/support/daemon_figures.ts";
import { addressLine } from "./status_addresses.ts";

const LINES: readonly (readonly [readonly string[], readonly string[], string | null, string])[] = [
  [["10.0.0.1"], ["203.0.113.1"], "203.0.113.1", "inside 10.0.0.1; outside 203.0.113.1"],
  [
    ["10.0.0.1", "fd00::1"],
    ["203.0.113.1", "2001:db8::1"],
    "203.0.113.1",
    "inside 10.0.0.1, fd00::1; outside 203.0.113.1, 2001:db8::1",
  ],
  [["10.0.0.1"], [], "198.51.100.1", "inside 10.0.0.1; outside down, shown as 198.51.100.1"],
  [[], [], null, "inside down; outside down"],
];

for (const [inbound, outbound, shown, text] of LINES) {
  Deno.test(`addressLine() says ${text}`, () => {
    const report = statusReport(daemonFigures());
    const addresses = { inbound, outbound, shown };
    strictEqual(addressLine({ ...report, addresses }), `Addresses: ${text}`);
  });
}
