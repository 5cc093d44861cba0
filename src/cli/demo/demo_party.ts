import type { Ladder } from "./ladder.ts";
import { bodyOf, headerValue, startLineOf, uriIn } from "./sip_text.ts";

/** Where a message goes. */
export interface Place {
  readonly hostname: string;
  readonly port: number;
}

/** A message that came in. */
export interface Received {
  readonly text: string;
  readonly from: Place;
}

/** Longest wait for one message: the daemon answers in milliseconds. */
const PATIENCE_MS = 3000;

/** Messages that nobody asked for yet. */
const MAX_UNREAD = 100;

/** One end of SIP over UDP: a socket, a name, and a ladder of what passed. */
export class DemoParty {
  readonly name: string;
  readonly address: Place;
  readonly #socket: Deno.DatagramConn;
  readonly #ladder: Ladder;
  readonly #names: ReadonlyMap<string, string>;
  readonly #unread: Received[] = [];
  #waiting:
    | { readonly wants: (text: string) => boolean; readonly give: (one: Received) => void }
    | undefined;
  /** Takes every message at once, instead of keeping it for {@linkcode DemoParty.expect}. */
  onMessage: ((received: Received) => void) | undefined;

  /** Opens the socket on a free port; `names` tell what to call the other ends in the ladder. */
  constructor(
    who: { readonly name: string; readonly hostname: string },
    surroundings: { readonly ladder: Ladder; readonly names: ReadonlyMap<string, string> },
  ) {
    this.name = who.name;
    this.#ladder = surroundings.ladder;
    this.#names = surroundings.names;
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname: who.hostname, port: 0 });
    const bound = this.#socket.addr;
    this.address = { hostname: who.hostname, port: bound.transport === "udp" ? bound.port : 0 };
    this.#receiveAll();
  }

  /** Sends a message. */
  async send(text: string, to: Place): Promise<void> {
    this.#note("sent", { text, from: to });
    const bytes = new TextEncoder().encode(text);
    await this.#socket.send(bytes, { transport: "udp", ...to });
  }

  /** Waits for the next message that is wanted; throws when it does not come. */
  expect(what: string, wants: (text: string) => boolean): Promise<Received> {
    const at = this.#unread.findIndex(({ text }) => wants(text));
    const [there] = at < 0 ? [] : this.#unread.splice(at, 1);
    if (there !== undefined) return Promise.resolve(there);
    const { promise, resolve, reject } = Promise.withResolvers<Received>();
    const timer = setTimeout(() => {
      this.#waiting = undefined;
      reject(new Error(`${this.name} did not receive ${what} within ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
    const give = (one: Received) => {
      clearTimeout(timer);
      resolve(one);
    };
    this.#waiting = { wants, give };
    return promise;
  }

  /** Closes the socket. */
  close(): void {
    this.#socket.close();
  }

  async #receiveAll(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const [data, from] = await this.#socket.receive(buffer);
        if (from.transport !== "udp") continue;
        const text = new TextDecoder().decode(data);
        this.#take({ text, from: { hostname: from.hostname, port: from.port } });
      }
    } catch {
      return;
    }
  }

  #take(received: Received): void {
    this.#note("received", received);
    const waiting = this.#waiting;
    if (waiting?.wants(received.text) === true) {
      this.#waiting = undefined;
      waiting.give(received);
      return;
    }
    if (this.onMessage !== undefined) {
      this.onMessage(received);
      return;
    }
    if (this.#unread.length < MAX_UNREAD) this.#unread.push(received);
  }

  #note(direction: "sent" | "received", { text, from }: Received): void {
    this.#ladder.note({
      party: this.name,
      direction,
      peer: this.#names.get(from.hostname) ?? from.hostname,
      startLine: startLineOf(text),
      detail: addressesIn(text),
    });
  }
}

/** What the daemon changes: the Contact and the media address. */
function addressesIn(text: string): string {
  const contact = headerValue(text, "Contact");
  const body = bodyOf(text);
  const media = /^m=audio (\d+)/m.exec(body)?.[1];
  const host = /^c=IN IP4 (\S+)/m.exec(body)?.[1];
  const parts = contact === "" ? [] : [`Contact ${uriIn(contact)}`];
  if (media !== undefined && host !== undefined) parts.push(`RTP ${host}:${media}`);
  return parts.join(", ");
}
