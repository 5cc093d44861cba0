import { parseIpAddress } from "../../base/ip_address.ts";
import { type Side, type SocketAddress, socketAddressText } from "../../base/socket_address.ts";
import type { TcpConfig } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { StreamReach } from "../../proxy/env.ts";
import type { ListenPoint, ProxyInput } from "../../proxy/input.ts";
import type { Hop } from "../../proxy/hop.ts";
import type { PortMove } from "../media/port_move.ts";
import type { ListenAddress, StartReason } from "../protocol.ts";
import { type CloseReason, TcpConnection, type TcpStream } from "./tcp_connection.ts";
import { type Connect, type DialFailure, TcpDialer } from "./tcp_dialer.ts";
import { type OpenListener, TcpListeners } from "./tcp_listeners.ts";
import { TCP_LIMITS, type TcpLimits, TcpTable } from "./tcp_table.ts";
import type { Parcel } from "./tcp_write_queue.ts";
import { WriteBudget } from "./write_budget.ts";

/** Messages that wait for one dial: a burst of a PBX within `tcp_connect_timeout`. */
const MAX_WAITING_PARCELS = 64;

/** Ends that say something about the peer; the others are everyday life. */
const MISBEHAVIOUR: ReadonlySet<CloseReason> = new Set<CloseReason>([
  "partial-message",
  "slow-reader",
  "not-sip",
  "framing",
  "evicted",
]);

/** What the transport's owner wants to hear. */
export interface TcpEvents {
  readonly onMessage: (input: ProxyInput) => void;
  /** A message that will not arrive; always told after the call that sent it has returned. */
  readonly onUndelivered: (parcel: Parcel, reason: DialFailure) => void;
  /** A connection was refused or closed for what its peer did. */
  readonly onClosed: (reason: CloseReason | "table-full" | "source-full") => void;
  readonly onLog: (event: LogEvent) => void;
}

/** What depends on who a peer is. */
export interface TcpManners {
  /** Whether its keep-alives are answered and own ones sent. */
  readonly answersPings: (peer: SocketAddress, listenPoint: ListenPoint) => boolean;
  /** How long it should not be read now, in milliseconds. */
  readonly restMs: (peer: SocketAddress, listenPoint: ListenPoint) => number;
}

/** Fixed data of a transport. */
export interface TcpOptions {
  readonly port: number;
  readonly config: TcpConfig;
  readonly now: () => number;
  /** Tells, as things are now, which peers live registrations are reached at or were taken by. */
  readonly keptPeers: () => (peer: SocketAddress) => boolean;
  /** How peers are treated; by default everybody is answered and read at once. */
  readonly manners?: TcpManners;
  readonly limits?: TcpLimits;
  readonly connect?: Connect;
  readonly openListener?: OpenListener;
}

interface Dial {
  readonly parcels: Parcel[];
  readonly done: Promise<void>;
}

/**
 * SIP over TCP (RFC 3261 §18): accepted and dialled connections in one bounded table. Nothing here waits for a peer:
 * what is sent to one that is being dialled queues, what cannot be delivered is reported.
 */
export class TcpTransport {
  readonly #options: TcpOptions;
  readonly #events: TcpEvents;
  readonly #listeners: TcpListeners;
  readonly #dialer: TcpDialer;
  readonly #table: TcpTable;
  readonly #budget = new WriteBudget();
  readonly #dials = new Map<string, Dial>();
  #lastId = 0;
  #config: TcpConfig;
  #isClosed = false;

  constructor(options: TcpOptions, events: TcpEvents) {
    this.#options = options;
    this.#config = options.config;
    this.#events = events;
    this.#table = new TcpTable(options.limits ?? TCP_LIMITS);
    this.#listeners = new TcpListeners({
      port: options.port,
      openListener: options.openListener ?? Deno.listen,
      onAccepted: (stream, listenPoint) => this.#accepted(stream, listenPoint),
      onLog: events.onLog,
    });
    this.#dialer = new TcpDialer({
      timeoutMs: options.config.connectTimeoutMs,
      now: options.now,
      connect: options.connect ?? Deno.connect,
    });
  }

  /** Number of open connections. */
  get connections(): number {
    return this.#table.size;
  }

  /** Serves exactly these addresses from now on; connections at an address that is gone are closed. */
  listen(wanted: readonly ListenAddress[], reason: StartReason): string | undefined {
    const gone = this.#listeners.follow(wanted);
    for (const connection of gone.length === 0 ? [] : this.#table.all()) {
      const { localAddress } = connection;
      if (localAddress !== undefined && gone.includes(localAddress)) {
        connection.close("address-gone");
      }
    }
    return this.#listeners.open(reason);
  }

  /** Opens what is wanted and not open. Call it from a slow timer. */
  reopen(reason: StartReason): string | undefined {
    return this.#listeners.open(reason);
  }

  /** Obeys other times from now on. */
  retune(config: TcpConfig): void {
    this.#config = config;
    this.#dialer.retime(config.connectTimeoutMs);
  }

  /** Listens on another port; connections stay. See {@linkcode TcpListeners.prepareMove}. */
  prepareMove(port: number): PortMove | string {
    return this.#listeners.prepareMove(port);
  }

  /** The connection to a peer, if one is open. */
  connectionTo(peer: SocketAddress): number | undefined {
    const connection = this.#table.size === 0 ? undefined : this.#table.to(peer);
    return connection?.isOpen === true ? connection.id : undefined;
  }

  /** Whether a server takes streams, as far as anybody knows. */
  reach(peer: SocketAddress): StreamReach {
    if (this.connectionTo(peer) !== undefined) return "open";
    return this.#dialer.hasRefused(peer) ? "refused" : "unknown";
  }

  /** Finds out whether an outbound server takes streams; ends within `tcp_connect_timeout`. */
  async probe(peer: SocketAddress): Promise<void> {
    await this.#dial(peer, "wan").done;
    const text = this.reach(peer) === "open"
      ? `Large requests to ${socketAddressText(peer)} go by TCP (RFC 3261 section 18.1.1)`
      : `Cannot connect to ${
        socketAddressText(peer)
      }/tcp: large requests go by UDP and may be lost`;
    const event = "tcp.large_requests";
    this.#events.onLog({ level: "info", component: "tcp", event, text });
  }

  /** Sends on the hop's connection, else on one to its peer, else on a new one; it never waits and never throws. */
  send(data: Uint8Array, hop: Hop): void {
    const parcel = { data, hop };
    const { connectionId, peer } = hop;
    const named = connectionId === undefined ? undefined : this.#table.get(connectionId);
    const connection = named ?? this.#table.to(peer);
    if (connection !== undefined) {
      if (connection.send(parcel) === "refused") this.#undelivered(parcel, "refused");
      return;
    }
    const { parcels } = this.#dial(peer, hop.side);
    if (parcels.length >= MAX_WAITING_PARCELS) this.#undelivered(parcel, "refused");
    else parcels.push(parcel);
  }

  /** Ends what is over and keeps alive what is not. Call it once a second. */
  sweep(): void {
    const { timeoutSeconds, keepaliveSeconds } = this.#config;
    const idleSinceMs = this.#options.now() - timeoutSeconds * 1000;
    let isKept: ((peer: SocketAddress) => boolean) | undefined;
    for (const connection of this.#table.all()) {
      const overdue = connection.overdue();
      if (overdue !== undefined) {
        connection.close(overdue);
        continue;
      }
      if (connection.lastMessageMs <= idleSinceMs) {
        isKept ??= this.#options.keptPeers();
        if (isKept(connection.peer)) connection.excuseIdle();
        else connection.close("idle");
      }
      if (keepaliveSeconds > 0) connection.keepAlive(keepaliveSeconds * 1000);
    }
  }

  /** Closes everything for good. */
  close(): void {
    this.#isClosed = true;
    this.#listeners.close();
    this.#dialer.close();
    for (const connection of this.#table.all()) connection.close("shutdown");
  }

  #accepted(stream: TcpStream, listenPoint: ListenPoint): void {
    const peer = peerOf(stream);
    if (peer === undefined || this.#isClosed) return stream.close();
    if (this.#table.isSourceFull(peer.address, listenPoint.side)) {
      this.#events.onClosed("source-full");
      return stream.close();
    }
    if (!this.#makeRoom()) return stream.close();
    this.#open(stream, { peer, listenPoint });
  }

  #makeRoom(): boolean {
    if (!this.#table.isFull) return true;
    const victim = this.#table.victim(this.#options.keptPeers());
    if (victim === undefined) this.#events.onClosed("table-full");
    else victim.close("evicted");
    return victim !== undefined;
  }

  #dial(peer: SocketAddress, side: Side): Dial {
    const key = socketAddressText(peer);
    const running = this.#dials.get(key);
    if (running !== undefined) return running;
    const parcels: Parcel[] = [];
    const done = this.#dialer.dial(peer).then((outcome) => {
      this.#dials.delete(key);
      this.#dialled(outcome, { peer, side, parcels });
    });
    const dial = { parcels, done };
    this.#dials.set(key, dial);
    return dial;
  }

  #dialled(
    outcome: TcpStream | DialFailure,
    dial: {
      readonly peer: SocketAddress;
      readonly side: Side;
      readonly parcels: readonly Parcel[];
    },
  ): void {
    const { peer, parcels } = dial;
    if (typeof outcome === "string") {
      for (const parcel of parcels) this.#undelivered(parcel, outcome);
      return;
    }
    const listenPoint = this.#listeners.pointOf(dial.side, peer.address);
    if (listenPoint === undefined || this.#isClosed || !this.#makeRoom()) {
      outcome.close();
      for (const parcel of parcels) this.#undelivered(parcel, "refused");
      return;
    }
    const connection = this.#open(outcome, { peer, listenPoint });
    for (const parcel of parcels) {
      if (connection.send(parcel) === "refused") this.#undelivered(parcel, "refused");
    }
  }

  #open(
    stream: TcpStream,
    ends: { readonly peer: SocketAddress; readonly listenPoint: ListenPoint },
  ): TcpConnection {
    stream.setNoDelay(true);
    stream.setKeepAlive(true);
    const { peer, listenPoint } = ends;
    const { manners } = this.#options;
    const connection = new TcpConnection({
      ...ends,
      id: ++this.#lastId,
      stream,
      now: this.#options.now,
      budget: this.#budget,
      answersPings: () => manners?.answersPings(peer, listenPoint) ?? true,
      restMs: () => manners?.restMs(peer, listenPoint) ?? 0,
      events: {
        onMessage: (data, { peer: source, listenPoint, id: connectionId }) =>
          this.#events.onMessage({ data, source, listenPoint, connectionId }),
        onClosed: (closed, { reason, unsent }) => {
          this.#table.remove(closed);
          if (MISBEHAVIOUR.has(reason)) this.#events.onClosed(reason);
          for (const parcel of unsent) this.#undelivered(parcel, "refused");
        },
      },
    });
    this.#table.add(connection);
    return connection;
  }

  /** Told later, because it is often found out while another message is being worked on. */
  #undelivered(parcel: Parcel, reason: DialFailure): void {
    if (this.#isClosed) return;
    queueMicrotask(() => this.#events.onUndelivered(parcel, reason));
  }
}

function peerOf(stream: TcpStream): SocketAddress | undefined {
  const { hostname, port } = stream.remoteAddr;
  const address = parseIpAddress(hostname);
  return address === undefined ? undefined : Object.freeze({ address, port });
}
