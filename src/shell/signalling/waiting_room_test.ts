import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import type { ProxyInput } from "../../proxy/input.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import { WaitingRoom } from "./waiting_room.ts";

function message(text: string, port = 5060): ProxyInput {
  const local = { address: ip("10.0.0.1"), port: 5060 };
  return {
    data: new TextEncoder().encode(text),
    source: { address: ip("10.0.0.2"), port },
    listenPoint: { side: "lan", transport: "udp", local },
    connectionId: undefined,
  };
}

Deno.test("WaitingRoom.admit() keeps a copy, since the receive buffer is used again", () => {
  const room = new WaitingRoom();
  const input = message("INVITE");
  const admitted = room.admit(input);
  if (typeof admitted === "string") throw new Error(admitted);
  notStrictEqual(admitted.input.data.buffer, input.data.buffer);
  deepStrictEqual(admitted.input, input);
});

Deno.test("WaitingRoom.admit() knows a retransmission by source and bytes", () => {
  const room = new WaitingRoom();
  const first = room.admit(message("INVITE"));
  strictEqual(room.admit(message("INVITE")), "retransmission");
  strictEqual(typeof room.admit(message("INVITE", 5061)), "object");
  strictEqual(typeof room.admit(message("OPTIONS")), "object");
  if (typeof first !== "string") room.release(first);
  strictEqual(typeof room.admit(message("INVITE")), "object");
});

Deno.test("WaitingRoom.admit() has room for 512 messages", () => {
  const room = new WaitingRoom();
  for (let index = 0; index < 512; index++) room.admit(message(`OPTIONS ${index}`));
  deepStrictEqual([room.size, room.admit(message("one more"))], [512, "full"]);
});

Deno.test("WaitingRoom.admit() has room for 4 MiB", () => {
  const room = new WaitingRoom();
  const long = "x".repeat(60_000);
  let admitted = 0;
  while (typeof room.admit(message(`${long}${admitted}`)) !== "string") admitted++;
  strictEqual(admitted, 69);
});

Deno.test("WaitingRoom.release() gives the bytes back once", () => {
  const room = new WaitingRoom();
  const long = message("x".repeat(60_000));
  for (let round = 0; round < 1000; round++) {
    const admitted = room.admit(long);
    if (typeof admitted === "string") throw new Error(admitted);
    room.release(admitted);
    room.release(admitted);
  }
  strictEqual(room.size, 0);
});
