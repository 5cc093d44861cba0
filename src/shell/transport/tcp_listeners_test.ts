import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ip } from "../../../tests/support/address.ts";
import { fakeListening } from "../../../tests/support/fake_listener.ts";
import { FakeStream } from "../../../tests/support/fake_stream.ts";
import type { ListenAddress } from "../protocol.ts";
import { TcpListeners } from "./tcp_listeners.ts";

const LAN: ListenAddress = { role: "lan", address: ip("10.0.0.1") };
const WAN: ListenAddress = { role: "wan", address: ip("192.0.2.1") };
const LOOPBACK: ListenAddress = { role: "loopback", address: ip("127.0.0.1") };

/** Listeners over fake sockets, and everything they said and accepted. */
function openListeners() {
  const sockets = fakeListening();
  const said: string[] = [];
  const accepted: string[] = [];
  const listeners = new TcpListeners({
    port: 5060,
    openListener: sockets.open,
    onAccepted: (stream, { side, transport, local }) =>
      accepted.push(`${stream.remoteAddr.hostname} ${side} ${transport} ${local.address}`),
    onLog: ({ level, text }) => said.push(`${level}: ${text}`),
  });
  return { ...sockets, listeners, said, accepted };
}

Deno.test("TcpListeners.open() serves each address and gives its side", async () => {
  const { listeners, said, accepted, live } = openListeners();
  listeners.follow([LAN, WAN]);
  strictEqual(listeners.open("first"), undefined);
  await live()[0]?.call(new FakeStream("10.0.0.10"));
  await live()[1]?.call(new FakeStream("192.0.2.10"));
  deepStrictEqual(said, [
    "info: Listening on 10.0.0.1:5060/tcp (lan)",
    "info: Listening on 192.0.2.1:5060/tcp (wan)",
  ]);
  deepStrictEqual(accepted, ["10.0.0.10 lan tcp 10.0.0.1", "192.0.2.10 wan tcp 192.0.2.1"]);
  deepStrictEqual(listeners.pointOf("wan", WAN.address)?.local.address, WAN.address);
  listeners.close();
  deepStrictEqual([live(), listeners.pointOf("wan", WAN.address)], [[], undefined]);
});

Deno.test("TcpListeners.pointOf() gives the point of the peer's family", () => {
  const { listeners } = openListeners();
  const wan6: ListenAddress = { role: "wan", address: ip("2001:db8::1") };
  listeners.follow([LAN, WAN, wan6]);
  strictEqual(listeners.open("first"), undefined);
  const points = ["198.51.100.1", "2001:db8::9"].map((peer) => listeners.pointOf("wan", ip(peer)));
  deepStrictEqual(points.map((point) => point?.local.address), [WAN.address, wan6.address]);
  strictEqual(listeners.pointOf("lan", ip("fd00::9")), undefined);
  listeners.close();
});

Deno.test("TcpListeners.open() asks for a port of its own before it shares one", () => {
  const first = openListeners();
  first.listeners.follow([LAN]);
  first.listeners.open("first");
  const later = openListeners();
  later.listeners.follow([LAN]);
  later.listeners.open("after-hang");
  deepStrictEqual([first, later].map(({ opened }) => opened.map(({ reusePort }) => reusePort)), [
    [false, true],
    [true],
  ]);
  first.listeners.close();
  later.listeners.close();
});

Deno.test("TcpListeners.open() fails for a taken port, waits for an absent address", () => {
  const { listeners, said, refuse } = openListeners();
  refuse.set("10.0.0.1", new Deno.errors.AddrInUse("in use"));
  refuse.set("192.0.2.1", new Deno.errors.AddrNotAvailable("not there"));
  listeners.follow([LAN, WAN]);
  strictEqual(listeners.open("first"), "Cannot listen on 10.0.0.1:5060/tcp: in use");
  deepStrictEqual(said, ["warning: Cannot listen on 192.0.2.1:5060/tcp: not there"]);
  listeners.open("after-crash");
  listeners.open("after-crash");
  refuse.clear();
  strictEqual(listeners.open("after-crash"), undefined);
  deepStrictEqual(said.slice(1), [
    "warning: Cannot listen on 10.0.0.1:5060/tcp: in use",
    "info: Listening on 10.0.0.1:5060/tcp (lan)",
    "info: Listening on 192.0.2.1:5060/tcp (wan)",
  ]);
  listeners.close();
});

Deno.test("TcpListeners.open() can do without loopback", () => {
  const { listeners, refuse } = openListeners();
  refuse.set("127.0.0.1", new Deno.errors.AddrInUse("in use"));
  listeners.follow([LAN, LOOPBACK]);
  strictEqual(listeners.open("first"), undefined);
  listeners.close();
});

Deno.test("TcpListeners.open() can do without an optional address", () => {
  const { listeners, said, refuse } = openListeners();
  refuse.set("2001:db8::1", new Deno.errors.AddrInUse("in use"));
  listeners.follow([WAN, { role: "wan", address: ip("2001:db8::1"), need: "optional" }]);
  strictEqual(listeners.open("first"), undefined);
  deepStrictEqual(said, [
    "info: Listening on 192.0.2.1:5060/tcp (wan)",
    "warning: Cannot listen on [2001:db8::1]:5060/tcp: in use",
  ]);
  listeners.close();
});

Deno.test("TcpListeners.follow() closes what is wanted no more and names it", () => {
  const { listeners, live } = openListeners();
  listeners.follow([LAN, WAN]);
  listeners.open("first");
  const moved: ListenAddress = { role: "wan", address: ip("192.0.2.9") };
  deepStrictEqual(listeners.follow([LAN, moved]), [WAN.address]);
  listeners.open("after-crash");
  deepStrictEqual(live().map(({ hostname }) => hostname), ["10.0.0.1", "192.0.2.9"]);
  deepStrictEqual(listeners.follow([LAN, moved]), []);
  listeners.close();
});

Deno.test("TcpListeners.prepareMove() keeps the old port until it is committed", () => {
  const { listeners, live, refuse } = openListeners();
  listeners.follow([LAN]);
  listeners.open("first");
  const ports = () => live().map(({ port }) => port);
  const seen = [ports()];
  const back = listeners.prepareMove(5070);
  seen.push(ports());
  if (typeof back !== "string") back.abort();
  seen.push(ports());
  const move = listeners.prepareMove(5070);
  if (typeof move !== "string") move.commit();
  seen.push(ports());
  deepStrictEqual(seen, [[5060], [5060, 5070], [5060], [5070]]);
  refuse.set("10.0.0.1", new Deno.errors.AddrInUse("in use"));
  strictEqual(listeners.prepareMove(5080), "Cannot listen on 10.0.0.1:5080/tcp: in use");
  deepStrictEqual(ports(), [5070]);
  listeners.close();
});
