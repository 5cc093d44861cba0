import type { TcpStream } from "../../src/shell/transport/tcp_connection.ts";

/** A connection whose far end is the test. */
export class FakeStream implements TcpStream {
  readonly localAddr: Deno.NetAddr = { transport: "tcp", hostname: "10.0.0.1", port: 5060 };
  readonly remoteAddr: Deno.NetAddr;
  readonly written: string[] = [];
  isClosed = false;
  #incoming: (Uint8Array | null)[] = [];
  #reader: PromiseWithResolvers<number | null> | undefined;
  #buffer: Uint8Array = new Uint8Array(0);
  #stall: PromiseWithResolvers<void> | undefined;

  constructor(hostname: string = "10.0.0.10", port: number = 40_001) {
    this.remoteAddr = { transport: "tcp", hostname, port };
  }

  /** Lets octets arrive; null ends the stream. Resolves when the reader has dealt with them. */
  async arrive(data: string | null): Promise<void> {
    this.#incoming.push(data === null ? null : new TextEncoder().encode(data));
    this.#deliver();
    await settle();
  }

  /** Lets writes hang from now on, as when the peer reads no more. */
  stall(): void {
    this.#stall ??= Promise.withResolvers<void>();
  }

  /** Lets them go on. */
  async resume(): Promise<void> {
    this.#stall?.resolve();
    this.#stall = undefined;
    await settle();
  }

  read(buffer: Uint8Array): Promise<number | null> {
    if (this.isClosed) return Promise.reject(new Deno.errors.BadResource("closed"));
    this.#buffer = buffer;
    this.#reader = Promise.withResolvers<number | null>();
    const { promise } = this.#reader;
    this.#deliver();
    return promise;
  }

  async write(data: Uint8Array): Promise<number> {
    await this.#stall?.promise;
    if (this.isClosed) throw new Deno.errors.BrokenPipe("closed");
    this.written.push(new TextDecoder().decode(data));
    return data.length;
  }

  close(): void {
    this.isClosed = true;
    this.#stall?.resolve();
    this.#reader?.reject(new Deno.errors.BadResource("closed"));
    this.#reader = undefined;
  }

  setNoDelay(): void {}

  setKeepAlive(): void {}

  #deliver(): void {
    const reader = this.#reader;
    const next = this.#incoming[0];
    if (reader === undefined || next === undefined) return;
    this.#reader = undefined;
    this.#incoming.shift();
    if (next === null) return reader.resolve(null);
    const part = next.subarray(0, this.#buffer.length);
    this.#buffer.set(part);
    if (part.length < next.length) this.#incoming.unshift(next.subarray(part.length));
    reader.resolve(part.length);
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}
