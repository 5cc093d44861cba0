import { hostText, type IpAddress, ipFamily } from "../../base/ip_address.ts";
import type { Side } from "../../base/socket_address.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { ListenPoint } from "../../proxy/input.ts";
import type { PortMove } from "../media/port_move.ts";
import type { ListenAddress, StartReason } from "../protocol.ts";
import type { TcpStream } from "./tcp_connection.ts";

/** Errors in a row after which a listener is opened anew. */
const MAX_ACCEPT_ERRORS = 32;

/** Pause after an error: when the process has no file descriptor left, trying at once only burns time. */
const ACCEPT_PAUSE_MS = 50;

/** What is used of the runtime's listener. */
export interface TcpListenSocket {
  readonly accept: () => Promise<TcpStream>;
  readonly close: () => void;
}

/** How listeners are opened; tests give a failing one. */
export type OpenListener = (
  options: Deno.TcpListenOptions & { transport: "tcp" },
) => TcpListenSocket;

/** What listeners are made of. */
export interface ListenerParts {
  readonly port: number;
  readonly openListener: OpenListener;
  readonly onAccepted: (stream: TcpStream, listenPoint: ListenPoint) => void;
  readonly onLog: (event: LogEvent) => void;
}

interface Listener {
  readonly socket: TcpListenSocket;
  readonly listen: ListenAddress;
  readonly listenPoint: ListenPoint;
  isOpen: boolean;
}

/** The listening sockets, one a listening address, on the port of the UDP sockets; they follow address changes. */
export class TcpListeners {
  readonly #parts: ListenerParts;
  readonly #complained = new Set<IpAddress>();
  #wanted: readonly ListenAddress[] = [];
  #listeners: Listener[] = [];
  #port: number;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.#port = parts.port;
  }

  /** The point that connections to a peer of a side belong to, or undefined while there is none. */
  pointOf(side: Side, peer: IpAddress): ListenPoint | undefined {
    return this.#listeners.find(({ listenPoint }) =>
      listenPoint.side === side && ipFamily(listenPoint.local.address) === ipFamily(peer)
    )?.listenPoint;
  }

  /**
   * Serves exactly these addresses from now on.
   *
   * @param wanted distinct addresses
   * @returns addresses that are served no more
   */
  follow(wanted: readonly ListenAddress[]): readonly IpAddress[] {
    this.#wanted = wanted;
    const gone = this.#listeners.filter(({ listen, isOpen }) =>
      !isOpen || !wanted.some((address) => sameListen(address, listen))
    );
    for (const listener of gone) closeListener(listener);
    this.#listeners = this.#listeners.filter(({ isOpen }) => isOpen);
    const isServed = (listen: ListenAddress) => wanted.some((one) => sameListen(one, listen));
    return gone.flatMap(({ listen }) => isServed(listen) ? [] : [listen.address]);
  }

  /**
   * Opens what is wanted and not open; call it from a slow timer too.
   *
   * @param reason decides whether a port that is taken may be ours, left by a hung isolate
   * @returns one line about the first needed address whose port is taken by somebody else, or undefined
   */
  open(reason: StartReason): string | undefined {
    let failure: string | undefined;
    this.#listeners = this.#listeners.filter(({ isOpen }) => isOpen);
    for (const listen of this.#wanted) {
      if (this.#listeners.some((listener) => sameListen(listener.listen, listen))) continue;
      const problem = this.#open(listen, reason);
      if (problem === undefined) continue;
      const isFailure = problem.kind === "taken" && listen.role !== "loopback" &&
        listen.need !== "optional";
      if (isFailure) failure ??= problem.text;
      if (!isFailure || reason !== "first") this.#complain(listen.address, problem.text);
    }
    return failure;
  }

  /**
   * Listens at the same addresses on another port; connections stay.
   *
   * @param port where
   * @returns a move that is to be committed or aborted at once, or one line why the port cannot be had
   */
  prepareMove(port: number): PortMove | string {
    const old = { port: this.#port, listeners: this.#listeners };
    this.#port = port;
    this.#listeners = [];
    const failure = this.open("first");
    const abort = (): void => {
      for (const listener of this.#listeners) closeListener(listener);
      this.#port = old.port;
      this.#listeners = old.listeners;
    };
    if (failure !== undefined) {
      abort();
      return failure;
    }
    return { commit: () => old.listeners.forEach(closeListener), abort };
  }

  /** Closes all for good. */
  close(): void {
    this.#wanted = [];
    for (const listener of this.#listeners) closeListener(listener);
    this.#listeners = [];
  }

  #open(
    listen: ListenAddress,
    reason: StartReason,
  ): { readonly kind: "absent" | "taken"; readonly text: string } | undefined {
    const port = this.#port;
    const place = `${hostText(listen.address)}:${port}`;
    try {
      const socket = this.#bind(listen.address, reason);
      const side = listen.role === "wan" ? "wan" : "lan";
      const local = Object.freeze({ address: listen.address, port });
      const listenPoint: ListenPoint = Object.freeze({ side, transport: "tcp" as const, local });
      const listener = { socket, listen, listenPoint, isOpen: true };
      this.#listeners.push(listener);
      this.#complained.delete(listen.address);
      this.#log("info", `Listening on ${place}/tcp (${listen.role})`);
      this.#accept(listener);
      return undefined;
    } catch (error) {
      const reasonText = error instanceof Error ? error.message : String(error);
      const text = `Cannot listen on ${place}/tcp: ${reasonText}`;
      return { kind: error instanceof Deno.errors.AddrNotAvailable ? "absent" : "taken", text };
    }
  }

  /**
   * Binds with SO_REUSEPORT, because Deno cannot stop a hung isolate and that one keeps its listener for ever; a
   * replacement then shares the port with it and gets its part of the new connections. A port that somebody else
   * holds is found by binding without it first.
   */
  #bind(hostname: IpAddress, reason: StartReason): TcpListenSocket {
    const options = { transport: "tcp" as const, hostname, port: this.#port };
    if (reason !== "after-hang") this.#parts.openListener(options).close();
    return this.#parts.openListener({ ...options, reusePort: true });
  }

  async #accept(listener: Listener): Promise<void> {
    let errors = 0;
    while (listener.isOpen && errors < MAX_ACCEPT_ERRORS) {
      try {
        const stream = await listener.socket.accept();
        errors = 0;
        this.#parts.onAccepted(stream, listener.listenPoint);
      } catch {
        if (!listener.isOpen) return;
        errors++;
        await new Promise((resolve) => setTimeout(resolve, ACCEPT_PAUSE_MS));
      }
    }
    closeListener(listener);
  }

  /** An address that stays away is told once. */
  #complain(address: IpAddress, text: string): void {
    if (!this.#complained.has(address)) this.#log("warning", text);
    this.#complained.add(address);
  }

  #log(level: "info" | "warning", text: string): void {
    const event = level === "info" ? "tcp.listening" : "tcp.unavailable";
    this.#parts.onLog({ level, component: "tcp", event, text });
  }
}

function sameListen(left: ListenAddress, right: ListenAddress): boolean {
  return left.address === right.address && left.role === right.role;
}

function closeListener(listener: Listener): void {
  if (!listener.isOpen) return;
  listener.isOpen = false;
  listener.socket.close();
}
