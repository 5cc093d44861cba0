/**
 * Numbered RTP of many calls at an even pace, counted packet by packet.
 *
 * Sends what a phone with long packets sends and counts which of them arrive, phase by phase. It judges nothing. Called
 * by the reload suite.
 *
 * @module
 */
import { sleep } from "../support/command.ts";
import type { Place } from "./peer.ts";

/** Period of a leg's packets: as long as phones with a slow line use. */
const PACKET_MS = 40;

/** Legs take turns, so that the relay has no bursts. */
const TURNS = 10;

/** Time for what is still on its way when a phase ends. */
const DRAIN_MS = 500;

/** RTP header, phase, number and rest of 40 ms of G.711. */
const PACKET_LENGTH_BYTES = 12 + 320;

/** What became of the packets of a phase. */
export interface Tally {
  readonly sent: number;
  readonly arrived: number;
}

/** One end of a call's audio. */
export class NumberedLeg implements Place {
  readonly address: string;
  readonly port: number;
  /** Where it sends to; unknown until the call is up. */
  target: Place | undefined;
  readonly #socket: Deno.DatagramConn;
  readonly #packet = new Uint8Array(PACKET_LENGTH_BYTES);
  readonly #seen = new Set<number>();
  #phase = 0;
  #sent = 0;

  constructor(address: string) {
    this.address = address;
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname: address, port: 0 });
    const { addr } = this.#socket;
    this.port = addr.transport === "udp" ? addr.port : 0;
    this.#countAll();
  }

  /** Begins a phase: what comes of an earlier one counts no more. */
  begin(phase: number): void {
    this.#phase = phase;
    this.#sent = 0;
    this.#seen.clear();
  }

  /** Sends the next packet. */
  send(): void {
    if (this.target === undefined) return;
    const view = new DataView(this.#packet.buffer);
    view.setUint16(0, 0x8008);
    view.setUint16(2, this.#sent & 0xffff);
    view.setUint32(4, this.#sent * 320);
    view.setUint32(8, this.port);
    view.setUint32(12, this.#phase);
    view.setUint32(16, this.#sent++);
    const { address: hostname, port } = this.target;
    this.#socket.send(this.#packet, { transport: "udp", hostname, port }).catch(() => {});
  }

  /** Packets of this phase: sent by this end, different ones that arrived at it. */
  get tally(): Tally {
    return { sent: this.#sent, arrived: this.#seen.size };
  }

  /** Closes the socket. */
  close(): void {
    this.#socket.close();
  }

  async #countAll(): Promise<void> {
    const buffer = new Uint8Array(2048);
    try {
      for (;;) {
        const [data] = await this.#socket.receive(buffer);
        if (data.length !== PACKET_LENGTH_BYTES) continue;
        const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
        if (view.getUint32(12) === this.#phase) this.#seen.add(view.getUint32(16));
      }
    } catch {
      return;
    }
  }
}

/** Lets all legs talk while something is done; gives what was sent and arrived in that time. */
export async function talkWhile(
  legs: readonly NumberedLeg[],
  plan: { readonly phase: number; readonly meanwhile: () => Promise<void> },
): Promise<Tally> {
  for (const leg of legs) leg.begin(plan.phase);
  const life = { isOver: false };
  const talking = talk(legs, life);
  await plan.meanwhile();
  life.isOver = true;
  await talking;
  await sleep(DRAIN_MS);
  const tallies = legs.map(({ tally }) => tally);
  const sum = (pick: (tally: Tally) => number) =>
    tallies.reduce((total, tally) => total + pick(tally), 0);
  return { sent: sum(({ sent }) => sent), arrived: sum(({ arrived }) => arrived) };
}

async function talk(
  legs: readonly NumberedLeg[],
  life: { readonly isOver: boolean },
): Promise<void> {
  let dueMs = performance.now();
  for (let turn = 0; !life.isOver; turn = (turn + 1) % TURNS) {
    for (let index = turn; index < legs.length; index += TURNS) legs[index]?.send();
    // After a pause of the machine the pace begins anew: a burst would be no telephone's.
    dueMs = Math.max(dueMs + PACKET_MS / TURNS, performance.now() - PACKET_MS);
    await sleep(Math.max(0, dueMs - performance.now()));
  }
}
