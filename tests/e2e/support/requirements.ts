/** What the end-to-end tests need from the machine, said before anything is started. */

import { makePresentBinary } from "../../support/present_binary.ts";
import { runCommand } from "./command.ts";

/** Program → Debian package. */
const PROGRAMS: Readonly<Record<string, string>> = {
  ip: "iproute2",
  sipp: "sip-tester",
  baresip: "baresip",
  kamailio: "kamailio",
  tshark: "tshark",
  tcpdump: "tcpdump",
  socat: "socat",
  turnserver: "coturn",
  nft: "nftables",
  dnsmasq: "dnsmasq-base",
  rtpengine: "rtpengine-daemon",
};

/** Compiles the daemon if need be; one line for everything that is missing, undefined when nothing is. */
export async function missingRequirements(): Promise<string | undefined> {
  if (Deno.uid() !== 0) return "Cannot run the end-to-end tests: network namespaces need root";
  const packages: string[] = [];
  for (const [program, name] of Object.entries(PROGRAMS)) {
    const found = await runCommand("sh", ["-c", `command -v ${program}`]);
    if (found.code !== 0) packages.push(name);
  }
  if (packages.length === 0) return await makePresentBinary();
  return `Cannot run the end-to-end tests: install ${packages.join(" ")}`;
}
