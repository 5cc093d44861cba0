import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createDejitter } from "../../rtp/dejitter.ts";
import type { MediaTarget, RelayEnd } from "../../rtp/relay_end.ts";
import { PHONE, relayEnd, rtcpPacket, rtpPacket } from "../../../tests/support/relay_packets.ts";
import { MediaPort, type MediaPortEvents, type PortSocket } from "./media_port.ts";

/** One thing a scripted socket does when it is asked to receive. */
type Turn = "packet" | "report" | "error";

/** A socket that plays a script, then stays silent. */
class ScriptedSocket implements PortSocket {
  readonly sent: MediaTarget[] = [];
  /** Resolved when the script is over and the loop waits again. */
  readonly done: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  readonly #turns: Turn[];

  constructor(turns: readonly Turn[]) {
    this.#turns = [...turns];
  }

  receive(buffer: Uint8Array): Promise<[Uint8Array, Deno.Addr]> {
    const turn = this.#turns.shift();
    if (turn === "error") return Promise.reject(new Error("out of memory"));
    if (turn === undefined) {
      this.done.resolve();
      return new Promise(() => {});
    }
    const packet = turn === "report" ? rtcpPacket() : rtpPacket();
    buffer.set(packet);
    const source = { transport: "udp", hostname: PHONE.address, port: PHONE.port } as const;
    return Promise.resolve([buffer.subarray(0, packet.length), source]);
  }

  send(_packet: Uint8Array, target: MediaTarget): Promise<number> {
    this.sent.push(target);
    return Promise.reject(new Error("EPERM"));
  }

  close(): void {}
}

interface Seen extends MediaPortEvents {
  readonly signs: string[];
  readonly locked: RelayEnd[];
  readonly delayed: number[];
  readonly failed: PromiseWithResolvers<string>;
}

function events(): Seen {
  const locked: RelayEnd[] = [];
  const signs: string[] = [];
  const delayed: number[] = [];
  const failed = Promise.withResolvers<string>();
  return {
    sendErrors: 0,
    idlePackets: 0,
    nextSignMs: 0,
    signs,
    onSign: () => signs.push("alive"),
    locked,
    delayed,
    failed,
    onLock: (end) => locked.push(end),
    onDelay: (_end, { packet }) => delayed.push(packet.length),
    onStranger: () => {},
    onFailed: (_port, reason) => failed.resolve(reason),
  };
}

/** An end whose outlet is the scripted socket's own sibling. */
function endOver(socket: ScriptedSocket): RelayEnd {
  const end = relayEnd();
  const outlet = end.outlet;
  if (outlet === undefined) throw new Error("no outlet");
  end.outlet = { ...outlet, socket };
  return end;
}

Deno.test("MediaPort throws packets of no stream away and counts them", async () => {
  const seen = events();
  const socket = new ScriptedSocket(["packet", "packet", "packet"]);
  const port = new MediaPort(socket, seen);
  await socket.done.promise;
  strictEqual(seen.idlePackets, 3);
  deepStrictEqual(socket.sent, []);
  port.close();
});

Deno.test("MediaPort goes on after failed receives and refused sends", async () => {
  const seen = events();
  const socket = new ScriptedSocket(["packet", "error", "packet", "error", "packet"]);
  const port = new MediaPort(socket, seen);
  const end = endOver(socket);
  port.serve(end);
  await socket.done.promise;
  const gateway = { transport: "udp", hostname: "203.0.113.9", port: 9000 } as const;
  deepStrictEqual(socket.sent, [gateway, gateway, gateway]);
  deepStrictEqual(seen.locked, [end]);
  strictEqual(seen.sendErrors, 3);
  strictEqual(seen.idlePackets, 0);
  port.close();
});

Deno.test("MediaPort hands RTP to the dejitter of its end and sends none of it itself", async () => {
  const seen = events();
  const socket = new ScriptedSocket(["packet", "packet"]);
  const port = new MediaPort(socket, seen);
  const end = endOver(socket);
  end.dejitter = createDejitter(20);
  port.serve(end);
  await socket.done.promise;
  deepStrictEqual(seen.delayed, [172, 172]);
  deepStrictEqual(seen.locked, [end]);
  deepStrictEqual(socket.sent, []);
  port.close();
});

Deno.test("MediaPort never delays a report, though it comes on the RTP port", async () => {
  const seen = events();
  const socket = new ScriptedSocket(["report"]);
  const port = new MediaPort(socket, seen);
  const end = endOver(socket);
  end.dejitter = createDejitter(20);
  port.serve(end);
  await socket.done.promise;
  deepStrictEqual(seen.delayed, []);
  strictEqual(socket.sent.length, 1);
  port.close();
});

Deno.test("MediaPort gives a socket up that only fails", async () => {
  const seen = events();
  const socket = new ScriptedSocket(new Array<Turn>(20).fill("error"));
  const port = new MediaPort(socket, seen);
  strictEqual(await seen.failed.promise, "Error: out of memory");
  port.close();
});

Deno.test("MediaPort.close() ends the loop of a real socket without a failure", async () => {
  const seen = events();
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const port = new MediaPort(socket, seen);
  port.close();
  port.close();
  const outcome = await Promise.race([seen.failed.promise, Promise.resolve("quiet")]);
  strictEqual(outcome, "quiet");
});

Deno.test("MediaPort shows that it lives by the packets it reads, not by each of them", async () => {
  const seen = events();
  const idle = new ScriptedSocket(["packet"]);
  const ports = [new MediaPort(idle, seen)];
  await idle.done.promise;
  deepStrictEqual(seen.signs, ["alive"]);
  seen.nextSignMs = Infinity;
  const silent = new ScriptedSocket(["packet", "packet"]);
  ports.push(new MediaPort(silent, seen));
  await silent.done.promise;
  deepStrictEqual(seen.signs, ["alive"]);
  for (const port of ports) port.close();
});
