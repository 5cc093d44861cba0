import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import type { Place } from "../../src/cli/demo/demo_party.ts";

/** Addresses of the daemon that a test runs as a process. */
export const PROCESS_LAN = "127.12.0.1";
export const PROCESS_WAN = "127.22.0.1";

/** Media ports of a test's daemon: one call and room to spare. */
const MEDIA_PORTS = 20;

/** A folder and free ports for a daemon that runs as a process. */
export interface ProcessPlace {
  readonly folder: string;
  readonly lan: Place;
  readonly wan: Place;
  /** Lines of siproxd.conf that put it there. */
  readonly lines: readonly string[];
  /** Writes siproxd.conf with further lines, and gives its path. */
  readonly configure: (further?: readonly string[]) => string;
  /** Removes the folder. */
  readonly remove: () => void;
}

/** Finds a place; the folder may be entered by every user. */
export function findProcessPlace(): ProcessPlace {
  const folder = Deno.makeTempDirSync({ prefix: "siproxd-test-" });
  Deno.chmodSync(folder, 0o777);
  const port = findFreePorts([PROCESS_LAN, PROCESS_WAN, "127.0.0.1"], 1) ?? 0;
  const mediaPort = findFreePorts([PROCESS_LAN, PROCESS_WAN], MEDIA_PORTS) ?? 0;
  const lines = [
    `if_inbound = ${PROCESS_LAN}`,
    `if_outbound = ${PROCESS_WAN}`,
    `sip_listen_port = ${port}`,
    `rtp_port_low = ${mediaPort}`,
    `rtp_port_high = ${mediaPort + MEDIA_PORTS - 1}`,
  ];
  const path = `${folder}/siproxd.conf`;
  return {
    folder,
    lan: { hostname: PROCESS_LAN, port },
    wan: { hostname: PROCESS_WAN, port },
    lines,
    configure: (further = []) => {
      Deno.writeTextFileSync(path, [...lines, ...further, ""].join("\n"));
      return path;
    },
    remove: () => Deno.removeSync(folder, { recursive: true }),
  };
}

/** Waits until a process is gone; throws when it stays. */
export async function awaitEnd(pid: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    try {
      const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
      // Nobody waits for the child of a process that ended: an init that does not reap leaves a zombie.
      if (stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z")) return;
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`process ${pid} does not end`);
}
