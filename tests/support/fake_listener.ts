import type { TcpStream } from "../../src/shell/transport/tcp_connection.ts";
import type { OpenListener, TcpListenSocket } from "../../src/shell/transport/tcp_listeners.ts";
import { settle } from "./fake_stream.ts";

/** A listening socket whose callers are the test's. */
export class FakeListener implements TcpListenSocket {
  readonly hostname: string;
  readonly port: number;
  readonly reusePort: boolean;
  isClosed = false;
  #accepting: PromiseWithResolvers<TcpStream> | undefined;

  constructor(options: Deno.TcpListenOptions) {
    this.hostname = options.hostname ?? "";
    this.port = options.port;
    this.reusePort = options.reusePort ?? false;
  }

  accept = (): Promise<TcpStream> => {
    this.#accepting = Promise.withResolvers<TcpStream>();
    return this.#accepting.promise;
  };

  close = (): void => {
    this.isClosed = true;
    this.#accepting?.reject(new Deno.errors.BadResource("closed"));
  };

  /** Lets somebody connect. */
  async call(stream: TcpStream): Promise<void> {
    this.#accepting?.resolve(stream);
    await settle();
  }
}

/** Opens fake listeners, and refuses the addresses that the test names. */
export function fakeListening(): {
  readonly open: OpenListener;
  readonly opened: FakeListener[];
  readonly refuse: Map<string, Error>;
  readonly live: () => FakeListener[];
} {
  const opened: FakeListener[] = [];
  const refuse = new Map<string, Error>();
  const open: OpenListener = (options) => {
    const error = refuse.get(options.hostname ?? "");
    if (error !== undefined) throw error;
    const listener = new FakeListener(options);
    opened.push(listener);
    return listener;
  };
  return { open, opened, refuse, live: () => opened.filter(({ isClosed }) => !isClosed) };
}
