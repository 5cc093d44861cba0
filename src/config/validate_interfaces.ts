import { ipFamily, parseIpAddress } from "../base/ip_address.ts";
import { addressScope } from "../base/ip_network.ts";
import { type Examination, issueAt } from "./examination.ts";
import type { Issue } from "./issues.ts";

/**
 * Finds IPv6 addresses that no side can have.
 *
 * @param examination the configuration with its positions
 * @returns an error for each
 */
export function validateInterfaces(examination: Examination): readonly Issue[] {
  const { inbound, outbound, ipv6 } = examination.config.interfaces;
  const issues: Issue[] = [];
  for (const [key, setting] of [["if_inbound", inbound], ["if_outbound", outbound]] as const) {
    for (const text of (setting ?? "").split(",")) {
      const address = parseIpAddress(text);
      if (address === undefined || ipFamily(address) === 4) continue;
      const why = addressScope(address) === "link-local"
        ? "a link-local address needs a zone, which no SIP URI can name"
        : ipv6 === "off"
        ? "ipv6 = off"
        : undefined;
      if (why === undefined) continue;
      const message = `Cannot use address "${address}": ${why}`;
      issues.push(issueAt(examination, { severity: "error", key, message }));
    }
  }
  return issues;
}
