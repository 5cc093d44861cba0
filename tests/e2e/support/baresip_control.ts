/** baresip's control port (ctrl_tcp): netstrings of JSON, from outside its namespace. */

import { poll } from "./command.ts";
import { onCleanup } from "./cleanup.ts";
import { isRecord, parseJson, textField } from "./json.ts";

const RESPONSE_TIMEOUT_MS = 5000;

/** A connection to one phone; socat carries the bytes into the phone's namespace. */
export class ControlConnection {
  #child: Deno.ChildProcess;
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #events: unknown[] = [];
  #responses: Map<string, unknown> = new Map();
  #nextToken = 1;
  #reading: Promise<void>;
  #undo: () => Promise<void>;

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.#reading = this.#read();
    this.#undo = onCleanup(() => this.#end());
  }

  /** Connects to `127.0.0.1:port` inside a namespace. */
  static async open(namespace: string, port: number): Promise<ControlConnection> {
    const child = new Deno.Command("ip", {
      args: ["netns", "exec", namespace, "socat", "-", `TCP4:127.0.0.1:${port},retry=20`],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const connection = new ControlConnection(child);
    await connection.command("uastat", "");
    return connection;
  }

  /** Sends a command and waits for its answer. */
  async command(name: string, params: string): Promise<void> {
    const token = `t${this.#nextToken++}`;
    const body = JSON.stringify({ command: name, params, token });
    const length = new TextEncoder().encode(body).length;
    await this.#writer.write(new TextEncoder().encode(`${length}:${body},`));
    await poll(() => Promise.resolve(this.#responses.get(token)), {
      what: `the answer to "${name} ${params}"`,
      timeoutMs: RESPONSE_TIMEOUT_MS,
      intervalMs: 10,
    });
  }

  /** Waits for an event of a type and takes it and all before it off the list. */
  async waitForEvent(
    type: string,
    options: { readonly timeoutMs: number; readonly who: string },
  ): Promise<string> {
    return await poll(() => {
      const at = this.#events.findIndex((event) => textField(event, "type") === type);
      if (at === -1) return Promise.resolve(undefined);
      const [event] = this.#events.splice(0, at + 1).slice(-1);
      return Promise.resolve(textField(event, "param"));
    }, { what: `${type} at ${options.who}`, timeoutMs: options.timeoutMs, intervalMs: 10 });
  }

  /** Drops events that nobody waited for. */
  forgetEvents(): void {
    this.#events = [];
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    await this.#undo();
  }

  async #end(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It ended with the phone.
    }
    await this.#child.status;
    await this.#reading;
    this.#writer.abort().catch(() => undefined);
  }

  async #read(): Promise<void> {
    let pending = new Uint8Array();
    for await (const chunk of this.#child.stdout) {
      const joined = new Uint8Array(pending.length + chunk.length);
      joined.set(pending);
      joined.set(chunk, pending.length);
      pending = this.#takeMessages(joined);
    }
  }

  #takeMessages(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    let rest = bytes;
    for (;;) {
      const colon = rest.indexOf(0x3a);
      if (colon === -1) break;
      const length = Number(new TextDecoder().decode(rest.subarray(0, colon)));
      if (rest.length < colon + 1 + length + 1) break;
      this.#take(new TextDecoder().decode(rest.subarray(colon + 1, colon + 1 + length)));
      rest = rest.subarray(colon + 1 + length + 1);
    }
    return new Uint8Array(rest);
  }

  #take(text: string): void {
    const message = parseJson(text);
    if (!isRecord(message)) return;
    if (message["event"] === true) this.#events.push(message);
    if (message["response"] === true) this.#responses.set(textField(message, "token"), message);
  }
}
