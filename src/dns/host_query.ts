/**
 * Finding SIP servers (RFC 3263) as pure decisions: cache, SRV order, back-off. It sends no query and never waits.
 * The proxy's next-hop stage asks the cache, the shell's resolver fills it.
 *
 * @module
 */
import type { SocketAddress, Transport } from "../base/socket_address.ts";

/** A host to be reached, as a URI, a Route or a setting names it. */
export interface HostQuery {
  /** Name or literal, as written. */
  readonly host: string;
  /** Explicit port; with one there is no SRV look-up (RFC 3263 §4.2). */
  readonly port: number | undefined;
  /** Explicit transport; undefined leaves the choice to NAPTR and SRV, then to the arrival transport. */
  readonly transport: Transport | undefined;
  /** `address` asks for plain A/AAAA (use_srv = 0, Via sent-by, own names). */
  readonly method: "locate" | "address";
  /** What SRV records are asked for; SIP when left out. */
  readonly service?: "sip" | "stun";
}

/** One place a request can be sent to. */
export interface RouteTarget {
  readonly peer: SocketAddress;
  readonly transport: Transport | undefined;
}

/** What the cache knows: targets in the order to try, a remembered failure, or nothing yet. */
export type HostAnswer =
  | { readonly kind: "targets"; readonly targets: readonly [RouteTarget, ...RouteTarget[]] }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "unknown" };
