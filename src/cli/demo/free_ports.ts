/** Tries before the demo says that the machine has no free ports. */
const MAX_TRIES = 50;

/** Where searched ports lie: above well-known services, below the system's own ephemeral range. */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;

/**
 * Finds neighbouring UDP ports that are free on all addresses.
 *
 * @param hostnames addresses to try them on
 * @param count how many in a row; the first one is even
 * @returns the first port, or undefined when there are none
 */
export function findFreePorts(hostnames: readonly string[], count: number): number | undefined {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const span = HIGHEST_PORT - LOWEST_PORT - count;
    const first = LOWEST_PORT + 2 * Math.floor(Math.random() * span / 2);
    if (hostnames.every((hostname) => areFree(hostname, { first, count }))) return first;
  }
  return undefined;
}

function areFree(
  hostname: string,
  ports: { readonly first: number; readonly count: number },
): boolean {
  const open: Deno.DatagramConn[] = [];
  try {
    for (let port = ports.first; port < ports.first + ports.count; port++) {
      open.push(Deno.listenDatagram({ transport: "udp", hostname, port }));
    }
    return true;
  } catch {
    return false;
  } finally {
    for (const socket of open) socket.close();
  }
}
