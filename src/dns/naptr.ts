import type { Transport } from "../base/socket_address.ts";
import type { NaptrRecord } from "./dns_record.ts";
import { canonicalHost } from "./host_name.ts";

/** A domain name to ask SRV records of, and the transport that they are for. */
export interface SrvChoice {
  readonly name: string;
  readonly transport: Transport;
}

/** NAPTR records of one name looked at: real domains have three. */
const MAX_NAPTR_RECORDS = 16;

/**
 * Picks what NAPTR records say about the transports we speak, in their order (RFC 3263 §4.1).
 *
 * `SIPS+D2T` is passed over: a request to a `sip:` URI may take plain UDP or TCP, and TLS is none of ours. A record
 * whose flag is not `s` leads to something else than SRV, which RFC 3263 does not use.
 *
 * @param records as the name server gave them
 * @returns SRV names to ask, best first
 */
export function naptrChoices(records: readonly NaptrRecord[]): SrvChoice[] {
  const sorted = records.slice(0, MAX_NAPTR_RECORDS).sort((left, right) =>
    left.order - right.order || left.preference - right.preference
  );
  return sorted.flatMap((record) => {
    const transport = serviceTransport(record.services);
    const name = canonicalHost(record.replacement);
    const usable = transport !== undefined && name !== undefined;
    return usable && record.flags.toLowerCase() === "s" ? [{ name, transport }] : [];
  });
}

function serviceTransport(services: string): Transport | undefined {
  switch (services.toUpperCase()) {
    case "SIP+D2U":
      return "udp";
    case "SIP+D2T":
      return "tcp";
    default:
      return undefined;
  }
}
