/** Longest wait for a line: a daemon from source starts in a second or three. */
const PATIENCE_MS = 15_000;

/** A syslog daemon as a test plays it: a unix socket and a list of lines. */
export class SyslogDaemon {
  readonly path: string;
  readonly lines: string[] = [];
  readonly #socket: Deno.DatagramConn;
  #wake = (): void => {};

  constructor(path: string) {
    this.path = path;
    this.#socket = Deno.listenDatagram({ transport: "unixpacket", path });
    // A daemon that has become another user writes to it too, as to the real one.
    Deno.chmodSync(path, 0o666);
    this.#receiveAll();
  }

  /** Waits for a line; throws when it does not come. */
  async said(pattern: RegExp): Promise<string> {
    const endMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, 500);
      await promise;
      clearTimeout(timer);
      if (performance.now() > endMs) {
        throw new Error(`syslog did not get ${pattern}:\n${this.lines.join("\n")}`);
      }
    }
  }

  /** Closes the socket. */
  close(): void {
    this.#socket.close();
  }

  async #receiveAll(): Promise<void> {
    try {
      for (;;) {
        const [data] = await this.#socket.receive();
        this.lines.push(new TextDecoder().decode(data));
        this.#wake();
      }
    } catch {
      return;
    }
  }
}
