import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type AnswerConnection, AnswerServer, writeAll } from "./answer_server.ts";

/** A connection that keeps what is written, a few bytes at a time. */
class FakeConnection implements AnswerConnection {
  text = "";
  readonly closed: Promise<void>;
  readonly #closed = Promise.withResolvers<void>();

  constructor() {
    this.closed = this.#closed.promise;
  }

  read(): Promise<number | null> {
    return Promise.resolve(null);
  }

  write(bytes: Uint8Array): Promise<number> {
    const some = bytes.subarray(0, 3);
    this.text += new TextDecoder().decode(some);
    return Promise.resolve(some.length);
  }

  close(): void {
    this.#closed.resolve();
  }
}

/** A listener that gives these connections and then waits to be closed. */
function listenerOf(connections: readonly AnswerConnection[]) {
  const waiting = [...connections];
  const end = Promise.withResolvers<AnswerConnection>();
  return {
    accept: () => {
      const next = waiting.shift();
      return next === undefined ? end.promise : Promise.resolve(next);
    },
    close: () => end.reject(new Error("closed")),
  };
}

Deno.test("AnswerServer answers each connection and closes it", async () => {
  const connections = [new FakeConnection(), new FakeConnection()];
  const server = new AnswerServer(listenerOf(connections), {
    converse: (connection) => writeAll(connection, "a whole answer"),
  });
  await Promise.all(connections.map(({ closed }) => closed));
  server.close();
  server.close();
  deepStrictEqual(connections.map(({ text }) => text), ["a whole answer", "a whole answer"]);
});

Deno.test("AnswerServer closes a connection whose conversation fails or takes too long", async () => {
  const [failing, slow] = [new FakeConnection(), new FakeConnection()];
  const server = new AnswerServer(listenerOf([failing, slow]), {
    timeoutMs: 5,
    converse: (connection) =>
      connection === failing ? Promise.reject(new Error("broken pipe")) : new Promise(() => {}),
  });
  await Promise.all([failing.closed, slow.closed]);
  server.close();
});

Deno.test("AnswerServer takes eight connections at a time and closes all at its end", async () => {
  const connections = Array.from({ length: 10 }, () => new FakeConnection());
  let conversations = 0;
  const server = new AnswerServer(listenerOf(connections), {
    converse: () => {
      conversations++;
      return new Promise(() => {});
    },
  });
  await Promise.all(connections.slice(8).map(({ closed }) => closed));
  server.close();
  await Promise.all(connections.map(({ closed }) => closed));
  strictEqual(conversations, 8);
});
