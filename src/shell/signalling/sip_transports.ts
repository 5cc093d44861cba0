import type { ListenPoint } from "../../proxy/input.ts";
import type { Hop } from "../../proxy/hop.ts";
import type { ListenAddress, StartReason } from "../protocol.ts";
import type { TcpTransport } from "../transport/tcp_transport.ts";
import type { UdpTransport } from "../transport/udp_transport.ts";

/** Both transports on the same addresses and port, as one. */
export class SipTransports {
  readonly #udp: UdpTransport;
  readonly #tcp: TcpTransport;

  constructor(udp: UdpTransport, tcp: TcpTransport) {
    this.#udp = udp;
    this.#tcp = tcp;
  }

  /** Own sockets that messages arrive on; each has its twin for TCP. */
  get listenPoints(): readonly ListenPoint[] {
    return this.#udp.listenPoints;
  }

  /** Serves exactly these addresses; see both transports' `listen`. */
  listen(wanted: readonly ListenAddress[], reason: StartReason): string | undefined {
    const udpFailure = this.#udp.listen(wanted, reason);
    const tcpFailure = this.#tcp.listen(wanted, reason);
    return udpFailure ?? tcpFailure;
  }

  /** Opens what is wanted and not open. */
  reopen(reason: StartReason): string | undefined {
    const udpFailure = this.#udp.reopen(reason);
    const tcpFailure = this.#tcp.reopen(reason);
    return udpFailure ?? tcpFailure;
  }

  /**
   * Serves the same addresses on another port; if one transport cannot, both stay where they are.
   *
   * @param port where
   * @returns one line why the port cannot be had, or undefined
   */
  moveTo(port: number): string | undefined {
    const udp = this.#udp.prepareMove(port);
    if (typeof udp === "string") return udp;
    const tcp = this.#tcp.prepareMove(port);
    if (typeof tcp === "string") {
      udp.abort();
      return tcp;
    }
    udp.commit();
    tcp.commit();
    return undefined;
  }

  /** Sends without waiting. */
  send(data: Uint8Array, hop: Hop): void {
    if (hop.transport === "udp") this.#udp.send(data, hop);
    else this.#tcp.send(data, hop);
  }

  /** Closes all sockets for good. */
  close(): void {
    this.#udp.close();
    this.#tcp.close();
  }
}
