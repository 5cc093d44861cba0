import type { Side, SocketAddress, Transport } from "../base/socket_address.ts";

/** One own socket that SIP arrives on and leaves from. */
export interface ListenPoint {
  /** The network it belongs to; loopback sockets count as the phones' side (a PBX on the same host). */
  readonly side: Side;
  readonly transport: Transport;
  /** Bound address and port. */
  readonly local: SocketAddress;
}

/** One SIP message as it came from a socket. */
export interface ProxyInput {
  /** The datagram, or one framed message of a stream. */
  readonly data: Uint8Array;
  readonly source: SocketAddress;
  readonly listenPoint: ListenPoint;
  /** The stream connection it came by; undefined for UDP. */
  readonly connectionId: number | undefined;
}
