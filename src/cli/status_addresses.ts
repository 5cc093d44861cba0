import type { StatusReport } from "../shell/operator/status_report.ts";

/**
 * Writes where the daemon is reached from each side, by one family or both.
 *
 * @param report what the daemon answered
 * @returns one line
 */
export function addressLine({ addresses }: StatusReport): string {
  const { inbound, outbound, shown } = addresses;
  const text = (list: readonly string[]): string => list.length === 0 ? "down" : list.join(", ");
  const other = shown === null || outbound.includes(shown) ? "" : `, shown as ${shown}`;
  return `Addresses: inside ${text(inbound)}; outside ${text(outbound)}${other}`;
}
