import { decodeLatin1, encodeLatin1 } from "../../src/base/text.ts";
import { StreamFramer } from "../../src/sip/stream_framer.ts";
import { sipText } from "../support/phone_world.ts";
import { describeLeft, type Outcome } from "./describe.ts";
import { acceptOf, registerOf } from "./play_core.ts";
import { messageOnWire, type Places, type Setting, USERS } from "./settings.ts";
import { Connection, Ear, Endpoint, placeOf } from "./wire.ts";

/** Longest wait for what must come; it ends as soon as it is there. */
const PATIENCE_MS = 15_000;

/** What the first part of Call-IDs of the stage's own messages is. */
const LIVE = "live-";

/** A running proxy between a phone and a provider on real sockets. */
export class TortureStage {
  readonly #places: Places;
  readonly #ear = new Ear();
  readonly #phone: Endpoint;
  readonly #far: Endpoint;
  #count = 0;

  constructor(places: Places) {
    this.#places = places;
    const ear = this.#ear;
    this.#phone = new Endpoint(places.phone, { ear, streams: "none" });
    this.#far = new Endpoint(places.far, { ear, streams: "listens" });
  }

  /** Registers the phone for everybody whom the messages name. */
  async register(): Promise<void> {
    for (const user of USERS) {
      if (!await this.isAlive(user)) throw new Error(`Cannot register ${user}: no answer`);
    }
  }

  /** A REGISTER goes to the provider, and his 200 comes back. */
  async isAlive(user: string = USERS[0] ?? ""): Promise<boolean> {
    const callId = `${LIVE}${++this.#count}`;
    const request = registerOf(user, { places: this.#places, callId });
    await this.#phone.send(encodeLatin1(request), this.#places.lan);
    const forwarded = await this.#first(this.#places.far, callId);
    if (forwarded === undefined) return false;
    await this.#far.send(encodeLatin1(acceptOf(forwarded)), this.#places.wan);
    const answer = await this.#first(this.#places.phone, callId);
    return answer?.startsWith("SIP/2.0 200 ") ?? false;
  }

  /**
   * Sends one message, and waits until the proxy is done with it.
   *
   * @param name of the fixture
   * @param how the setting, and how many messages should leave; more are seen too
   * @returns what came of it, without what is dropped in silence
   */
  async play(
    name: string,
    how: { readonly setting: Setting; readonly leaving: number },
  ): Promise<Outcome> {
    const { setting } = how;
    const data = messageOnWire(name, { setting, places: this.#places });
    this.#ear.arrivals.length = 0;
    return setting.transport === "udp"
      ? await this.#playDatagram(data, how)
      : await this.#playStream(data, how);
  }

  /** Closes all sockets. */
  close(): void {
    this.#phone.close();
    this.#far.close();
  }

  async #playDatagram(
    data: Uint8Array,
    { setting: { side }, leaving }: { readonly setting: Setting; readonly leaving: number },
  ): Promise<Outcome> {
    const places = this.#places;
    const sender = side === "lan" ? this.#phone : this.#far;
    const sent = [decodeLatin1(data)];
    await sender.send(data, places[side]);
    await this.#untilLeft(sent, leaving);
    // What the proxy did at once is done when it has answered what came after.
    const callId = `${LIVE}${++this.#count}`;
    await sender.send(
      encodeLatin1(this.#options(side, { callId, by: sender.place })),
      places[side],
    );
    await this.#first(sender.place, callId);
    return this.#outcome(sent, sender.place);
  }

  async #playStream(
    data: Uint8Array,
    { setting: { side }, leaving }: { readonly setting: Setting; readonly leaving: number },
  ): Promise<Outcome> {
    const places = this.#places;
    const { hostname } = placeOf(places[side === "lan" ? "phone" : "far"]);
    const connection = await Connection.open(hostname, { place: places[side], ear: this.#ear });
    const source = connection.place;
    const framer = new StreamFramer();
    const events = framer.push(data);
    const cut = events.flatMap((event) =>
      "data" in event && event.data !== undefined ? [decodeLatin1(event.data)] : []
    );
    const sent = cut.length > 0 ? cut : [decodeLatin1(data)];
    connection.send(data);
    await this.#untilLeft(sent, leaving);
    const end = events.some(({ kind }) => kind === "error")
      ? await this.#isClosed(connection)
      : await this.#isOpen(connection, { side, owes: framer.pendingBytes });
    const outcome = this.#outcome(sent, source);
    connection.close();
    return end === undefined ? outcome : [...outcome, end];
  }

  async #isClosed(connection: Connection): Promise<string | undefined> {
    const isClosed = await this.#ear.until(() => connection.isClosed || undefined, PATIENCE_MS);
    return isClosed ? "close" : undefined;
  }

  /** A connection on which a message is not complete says nothing; others answer. */
  async #isOpen(
    connection: Connection,
    job: { readonly side: "lan" | "wan"; readonly owes: number },
  ): Promise<string | undefined> {
    if (job.owes > 0) {
      await this.isAlive();
      return connection.isClosed ? "close" : "wait";
    }
    const callId = `${LIVE}${++this.#count}`;
    connection.send(this.#options(job.side, { callId, by: connection.place }));
    await this.#first(connection.place, callId);
    return connection.isClosed ? "close" : undefined;
  }

  /** Messages of the stage itself, and late repetitions of earlier ones, do not count. */
  #left(sent: readonly string[]) {
    const callIds = sent.flatMap((text) =>
      [...text.matchAll(/^(?:Call-ID|i)[ \t]*: *(\S+)/gim)].map(([, callId = ""]) => callId)
    );
    return this.#ear.arrivals.filter(({ text }) =>
      callIds.some((callId) => text.includes(`: ${callId}\r\n`))
    );
  }

  async #untilLeft(sent: readonly string[], leaving: number): Promise<void> {
    const isThere = () => this.#left(sent).length >= leaving || undefined;
    await this.#ear.until(isThere, PATIENCE_MS);
  }

  #outcome(sent: readonly string[], source: string): Outcome {
    const scene = { places: this.#places, source, sent };
    return this.#left(sent).flatMap((left) => describeLeft(left, scene));
  }

  async #first(to: string, callId: string): Promise<string | undefined> {
    const find = () =>
      this.#ear.arrivals.find((arrival) =>
        arrival.to === to && arrival.text.includes(`Call-ID: ${callId}\r\n`)
      );
    return (await this.#ear.until(find, PATIENCE_MS))?.text;
  }

  #options(side: "lan" | "wan", own: { readonly callId: string; readonly by: string }): string {
    const { callId, by } = own;
    return sipText(`OPTIONS sip:${this.#places[side]} SIP/2.0`, [
      `Via: SIP/2.0/UDP ${by};branch=z9hG4bKo${callId};rport`,
      "Max-Forwards: 0",
      `From: <sip:torture@${by}>;tag=o`,
      `To: <sip:${this.#places[side]}>`,
      `Call-ID: ${callId}`,
      "CSeq: 1 OPTIONS",
    ]);
  }
}
