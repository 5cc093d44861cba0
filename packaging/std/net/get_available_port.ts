/**
 * A TCP port that nobody listens on.
 *
 * @module
 */

/** Options for {@linkcode getAvailablePort}. */
export interface GetAvailablePortOptions {
  /** Taken if it is free, before any other port. */
  preferredPort?: number;
}

/**
 * Finds a free TCP port by listening on it for a moment; another program may take it afterwards.
 *
 * @example Use
 * ```ts
 * import { getAvailablePort } from "@std/net/get-available-port";
 * import { ok } from "node:assert/strict";
 * ok(getAvailablePort({ preferredPort: 8080 }) > 0);
 * ```
 */
export function getAvailablePort(options?: GetAvailablePortOptions): number {
  if (options?.preferredPort) {
    try {
      return portOf(options.preferredPort);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  return portOf(0);
}

function portOf(port: number): number {
  using listener = Deno.listen({ port });
  return listener.addr.port;
}
