import { hostText, type IpAddress, ipFamily } from "../../base/ip_address.ts";
import type { SocketAddress } from "../../base/socket_address.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { ListenPoint } from "../../proxy/input.ts";
import type { Hop } from "../../proxy/hop.ts";
import { PeerCache } from "./peer_cache.ts";
import type { PortMove } from "../media/port_move.ts";
import type { ListenAddress, StartReason } from "../protocol.ts";

/** The largest UDP datagram fits: a longer buffer is never filled, a shorter one cuts in silence. */
const RECEIVE_BUFFER_BYTES = 65_536;

/** Receive errors in a row after which a socket is opened anew: ICMP errors come singly, a dead socket fails for ever. */
const MAX_RECEIVE_ERRORS = 32;

/** What the transport's owner wants to hear. */
export interface UdpEvents {
  /** The bytes are only valid during the call: the buffer is used again. */
  readonly onDatagram: (
    data: Uint8Array,
    arrival: { readonly source: SocketAddress; readonly listenPoint: ListenPoint },
  ) => void;
  readonly onSendFailed: (reason: string, peer: SocketAddress) => void;
  /** A socket was opened: what an older one could not reach it may. */
  readonly onOpen: () => void;
  readonly onLog: (event: LogEvent) => void;
}

/** How sockets are opened; tests give a failing one. */
export type OpenDatagram = (
  options: Deno.UdpListenOptions & { transport: "udp" },
) => Deno.DatagramConn;

/** Fixed data of a transport. */
export interface UdpOptions {
  readonly port: number;
  readonly openDatagram?: OpenDatagram;
}

interface OpenSocket {
  readonly connection: Deno.DatagramConn;
  readonly listen: ListenAddress;
  readonly listenPoint: ListenPoint;
  isOpen: boolean;
}

/** An address that is not there comes back some day; a port that is taken is somebody's mistake. */
type OpenOutcome =
  | { readonly kind: "open"; readonly socket: OpenSocket }
  | { readonly kind: "absent" | "taken"; readonly text: string };

/**
 * The SIP sockets: one a listening address, all on one port, and messages leave from the socket of their side
 * and of their peer's family.
 *
 * An address that is not there yet, or a socket that failed, is tried again by {@linkcode UdpTransport.reopen}.
 */
export class UdpTransport {
  #port: number;
  readonly #events: UdpEvents;
  readonly #openDatagram: OpenDatagram;
  readonly #peers = new PeerCache();
  #wanted: readonly ListenAddress[] = [];
  #sockets: readonly OpenSocket[] = [];
  #listenPoints: readonly ListenPoint[] = [];
  /** Sockets by side, or `loopback`, and family. */
  #byPlace: ReadonlyMap<string, OpenSocket> = new Map();
  readonly #complained = new Set<IpAddress>();

  constructor(options: UdpOptions, events: UdpEvents) {
    this.#port = options.port;
    this.#events = events;
    this.#openDatagram = options.openDatagram ?? Deno.listenDatagram;
  }

  /** Sockets that are open. */
  get listenPoints(): readonly ListenPoint[] {
    return this.#listenPoints;
  }

  /**
   * Serves exactly these addresses from now on: closes sockets of others, opens what is missing.
   *
   * @param wanted distinct addresses
   * @param reason decides whether a port that is taken may be ours, left by a hung isolate
   * @returns one line about the first needed address whose port is taken by somebody else, or undefined
   */
  listen(wanted: readonly ListenAddress[], reason: StartReason): string | undefined {
    this.#wanted = wanted;
    const kept: OpenSocket[] = [];
    for (const socket of this.#sockets) {
      if (socket.isOpen && wanted.some((address) => sameListen(address, socket.listen))) {
        kept.push(socket);
        continue;
      }
      this.#close(socket);
    }
    this.#sockets = kept;
    return this.reopen(reason);
  }

  /** Opens what is wanted and not open. Call it from a slow timer. */
  reopen(reason: StartReason): string | undefined {
    let failure: string | undefined;
    const open = this.#sockets.filter((socket) => socket.isOpen);
    for (const listen of this.#wanted) {
      if (open.some((socket) => sameListen(socket.listen, listen))) continue;
      const opened = this.#open(listen, reason);
      if (opened.kind === "open") {
        open.push(opened.socket);
        continue;
      }
      const isFailure = opened.kind === "taken" && listen.role !== "loopback" &&
        listen.need !== "optional";
      if (isFailure) failure ??= opened.text;
      if (!isFailure || reason !== "first") this.#complain(listen.address, opened.text);
    }
    this.#sockets = open;
    this.#index();
    return failure;
  }

  /**
   * Opens the same addresses on another port.
   *
   * @param port where
   * @returns a move that is to be committed or aborted at once, or one line why the port cannot be had
   */
  prepareMove(port: number): PortMove | string {
    const old = { port: this.#port, sockets: this.#sockets };
    this.#port = port;
    this.#sockets = [];
    const failure = this.reopen("first");
    const abort = (): void => {
      for (const socket of this.#sockets) this.#close(socket);
      this.#port = old.port;
      this.#sockets = old.sockets;
      this.#index();
    };
    if (failure !== undefined) {
      abort();
      return failure;
    }
    return { commit: () => old.sockets.forEach((socket) => this.#close(socket)), abort };
  }

  /** Sends without waiting; a failure is counted, it never throws. */
  send(data: Uint8Array, hop: Hop): void {
    const socket = this.#socketFor(hop);
    if (socket === undefined) {
      this.#events.onSendFailed("no-socket", hop.peer);
      return;
    }
    const destination = this.#peers.destination(hop.peer);
    socket.connection.send(data, destination).catch((error: unknown) => {
      this.#events.onSendFailed(errorCode(error), hop.peer);
    });
  }

  /** Closes all sockets for good. */
  close(): void {
    this.#wanted = [];
    for (const socket of this.#sockets) this.#close(socket);
    this.#sockets = [];
    this.#index();
  }

  #socketFor(hop: Hop): OpenSocket | undefined {
    const { address } = hop.peer;
    const family = ipFamily(address);
    const socket = this.#byPlace.get(`${hop.side}${family}`);
    if (isLoopback(address) && (socket === undefined || !isLoopback(socket.listen.address))) {
      return this.#byPlace.get(`loopback${family}`) ?? socket;
    }
    return socket;
  }

  #open(listen: ListenAddress, reason: StartReason): OpenOutcome {
    const place = `${hostText(listen.address)}:${this.#port}`;
    try {
      const connection = this.#bind(listen.address, reason);
      const side = listen.role === "wan" ? "wan" : "lan";
      const local = Object.freeze({ address: listen.address, port: this.#port });
      const listenPoint: ListenPoint = Object.freeze({ side, transport: "udp" as const, local });
      const socket: OpenSocket = { connection, listen, listenPoint, isOpen: true };
      this.#complained.delete(listen.address);
      this.#events.onOpen();
      this.#log("info", `Listening on ${place}/udp (${listen.role})`);
      this.#receive(socket);
      return { kind: "open", socket };
    } catch (error) {
      const text = `Cannot listen on ${place}/udp: ${errorText(error)}`;
      return { kind: error instanceof Deno.errors.AddrNotAvailable ? "absent" : "taken", text };
    }
  }

  /** An address that stays away is told once. */
  #complain(address: IpAddress, text: string): void {
    if (!this.#complained.has(address)) this.#log("warning", text);
    this.#complained.add(address);
  }

  /**
   * Binds with SO_REUSEADDR, because Deno cannot stop a hung isolate and that one keeps its sockets for ever: the
   * newest socket of an address gets all datagrams, so a replacement takes the service over. A port that somebody
   * else holds is found by binding without it first.
   */
  #bind(hostname: IpAddress, reason: StartReason): Deno.DatagramConn {
    const options = { transport: "udp" as const, hostname, port: this.#port };
    if (reason !== "after-hang") this.#openDatagram(options).close();
    return this.#openDatagram({ ...options, reuseAddress: true });
  }

  async #receive(socket: OpenSocket): Promise<void> {
    const buffer = new Uint8Array(RECEIVE_BUFFER_BYTES);
    let errors = 0;
    while (socket.isOpen && errors < MAX_RECEIVE_ERRORS) {
      try {
        const [data, from] = await socket.connection.receive(buffer);
        errors = 0;
        this.#deliver(socket, { data, from });
      } catch (error) {
        errors++;
        if (socket.isOpen) this.#receiveFailed(socket, error);
      }
    }
    this.#close(socket);
  }

  #deliver(socket: OpenSocket, datagram: { data: Uint8Array; from: Deno.Addr }): void {
    const { data, from } = datagram;
    if (from.transport !== "udp" && from.transport !== "tcp") return;
    const source = this.#peers.source(from);
    if (source === undefined) return;
    this.#events.onDatagram(data, { source, listenPoint: socket.listenPoint });
  }

  #receiveFailed(socket: OpenSocket, error: unknown): void {
    const place = socket.listen.address;
    const text = `Cannot receive on ${place}/udp: ${errorText(error)}`;
    this.#events.onLog({
      level: "debug",
      component: "udp",
      event: "udp.receive",
      text,
      debugClass: "NET",
    });
  }

  #close(socket: OpenSocket): void {
    if (!socket.isOpen) return;
    socket.isOpen = false;
    socket.connection.close();
  }

  #index(): void {
    const byPlace = new Map<string, OpenSocket>();
    for (const socket of this.#sockets) {
      const { role, address } = socket.listen;
      const places = role === "both" ? ["lan", "wan"] : [role];
      for (const place of places) byPlace.set(`${place}${ipFamily(address)}`, socket);
    }
    this.#byPlace = byPlace;
    this.#listenPoints = this.#sockets.map((socket) => socket.listenPoint);
  }

  #log(level: "info" | "warning", text: string): void {
    this.#events.onLog({
      level,
      component: "udp",
      event: `udp.${level === "info" ? "listening" : "unavailable"}`,
      text,
    });
  }
}

function isLoopback(address: IpAddress): boolean {
  return address.startsWith("127.") || address === "::1";
}

function sameListen(left: ListenAddress, right: ListenAddress): boolean {
  return left.address === right.address && left.role === right.role;
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One of our own words for a counter: never text from outside. */
function errorCode(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return "permission";
  if (error instanceof Deno.errors.ConnectionRefused) return "refused";
  if (error instanceof Deno.errors.NetworkUnreachable) return "unreachable";
  return "send-error";
}
