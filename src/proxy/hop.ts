import type { Side, SocketAddress, Transport } from "../base/socket_address.ts";

/** Where a message leaves: the own side, the transport and the numeric peer. */
export interface Hop {
  readonly side: Side;
  readonly transport: Transport;
  readonly peer: SocketAddress;
  /** The stream connection to use when it is still open. */
  readonly connectionId: number | undefined;
}
