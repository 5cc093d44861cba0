import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { LogEvent } from "../../log/log_event.ts";
import type { Hop } from "../../proxy/hop.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import type { ListenAddress } from "../protocol.ts";
import { type OpenDatagram, UdpTransport } from "./udp_transport.ts";

/** A socket whose receives and sends a test decides; it stands in for the system's. */
class FakeSocket implements Deno.DatagramConn {
  readonly addr: Deno.NetAddr;
  readonly sent: string[] = [];
  receives = 0;
  closed = 0;
  /** What the receives bring; then they wait for ever. */
  readonly script: (Error | { readonly text: string; readonly from: string })[];
  sendError: Error | undefined;

  constructor(hostname: string, script: FakeSocket["script"] = []) {
    this.addr = { transport: "udp", hostname, port: 5060 };
    this.script = script;
  }

  receive(buffer: Uint8Array = new Uint8Array(64)): Promise<[Uint8Array<ArrayBuffer>, Deno.Addr]> {
    this.receives++;
    const next = this.script.shift();
    if (next === undefined) return new Promise(() => {});
    if (next instanceof Error) return Promise.reject(next);
    const view = new Uint8Array(new ArrayBuffer(next.text.length));
    new TextEncoder().encodeInto(next.text, buffer);
    view.set(buffer.subarray(0, next.text.length));
    return Promise.resolve([view, { transport: "udp", hostname: next.from, port: 5061 }]);
  }

  send(data: Uint8Array, to: Deno.Addr): Promise<number> {
    if (this.sendError !== undefined) return Promise.reject(this.sendError);
    const place = to.transport === "udp" ? `${to.hostname}:${to.port}` : to.transport;
    this.sent.push(`${new TextDecoder().decode(data)} to ${place}`);
    return Promise.resolve(data.length);
  }

  close(): void {
    this.closed++;
  }

  async joinMulticastV4(): Promise<Deno.MulticastV4Membership> {
    return await Promise.reject(new Error("not used"));
  }

  async joinMulticastV6(): Promise<Deno.MulticastV6Membership> {
    return await Promise.reject(new Error("not used"));
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<[Uint8Array<ArrayBuffer>, Deno.Addr]> {
    yield await this.receive();
  }
}

const LAN: ListenAddress = { role: "lan", address: ip("10.0.0.1") };
const WAN: ListenAddress = { role: "wan", address: ip("203.0.113.7") };
const LOOPBACK: ListenAddress = { role: "loopback", address: ip("127.0.0.1") };

function openTransport(failing: ReadonlyMap<string, () => Error | undefined> = new Map()) {
  const sockets: FakeSocket[] = [];
  const scripts = new Map<string, FakeSocket["script"]>();
  const heard: string[] = [];
  const failures: string[] = [];
  const opened: number[] = [];
  const logs: LogEvent[] = [];
  const openDatagram: OpenDatagram = ({ hostname = "", reuseAddress }) => {
    const error = failing.get(hostname)?.();
    if (error !== undefined) throw error;
    // The first, exclusive bind only finds out whether the port is free.
    if (reuseAddress !== true) return new FakeSocket(hostname);
    const socket = new FakeSocket(hostname, scripts.get(hostname));
    sockets.push(socket);
    return socket;
  };
  const transport = new UdpTransport({ port: 5060, openDatagram }, {
    onDatagram: (data, { source, listenPoint }) =>
      heard.push(`${new TextDecoder().decode(data)} ${source.address} ${listenPoint.side}`),
    onSendFailed: (reason) => failures.push(reason),
    onOpen: () => opened.push(sockets.length),
    onLog: (event) => logs.push(event),
  });
  return { transport, sockets, scripts, heard, failures, opened, logs };
}

function hop(side: "lan" | "wan", address: string): Hop {
  return {
    side,
    transport: "udp",
    peer: { address: ip(address), port: 5061 },
    connectionId: undefined,
  };
}

const BYTES = new TextEncoder().encode("ping");

/** Lets all settled receives be handled. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}

Deno.test("UdpTransport.send() leaves from the socket of the hop's side, to loopback from loopback", () => {
  const { transport, sockets } = openTransport();
  transport.listen([LAN, WAN, LOOPBACK], "first");
  transport.send(BYTES, hop("lan", "10.0.0.2"));
  transport.send(BYTES, hop("wan", "198.51.100.1"));
  transport.send(BYTES, hop("lan", "127.0.0.1"));
  deepStrictEqual(sockets.map(({ addr, sent }) => [addr.hostname, sent]), [
    ["10.0.0.1", ["ping to 10.0.0.2:5061"]],
    ["203.0.113.7", ["ping to 198.51.100.1:5061"]],
    ["127.0.0.1", ["ping to 127.0.0.1:5061"]],
  ]);
});

Deno.test("UdpTransport.send() serves both sides from one socket of a one-interface machine", () => {
  const { transport, sockets } = openTransport();
  transport.listen([{ role: "both", address: ip("10.0.0.1") }], "first");
  transport.send(BYTES, hop("lan", "10.0.0.2"));
  transport.send(BYTES, hop("wan", "198.51.100.1"));
  deepStrictEqual(sockets.map(({ sent }) => sent.length), [2]);
});

Deno.test("UdpTransport.send() leaves from the socket of the peer's family", () => {
  const { transport, sockets, failures } = openTransport();
  const wan6: ListenAddress = { role: "wan", address: ip("2001:db8::7") };
  const loopback6: ListenAddress = { role: "loopback", address: ip("::1") };
  transport.listen([LAN, WAN, wan6, LOOPBACK, loopback6], "first");
  transport.send(BYTES, hop("wan", "198.51.100.1"));
  transport.send(BYTES, hop("wan", "2001:db8::9"));
  transport.send(BYTES, hop("lan", "::1"));
  transport.send(BYTES, hop("lan", "127.0.0.1"));
  transport.send(BYTES, hop("lan", "fd00::9"));
  deepStrictEqual(sockets.map(({ addr, sent }) => [addr.hostname, sent]), [
    ["10.0.0.1", []],
    ["203.0.113.7", ["ping to 198.51.100.1:5061"]],
    ["2001:db8::7", ["ping to 2001:db8::9:5061"]],
    ["127.0.0.1", ["ping to 127.0.0.1:5061"]],
    ["::1", ["ping to ::1:5061"]],
  ]);
  deepStrictEqual(failures, ["no-socket"]);
});

Deno.test("UdpTransport.send() serves both sides and families of a one-interface machine", () => {
  const { transport, sockets } = openTransport();
  transport.listen(
    [{ role: "both", address: ip("10.0.0.1") }, { role: "both", address: ip("fd00::1") }],
    "first",
  );
  for (const side of ["lan", "wan"] as const) {
    transport.send(BYTES, hop(side, "10.0.0.2"));
    transport.send(BYTES, hop(side, "fd00::2"));
  }
  deepStrictEqual(sockets.map(({ sent }) => sent.length), [2, 2]);
});

Deno.test("UdpTransport.send() counts what the system refuses and never rejects", async () => {
  const { transport, sockets, failures } = openTransport();
  transport.listen([LAN], "first");
  const [socket] = sockets;
  if (socket === undefined) throw new Error("no socket");
  const errors = [
    new Deno.errors.PermissionDenied("EPERM"),
    new Deno.errors.NetworkUnreachable("ENETUNREACH"),
    new Deno.errors.ConnectionRefused("ECONNREFUSED"),
    new Error("EMSGSIZE"),
  ];
  for (const error of errors) {
    socket.sendError = error;
    transport.send(BYTES, hop("lan", "10.0.0.2"));
  }
  transport.send(BYTES, hop("wan", "198.51.100.1"));
  await settle();
  deepStrictEqual(failures.toSorted(), [
    "no-socket",
    "permission",
    "refused",
    "send-error",
    "unreachable",
  ]);
});

Deno.test("UdpTransport goes on receiving after single errors", async () => {
  const { transport, scripts, heard } = openTransport();
  scripts.set("10.0.0.1", [
    new Deno.errors.ConnectionRefused("ICMP"),
    { text: "one", from: "10.0.0.2" },
    new Deno.errors.ConnectionRefused("ICMP"),
    { text: "two", from: "10.0.0.3" },
  ]);
  transport.listen([LAN], "first");
  await settle();
  deepStrictEqual(heard, ["one 10.0.0.2 lan", "two 10.0.0.3 lan"]);
});

Deno.test("UdpTransport gives up a socket that only fails, and reopen() opens it anew", async () => {
  const { transport, sockets, scripts, heard } = openTransport();
  scripts.set("10.0.0.1", Array.from({ length: 40 }, () => new Error("dead")));
  transport.listen([LAN], "first");
  await settle();
  deepStrictEqual(sockets.map(({ receives, closed }) => [receives, closed]), [[32, 1]]);
  scripts.set("10.0.0.1", [{ text: "again", from: "10.0.0.2" }]);
  transport.reopen("after-crash");
  await settle();
  deepStrictEqual(heard, ["again 10.0.0.2 lan"]);
});

Deno.test("UdpTransport.listen() names the first port that is taken, loopback's aside", () => {
  const busy = () => new Deno.errors.AddrInUse("Address already in use");
  const lan = openTransport(new Map([["10.0.0.1", busy]])).transport;
  strictEqual(
    lan.listen([LAN, WAN], "first"),
    "Cannot listen on 10.0.0.1:5060/udp: Address already in use",
  );
  const loopback = openTransport(new Map([["127.0.0.1", busy]]));
  strictEqual(loopback.transport.listen([LAN, LOOPBACK], "first"), undefined);
  deepStrictEqual(loopback.logs.map(({ level, text }) => [level, text]), [
    ["info", "Listening on 10.0.0.1:5060/udp (lan)"],
    ["warning", "Cannot listen on 127.0.0.1:5060/udp: Address already in use"],
  ]);
});

Deno.test("UdpTransport.listen() can do without an optional address, and says so", () => {
  const busy = () => new Deno.errors.AddrInUse("Address already in use");
  const { transport, logs } = openTransport(new Map([["2001:db8::7", busy]]));
  const wan6 = { role: "wan", address: ip("2001:db8::7") } as const;
  strictEqual(transport.listen([WAN, { ...wan6, need: "optional" }], "first"), undefined);
  deepStrictEqual(logs.map(({ level, text }) => [level, text]), [
    ["info", "Listening on 203.0.113.7:5060/udp (wan)"],
    ["warning", "Cannot listen on [2001:db8::7]:5060/udp: Address already in use"],
  ]);
  const needed = openTransport(new Map([["2001:db8::7", busy]])).transport;
  strictEqual(
    needed.listen([wan6], "first"),
    "Cannot listen on [2001:db8::7]:5060/udp: Address already in use",
  );
});

Deno.test("UdpTransport tells of each socket that it opens, and of none that it has", () => {
  const { transport, opened } = openTransport();
  transport.listen([LAN, WAN], "first");
  transport.reopen("after-crash");
  deepStrictEqual(opened, [1, 2]);
  transport.listen([LAN, { ...WAN, address: ip("203.0.113.77") }], "after-crash");
  deepStrictEqual(opened, [1, 2, 3]);
});

Deno.test("UdpTransport.reopen() tries an absent address until it is there and tells it once", () => {
  let isThere = false;
  const absent = () =>
    isThere ? undefined : new Deno.errors.AddrNotAvailable("Cannot assign requested address");
  const { transport, logs } = openTransport(new Map([["203.0.113.7", absent]]));
  strictEqual(transport.listen([LAN, WAN], "first"), undefined);
  transport.reopen("after-crash");
  isThere = true;
  transport.reopen("after-crash");
  deepStrictEqual(logs.map(({ text }) => text), [
    "Listening on 10.0.0.1:5060/udp (lan)",
    "Cannot listen on 203.0.113.7:5060/udp: Cannot assign requested address",
    "Listening on 203.0.113.7:5060/udp (wan)",
  ]);
  deepStrictEqual(transport.listenPoints.map(({ side, local }) => [side, local.address]), [
    ["lan", ip("10.0.0.1")],
    ["wan", ip("203.0.113.7")],
  ]);
});

Deno.test("UdpTransport.listen() follows an address change and keeps the other sockets", () => {
  const { transport, sockets } = openTransport();
  transport.listen([LAN, WAN], "first");
  transport.listen([LAN, { role: "wan", address: ip("203.0.113.8") }], "after-crash");
  deepStrictEqual(sockets.map(({ addr, closed }) => [addr.hostname, closed]), [
    ["10.0.0.1", 0],
    ["203.0.113.7", 1],
    ["203.0.113.8", 0],
  ]);
});

Deno.test("UdpTransport takes a port over that a hung isolate holds, and no other one", () => {
  const opened: (boolean | undefined)[] = [];
  const transport = new UdpTransport({
    port: 5060,
    openDatagram: ({ hostname = "", reuseAddress }) => {
      opened.push(reuseAddress);
      if (reuseAddress !== true) throw new Deno.errors.AddrInUse("in use");
      return new FakeSocket(hostname);
    },
  }, { onDatagram: () => {}, onSendFailed: () => {}, onOpen: () => {}, onLog: () => {} });
  strictEqual(transport.listen([LAN], "after-crash")?.startsWith("Cannot listen"), true);
  strictEqual(transport.listen([LAN], "after-hang"), undefined);
  deepStrictEqual(opened, [undefined, true]);
});
