import type { IpAddress } from "../../base/ip_address.ts";
import type { PortPool } from "../../rtp/port_choice.ts";

/** Ports tried before a refill gives up for the moment: others may use some of the range, but hardly so many. */
const MAX_BIND_ATTEMPTS = 32;

/** Two sockets on neighbouring ports. */
export interface SocketPair {
  readonly rtpPort: number;
  readonly rtp: Deno.DatagramConn;
  readonly rtcp: Deno.DatagramConn;
}

/**
 * Binds a pair of ports that a pool chooses; ports that somebody else holds go back to the pool's end.
 *
 * @param address own address to bind to, never the wildcard: a NAT on this machine would collide with it
 * @param pool free ports of that address
 * @returns the sockets, or undefined when no port of the pool can be bound
 */
export function bindPair(address: IpAddress, pool: PortPool): SocketPair | undefined {
  const refused: number[] = [];
  let bound: SocketPair | undefined;
  for (let attempt = 0; attempt < MAX_BIND_ATTEMPTS && bound === undefined; attempt++) {
    const rtpPort = pool.take();
    if (rtpPort === undefined) break;
    bound = tryBind(address, rtpPort);
    if (bound === undefined) refused.push(rtpPort);
  }
  for (const port of refused) pool.putBack(port);
  return bound;
}

function tryBind(hostname: string, rtpPort: number): SocketPair | undefined {
  let rtp: Deno.DatagramConn | undefined;
  try {
    rtp = Deno.listenDatagram({ transport: "udp", hostname, port: rtpPort });
    const rtcp = Deno.listenDatagram({ transport: "udp", hostname, port: rtpPort + 1 });
    return { rtpPort, rtp, rtcp };
  } catch {
    rtp?.close();
    return undefined;
  }
}
