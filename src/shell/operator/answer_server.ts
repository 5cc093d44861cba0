/** Connections at a time: operators and scrapers come one by one, and each may take the figures of 10,000 calls. */
const MAX_CONNECTIONS = 8;

/** Longest conversation: the figures take milliseconds; who reads more slowly holds a place of somebody else. */
const CONVERSATION_TIMEOUT_MS = 5000;

/** Wait after an accept that failed: descriptors that ran out come back. */
const ACCEPT_PAUSE_MS = 100;

/** A connection as far as it is used here. */
export type AnswerConnection = Pick<Deno.Conn, "read" | "write" | "close">;

/** How one connection is answered; it is closed afterwards. */
export type Conversation = (connection: AnswerConnection) => Promise<void>;

/** What listens; Deno's listeners fit. */
export interface AnswerListener {
  readonly accept: () => Promise<AnswerConnection>;
  readonly close: () => void;
}

/** Takes connections, answers each within bounds, and closes it. */
export class AnswerServer {
  readonly #listener: AnswerListener;
  readonly #converse: Conversation;
  readonly #timeoutMs: number;
  /** Connections, and what ends them when they take too long. */
  readonly #open = new Map<AnswerConnection, number>();
  #state: "open" | "closed" = "open";

  constructor(
    listener: AnswerListener,
    options: { readonly converse: Conversation; readonly timeoutMs?: number },
  ) {
    this.#listener = listener;
    this.#converse = options.converse;
    this.#timeoutMs = options.timeoutMs ?? CONVERSATION_TIMEOUT_MS;
    this.#acceptAll();
  }

  /** Ends the server and all its connections. */
  close(): void {
    if (this.#isClosed) return;
    this.#state = "closed";
    this.#listener.close();
    for (const connection of [...this.#open.keys()]) this.#drop(connection);
  }

  get #isClosed(): boolean {
    return this.#state === "closed";
  }

  async #acceptAll(): Promise<void> {
    while (!this.#isClosed) {
      try {
        this.#take(await this.#listener.accept());
      } catch {
        // A connection that is gone before it is taken, or the listener was closed.
        if (this.#isClosed) return;
        await new Promise((resolve) => setTimeout(resolve, ACCEPT_PAUSE_MS));
      }
    }
  }

  #take(connection: AnswerConnection): void {
    const timer = setTimeout(() => this.#drop(connection), this.#timeoutMs);
    this.#open.set(connection, timer);
    if (this.#open.size > MAX_CONNECTIONS || this.#isClosed) {
      this.#drop(connection);
      return;
    }
    this.#converse(connection).catch(() => {}).finally(() => this.#drop(connection));
  }

  #drop(connection: AnswerConnection): void {
    clearTimeout(this.#open.get(connection));
    if (!this.#open.delete(connection)) return;
    try {
      connection.close();
    } catch {
      return;
    }
  }
}

/**
 * Writes all of a text.
 *
 * @param connection where to
 * @param text what
 */
export async function writeAll(connection: AnswerConnection, text: string): Promise<void> {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(await connection.write(rest));
}
