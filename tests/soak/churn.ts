/**
 * Calls that come and go around a daemon: 30 phones register again and again, call and are called, move and hang up.
 *
 * Each third phone speaks TCP, each fifth call is refused, some get packets from a stranger. Both ends of a call are in
 * one hand and fall silent before it ends, so that afterwards each packet and message can be accounted for.
 * Called by run.ts.
 *
 * @module
 */
import { sleep } from "../e2e/support/command.ts";
import type { CallLeg } from "../traffic/call_leg.ts";
import { Party } from "../traffic/party.ts";
import { noPackets, type RtpCounts, RtpPump } from "../traffic/rtp_leg.ts";
import { type SipPort, TcpSipPort, TcpSipServer, UdpSipPort } from "../traffic/sip_port.ts";
import { SOAK_HOSTS, type SoakDaemon } from "./soak_daemon.ts";

/** From the shortest to the longest. */
export interface Span {
  readonly shortestMs: number;
  readonly longestMs: number;
}

/** How fast everybody lives. */
export interface Pace {
  readonly talk: Span;
  /** Between two calls of a phone. */
  readonly rest: Span;
  /** Phones register again after a time between these; some take their registration back first. */
  readonly refresh: Span;
  /** Between the last packet and the BYE: everything under way has arrived, however busy the machine is. */
  readonly silenceMs: number;
}

/** As people telephone, but for shorter talks. */
export const REAL_PACE: Pace = {
  talk: { shortestMs: 20_000, longestMs: 60_000 },
  rest: { shortestMs: 200, longestMs: 2_000 },
  refresh: { shortestMs: 15_000, longestMs: 45_000 },
  silenceMs: 1_000,
};

/** Ten times as fast, for what has to be seen after many calls. */
export const FAST_PACE: Pace = {
  talk: { shortestMs: 1_000, longestMs: 3_000 },
  rest: { shortestMs: 50, longestMs: 500 },
  refresh: { shortestMs: 1_000, longestMs: 3_000 },
  silenceMs: 1_000,
};

const EXPIRES_SECONDS = 120;

/** Packets from a stranger to a port in use, in one call of four. */
const STRANGE_PACKETS = 5;

/** What the peers did and saw. */
export interface ChurnCounts {
  /** Calls that were tried, that were answered, and that were refused as they should. */
  calls: number;
  answered: number;
  refused: number;
  reinvites: number;
  registrations: number;
  /** Most calls at one moment. */
  mostAtOnce: number;
  /** Packets from somebody who is in no call. */
  strange: number;
  readonly lan: RtpCounts;
  readonly wan: RtpCounts;
}

/** A call with both its ends. */
interface Pair {
  readonly phone: CallLeg;
  readonly far: CallLeg;
}

/** Everything around the daemon. */
export class Churn {
  readonly counts: ChurnCounts = {
    calls: 0,
    answered: 0,
    refused: 0,
    reinvites: 0,
    registrations: 0,
    mostAtOnce: 0,
    strange: 0,
    lan: noPackets(),
    wan: noPackets(),
  };
  /** What went otherwise than it should. */
  readonly problems: string[] = [];
  readonly #daemon: SoakDaemon;
  readonly #pace: Pace;
  readonly #pump = new RtpPump();
  readonly #ports: SipPort[] = [];
  readonly #phones: Party[] = [];
  readonly #stranger: Deno.DatagramConn = Deno.listenDatagram({
    transport: "udp",
    hostname: SOAK_HOSTS.far,
    port: 0,
  });
  #far: readonly Party[] = [];
  #active = 0;
  #state: "open" | "closed" = "open";

  constructor(daemon: SoakDaemon, pace: Pace) {
    this.#daemon = daemon;
    this.#pace = pace;
  }

  /** SIP messages that the peers sent and received, repetitions included. */
  messages(): { readonly sent: number; readonly received: number } {
    const sum = (name: "sent" | "received") =>
      this.#ports.reduce((total, port) => total + port.counts[name], 0);
    return { sent: sum("sent"), received: sum("received") };
  }

  /** Makes the phones and the provider, and registers them. */
  async open(phones: number): Promise<void> {
    const { wan, lan } = this.#daemon;
    const place = { hostname: SOAK_HOSTS.far, port: 0 };
    this.#far = [new UdpSipPort(place), new TcpSipServer(place)].map((port) =>
      this.#party({ user: "far", port, proxy: wan, totals: this.counts.wan })
    );
    for (let n = 0; n < phones; n++) {
      const port = n % 3 === 2
        ? await TcpSipPort.to(lan, SOAK_HOSTS.phones)
        : new UdpSipPort({ hostname: SOAK_HOSTS.phones, port: 0 });
      const phone = this.#party({ user: `u${n}`, port, proxy: lan, totals: this.counts.lan });
      this.#phones.push(phone);
      await this.#register(phone, EXPIRES_SECONDS);
    }
  }

  /** INVITEs that the peers sent again. */
  repeatedInvites(): number {
    return [...this.#phones, ...this.#far].reduce((sum, one) => sum + one.agent.repeatedInvites, 0);
  }

  /** Lets everybody telephone for so long; all calls are over when it returns. */
  async run(durationMs: number): Promise<void> {
    const endMs = performance.now() + durationMs;
    const lives = this.#phones.flatMap((phone, n) => [
      this.#telephone(phone, { n, endMs }),
      this.#stayRegistered(phone, endMs),
    ]);
    await Promise.all(lives);
  }

  /** Takes all registrations back. */
  async unregister(): Promise<void> {
    for (const phone of this.#phones) await this.#register(phone, 0);
  }

  /** Closes all sockets and connections; a second time does nothing. */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#pump.close();
    this.#stranger.close();
    for (const party of [...this.#phones, ...this.#far]) party.close();
  }

  #party(
    one: {
      readonly user: string;
      readonly port: SipPort;
      readonly proxy: SoakDaemon["lan"];
      readonly totals: RtpCounts;
    },
  ): Party {
    this.#ports.push(one.port);
    return new Party({ ...one, domain: this.#domainOf(one.port), pump: this.#pump });
  }

  /** The provider of UDP phones takes UDP, that of TCP phones TCP: the daemon keeps a message's transport. */
  #domainOf(port: SipPort): string {
    const own = this.#far.find(({ agent }) => agent.port.transport === port.transport);
    const { hostname, port: number } = (own?.agent.port ?? port).local;
    return `${hostname}:${number}`;
  }

  #provider(phone: Party): Party {
    const { transport } = phone.agent.port;
    const found = this.#far.find(({ agent }) => agent.port.transport === transport);
    if (found === undefined) throw new Error("Cannot find the provider: it is not open");
    return found;
  }

  async #register(phone: Party, expiresSeconds: number): Promise<void> {
    const { status } = await phone.register(expiresSeconds);
    this.counts.registrations++;
    if (status !== 200) this.problems.push(`REGISTER of ${phone.user} got ${status}`);
  }

  async #stayRegistered(phone: Party, endMs: number): Promise<void> {
    for (;;) {
      await sleepUntil(performance.now() + between(this.#pace.refresh), endMs);
      if (performance.now() >= endMs) return;
      if (oneIn(10) && phone.legs.size === 0) await this.#register(phone, 0);
      await this.#register(phone, EXPIRES_SECONDS);
    }
  }

  async #telephone(
    phone: Party,
    plan: { readonly n: number; readonly endMs: number },
  ): Promise<void> {
    // Not all at once: a call a tenth of a second.
    await sleep(plan.n * 100);
    while (performance.now() < plan.endMs) {
      await this.#call(phone, plan.endMs);
      await sleep(between(this.#pace.rest));
    }
  }

  async #call(phone: Party, endMs: number): Promise<void> {
    const far = this.#provider(phone);
    const isRefused = oneIn(5);
    const [caller, callee] = oneIn(2) ? [phone, far] : [far, phone];
    // The provider answers for all phones at once: it is asked by name whether it is there.
    const uri = caller === phone
      ? `sip:${isRefused ? "busy" : "far"}@${phone.domain}`
      : far.bindings.get(phone.user)?.contact ?? "";
    phone.picksUp = () => !isRefused;
    far.picksUp = (request) => !request.includes("sip:busy@");
    this.counts.calls++;
    const { status, leg } = await caller.call(uri);
    if (leg === undefined) {
      if (isRefused && status === 486) this.counts.refused++;
      else this.problems.push(`INVITE of ${caller.user} to ${uri} got ${status}`);
      return;
    }
    this.counts.answered++;
    const other = callee.legs.get(leg.callId);
    if (other === undefined) {
      this.problems.push(`call ${leg.callId} has no other end`);
      return;
    }
    const pair = caller === phone ? { phone: leg, far: other } : { phone: other, far: leg };
    this.counts.mostAtOnce = Math.max(this.counts.mostAtOnce, ++this.#active);
    await this.#talk(pair, endMs);
    await this.#hangUp(pair);
    this.#active--;
  }

  async #talk(pair: Pair, endMs: number): Promise<void> {
    const halfMs = between(this.#pace.talk) / 2;
    await sleepUntil(performance.now() + halfMs, endMs);
    if (oneIn(3)) {
      const status = await (oneIn(2) ? pair.phone : pair.far).reinvite();
      this.counts.reinvites++;
      if (status !== 200) this.problems.push(`re-INVITE of ${pair.phone.callId} got ${status}`);
    }
    if (oneIn(4)) await this.#disturb(pair);
    await sleepUntil(performance.now() + halfMs, endMs);
  }

  async #disturb({ far }: Pair): Promise<void> {
    const to = far.rtp.target;
    if (to === undefined) return;
    for (let n = 0; n < STRANGE_PACKETS; n++) {
      await this.#stranger.send(new Uint8Array(172).fill(0x80, 0, 1), { transport: "udp", ...to });
      this.counts.strange++;
    }
  }

  async #hangUp(pair: Pair): Promise<void> {
    pair.phone.fallSilent();
    pair.far.fallSilent();
    await sleep(this.#pace.silenceMs);
    for (const [name, leg] of [["phone", pair.phone], ["far end", pair.far]] as const) {
      // Talks are shorter than this only at the end of a run.
      if (leg.rtp.received === 0) this.problems.push(`the ${name} of ${leg.callId} heard nothing`);
    }
    const status = await (oneIn(2) ? pair.phone : pair.far).hangUp();
    if (status !== 200) this.problems.push(`BYE of ${pair.phone.callId} got ${status}`);
    const isOver = pair.phone.phase === "over" && pair.far.phase === "over";
    if (!isOver) this.problems.push(`an end of ${pair.phone.callId} did not hear of the BYE`);
  }
}

function between({ shortestMs, longestMs }: Span): number {
  return shortestMs + (longestMs - shortestMs) * Math.random();
}

function oneIn(sides: number): boolean {
  return Math.random() * sides < 1;
}

/** Sleeps until a moment, but not beyond the end of the run. */
async function sleepUntil(untilMs: number, endMs: number): Promise<void> {
  await sleep(Math.max(0, Math.min(untilMs, endMs) - performance.now()));
}
