/** dnsmasq as the Internet's name server. */

import { type ManagedProcess, startProcess } from "./process.ts";

/** What it knows: addresses by name, and no other name. */
export interface NameServerOptions {
  /** Absent: the caller's own. */
  readonly namespace?: string;
  readonly address: string;
  readonly names: Readonly<Record<string, string>>;
  /** `addresses` leaves the SRV records out. */
  readonly records?: "all" | "addresses";
}

/** Starts the name server; a name with an address is found by SRV (`_sip._udp`) too. */
export async function startNameServer(options: NameServerOptions): Promise<ManagedProcess> {
  const records = Object.entries(options.names).flatMap(([name, address]) => [
    `--host-record=${name},${address}`,
    ...(options.records === "addresses" ? [] : [`--srv-host=_sip._udp.${name},${name},5060`]),
  ]);
  const process = startProcess({
    name: "dnsmasq",
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    command: "dnsmasq",
    args: [
      ...["--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root"],
      ...["--no-resolv", "--no-hosts", "--local=/#/", "--log-facility=-", "--log-queries"],
      ...["--bind-interfaces", "--except-interface=lo", `--listen-address=${options.address}`],
      ...records,
    ],
  });
  await process.waitForLog(/started, version/, 10_000);
  return process;
}
