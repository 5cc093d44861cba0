/** Lines that wait for a syslog daemon: a burst of a busy second. Beyond, a daemon that hangs would fill our heap. */
const MAX_WAITING = 1000;

/** Longest wait for the last lines at the end: the exit must take less than a second. */
const DRAIN_TIMEOUT_MS = 200;

/** What a sender works with. */
export interface LineSenderOptions {
  /** Sends one datagram; may fail, must not be called again before it ended (unix sockets refuse that). */
  readonly send: (datagram: Uint8Array) => Promise<unknown>;
  /** Frees the socket. */
  readonly close: () => void;
  /** Makes the line that tells how many were lost. */
  readonly lostLine: (count: number) => string;
}

const encoder = new TextEncoder();

/** Sends lines as datagrams, one after the other and never waiting; what a slow receiver cannot take is counted. */
export class LineSender {
  readonly #options: LineSenderOptions;
  #waiting: string[] = [];
  #lost = 0;
  #sending: Promise<void> | undefined;

  constructor(options: LineSenderOptions) {
    this.#options = options;
  }

  /** Queues a line. */
  write(line: string): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#lost++;
      return;
    }
    this.#waiting.push(line);
    this.#sending ??= this.#sendAll();
  }

  /** Sends what waits, as long as that does not take long, and ends. */
  async close(): Promise<void> {
    const bound = Promise.withResolvers<void>();
    const timer = setTimeout(bound.resolve, DRAIN_TIMEOUT_MS);
    await Promise.race([this.#sending, bound.promise]);
    clearTimeout(timer);
    this.#waiting = [];
    this.#options.close();
  }

  async #sendAll(): Promise<void> {
    for (let line = this.#waiting.shift(); line !== undefined; line = this.#waiting.shift()) {
      // The syslog daemon restarts or is gone: its lines are lost, as they are for every program.
      if (!await this.#isSent(line)) this.#lost++;
      else if (this.#lost > 0) await this.#tellLost();
    }
    // In the same step as the last look: a line may come between two steps.
    this.#sending = undefined;
  }

  /** Told behind a line that got through, not before: a daemon that is gone would never hear it. */
  async #tellLost(): Promise<void> {
    const count = this.#lost;
    if (await this.#isSent(this.#options.lostLine(count))) this.#lost -= count;
  }

  async #isSent(line: string): Promise<boolean> {
    try {
      await this.#options.send(encoder.encode(line));
      return true;
    } catch {
      return false;
    }
  }
}
