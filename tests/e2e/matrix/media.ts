/** RTP of the matrix: sockets that remember every packet and where it came from. */

import assert from "node:assert/strict";
import { poll, sleep } from "../support/command.ts";
import type { Place } from "./peer.ts";

/** A packet that arrived. */
export interface MediaPacket {
  readonly text: string;
  readonly from: Place;
}

const ARRIVAL_TIMEOUT_MS = 2000;
const RESEND_INTERVAL_MS = 100;
const SILENCE_MS = 300;
let nextPort = 21000;
let sequence = 0;

/** An RTP socket; its RTCP sibling is one port above. */
export class Media implements Place {
  readonly address: string;
  readonly port: number;
  readonly rtcp: Place;
  #rtpSocket: Deno.DatagramConn;
  #rtcpSocket: Deno.DatagramConn;
  #packets: MediaPacket[] = [];

  constructor(address: string) {
    this.address = address;
    this.port = nextPort;
    nextPort += 2;
    this.rtcp = { address, port: this.port + 1 };
    this.#rtpSocket = listen(address, this.port);
    this.#rtcpSocket = listen(address, this.port + 1);
    this.#read(this.#rtpSocket);
    this.#read(this.#rtcpSocket);
  }

  /** Sends one RTP packet whose payload is `text`. */
  async sendRtp(text: string, to: Place): Promise<void> {
    await this.#rtpSocket.send(rtpPacket(text), netAddress(to));
  }

  /** Sends one RTCP packet (APP) that carries `text`. */
  async sendRtcp(text: string, to: Place): Promise<void> {
    await this.#rtcpSocket.send(rtcpPacket(text), netAddress(to));
  }

  /** Waits for a packet that carries this text. */
  async expect(text: string): Promise<MediaPacket> {
    return await poll(() => Promise.resolve(this.#find(text)), {
      what: `media "${text}" at ${this.address}:${this.port}`,
      timeoutMs: ARRIVAL_TIMEOUT_MS,
      intervalMs: 5,
    });
  }

  /** Asserts that a packet with this text does not come. */
  async expectNone(text: string): Promise<void> {
    await sleep(SILENCE_MS);
    assert.equal(this.#find(text), undefined, `media "${text}" must not arrive`);
  }

  /** Whether a packet with this text has come. */
  has(text: string): boolean {
    return this.#find(text) !== undefined;
  }

  /** Closes both sockets. */
  close(): void {
    this.#rtpSocket.close();
    this.#rtcpSocket.close();
  }

  #find(text: string): MediaPacket | undefined {
    return this.#packets.find((one) => one.text.includes(text));
  }

  async #read(socket: Deno.DatagramConn): Promise<void> {
    for await (const [bytes, from] of socket) {
      if (from.transport !== "udp") continue;
      const text = new TextDecoder("latin1").decode(bytes.subarray(12));
      this.#packets.push({ text, from: { address: from.hostname, port: from.port } });
    }
  }
}

/**
 * Sends a marked packet until it arrives: the first ones of a call may be dropped while the relay
 * still learns the other side (and a datagram may always be lost).
 */
export async function sendUntilHeard(
  text: string,
  way: { readonly from: Media; readonly via: Place; readonly to: Media },
): Promise<MediaPacket> {
  return await poll(async () => {
    if (!way.to.has(text)) await way.from.sendRtp(text, way.via);
    await sleep(20);
    return way.to.has(text) ? await way.to.expect(text) : undefined;
  }, {
    what: `media "${text}" from ${way.from.address}:${way.from.port} through port ${way.via.port}`,
    timeoutMs: ARRIVAL_TIMEOUT_MS,
    intervalMs: RESEND_INTERVAL_MS,
  });
}

function listen(hostname: string, port: number): Deno.DatagramConn {
  return Deno.listenDatagram({ transport: "udp", hostname, port });
}

function netAddress(place: Place): Deno.NetAddr {
  return { transport: "udp", hostname: place.address, port: place.port };
}

function rtpPacket(text: string): Uint8Array {
  const n = ++sequence;
  const head = [
    0x80,
    8,
    n >> 8 & 255,
    n & 255,
    0,
    0,
    n * 160 >> 8 & 255,
    n * 160 & 255,
    1,
    2,
    3,
    4,
  ];
  return Uint8Array.from([...head, ...new TextEncoder().encode(text)]);
}

function rtcpPacket(text: string): Uint8Array {
  // RFC 3550 §6.7: APP, length in words less one, SSRC, name, then data.
  const data = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 4) * 4));
  const words = 2 + data.length / 4;
  return Uint8Array.from([0x80, 204, words >> 8, words & 255, 1, 2, 3, 4, 84, 69, 83, 84, ...data]);
}
