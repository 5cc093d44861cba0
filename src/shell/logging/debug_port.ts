import { err, ok, type Result } from "../../base/result.ts";
import type { LogEvent } from "../../log/log_event.ts";

/** Bytes that wait for a watcher: some seconds of a busy log with dumps. One that is slower would fill our heap. */
const MAX_WAITING_BYTES = 512 * 1024;

/** What a watcher sends is thrown away. */
const IGNORED_BYTES = 512;

/** What the debug port works with. */
export interface DebugPortOptions {
  readonly hostname: string;
  readonly port: number;
  /** First lines that a watcher gets. */
  readonly greeting: () => readonly string[];
  readonly onLog: (event: LogEvent) => void;
}

interface Watcher {
  readonly connection: Deno.TcpConn;
  readonly place: string;
  waiting: Uint8Array[];
  waitingBytes: number;
  isWriting: boolean;
}

const encoder = new TextEncoder();

/** The TCP port on which one watcher sees the log; nothing that comes in on it is looked at. */
export class DebugPort {
  readonly #options: DebugPortOptions;
  readonly #listener: Deno.TcpListener;
  #watcher: Watcher | undefined;
  #state: "open" | "closed" = "open";

  constructor(options: DebugPortOptions, listener: Deno.TcpListener) {
    this.#options = options;
    this.#listener = listener;
    this.#acceptAll();
  }

  /** Port that is listened on. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Shows a line to the watcher, if there is one; never waits. */
  write(line: string): void {
    const watcher = this.#watcher;
    if (watcher === undefined) return;
    const bytes = encoder.encode(`${line}\n`);
    if (watcher.waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.#drop(watcher, "DEBUG TCP connection is too slow, closing it");
      return;
    }
    watcher.waiting.push(bytes);
    watcher.waitingBytes += bytes.length;
    if (!watcher.isWriting) this.#writeAll(watcher);
  }

  /** Ends the port and the connection. */
  close(): void {
    this.#state = "closed";
    this.#listener.close();
    const watcher = this.#watcher;
    this.#watcher = undefined;
    if (watcher !== undefined) closeQuietly(watcher.connection);
  }

  async #acceptAll(): Promise<void> {
    while (this.#state === "open") {
      try {
        this.#accept(await this.#listener.accept());
      } catch {
        // A connection that is gone before it is taken, or the listener was closed.
        if (this.#state === "open") await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  #accept(connection: Deno.TcpConn): void {
    const { hostname, port } = connection.remoteAddr;
    const place = `${hostname}:${port}`;
    if (this.#watcher !== undefined) {
      closeQuietly(connection);
      this.#say("debug-port.refused", `Rejected DEBUG TCP connection from ${place}`);
      return;
    }
    const watcher: Watcher = {
      connection,
      place,
      waiting: [],
      waitingBytes: 0,
      isWriting: false,
    };
    this.#watcher = watcher;
    this.#say("debug-port.accepted", `Accepted DEBUG TCP connection from ${place}`);
    for (const line of this.#options.greeting()) this.write(line);
    this.#awaitEnd(watcher);
  }

  /** Reads until the watcher goes away. */
  async #awaitEnd(watcher: Watcher): Promise<void> {
    const ignored = new Uint8Array(IGNORED_BYTES);
    try {
      while (await watcher.connection.read(ignored) !== null);
    } catch {
      // Reset: gone as well.
    }
    this.#drop(watcher, `Disconnected DEBUG TCP connection from ${watcher.place}`);
  }

  async #writeAll(watcher: Watcher): Promise<void> {
    watcher.isWriting = true;
    try {
      for (let chunk = watcher.waiting.shift(); chunk !== undefined;) {
        for (let at = 0; at < chunk.length;) {
          at += await watcher.connection.write(chunk.subarray(at));
        }
        watcher.waitingBytes -= chunk.length;
        chunk = watcher.waiting.shift();
      }
    } catch {
      this.#drop(watcher, `Disconnected DEBUG TCP connection from ${watcher.place}`);
    }
    watcher.isWriting = false;
  }

  #drop(watcher: Watcher, text: string): void {
    if (this.#watcher !== watcher) return;
    this.#watcher = undefined;
    watcher.waiting = [];
    closeQuietly(watcher.connection);
    this.#say("debug-port.closed", text);
  }

  #say(event: string, text: string): void {
    this.#options.onLog({ level: "info", component: "siproxd", event, text });
  }
}

/**
 * Opens the debug port.
 *
 * @param options where, and what to tell a watcher first
 * @returns the open port, or one line why there is none
 */
export function openDebugPort(options: DebugPortOptions): Result<DebugPort> {
  const { hostname, port } = options;
  try {
    const listener = Deno.listen({ transport: "tcp", hostname, port });
    return ok(new DebugPort(options, listener));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return err(`Cannot open debug port ${hostname}:${port}: ${reason}`);
  }
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    return;
  }
}
