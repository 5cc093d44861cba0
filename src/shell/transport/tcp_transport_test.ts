import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ip, peer } from "../../../tests/support/address.ts";
import { fakeListening } from "../../../tests/support/fake_listener.ts";
import { FakeStream, settle } from "../../../tests/support/fake_stream.ts";
import type { SocketAddress } from "../../base/socket_address.ts";
import type { TcpConfig } from "../../config/config.ts";
import type { Hop } from "../../proxy/hop.ts";
import type { ListenAddress } from "../protocol.ts";
import type { TcpLimits } from "./tcp_table.ts";
import { TcpTransport } from "./tcp_transport.ts";

const LAN: ListenAddress = { role: "lan", address: ip("10.0.0.1") };
const WAN: ListenAddress = { role: "wan", address: ip("192.0.2.1") };
const SERVER = peer("192.0.2.10:5070");
const PHONE = peer("10.0.0.10:40001");
const OPTIONS = "OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 0\r\n\r\n";

interface WorldOptions {
  readonly config?: Partial<TcpConfig>;
  readonly limits?: TcpLimits;
  readonly kept?: readonly SocketAddress[];
}

/** A transport over fake sockets; dials are answered when the test says so. */
function openTransport(options: WorldOptions = {}) {
  const sockets = fakeListening();
  const clock = { nowMs: 0 };
  const told: string[] = [];
  const dials: { readonly place: string; readonly answer: PromiseWithResolvers<FakeStream> }[] = [];
  const transport = new TcpTransport({
    port: 5060,
    config: {
      timeoutSeconds: 600,
      connectTimeoutMs: 60_000,
      keepaliveSeconds: 0,
      ...options.config,
    },
    now: () => clock.nowMs,
    keptPeers: () => (one) =>
      options.kept?.some(({ address, port }) => address === one.address && port === one.port) ??
        false,
    ...(options.limits !== undefined && { limits: options.limits }),
    openListener: sockets.open,
    connect: ({ hostname, port, signal }) => {
      const answer = Promise.withResolvers<FakeStream>();
      signal?.addEventListener("abort", () => answer.reject(signal.reason));
      dials.push({ place: `${hostname}:${port}`, answer });
      return answer.promise;
    },
  }, {
    onMessage: ({ source, listenPoint, connectionId }) =>
      told.push(`message ${source.address}:${source.port} ${listenPoint.side} #${connectionId}`),
    onUndelivered: ({ data }, reason) =>
      told.push(`undelivered ${new TextDecoder().decode(data)} ${reason}`),
    onClosed: (reason) => told.push(`closed ${reason}`),
    onLog: ({ event, text }) => {
      if (event === "tcp.large_requests") told.push(text ?? "");
    },
  });
  transport.listen([LAN, WAN], "first");
  const call = async (hostname = "10.0.0.10", port = 40_001) => {
    const stream = new FakeStream(hostname, port);
    await sockets.live()[0]?.call(stream);
    return stream;
  };
  const send = (text: string, hop: Partial<Hop> = {}) =>
    transport.send(new TextEncoder().encode(text), {
      side: "wan",
      transport: "tcp",
      peer: SERVER,
      connectionId: undefined,
      ...hop,
    });
  return { ...sockets, transport, clock, told, dials, call, send };
}

Deno.test("TcpTransport tells messages with their connection and answers on it", async () => {
  const { transport, told, call, send } = openTransport();
  const stream = await call();
  await stream.arrive(OPTIONS);
  deepStrictEqual(told, ["message 10.0.0.10:40001 lan #1"]);
  strictEqual(transport.connectionTo(PHONE), 1);
  send("answer", { side: "lan", peer: peer("10.0.0.10:5062"), connectionId: 1 });
  await settle();
  deepStrictEqual(stream.written, ["answer"]);
  transport.close();
});

Deno.test("TcpTransport.send() dials once for all that is sent meanwhile, and keeps their order", async () => {
  const { transport, told, dials, send } = openTransport();
  send("one");
  send("two");
  const stream = new FakeStream("192.0.2.10", 5070);
  dials[0]?.answer.resolve(stream);
  await settle();
  send("three");
  await settle();
  deepStrictEqual([dials.length, stream.written, told], [1, ["one", "two", "three"], []]);
  await stream.arrive(OPTIONS);
  deepStrictEqual(told, ["message 192.0.2.10:5070 wan #1"]);
  transport.close();
});

Deno.test("TcpTransport.send() to a dead peer holds nobody else up", async () => {
  const { transport, dials, call, send } = openTransport();
  const phone = await call();
  send("to the dead");
  send("to the phone", { side: "lan", peer: PHONE });
  await settle();
  deepStrictEqual([dials.length, phone.written], [1, ["to the phone"]]);
  transport.close();
  await settle();
});

Deno.test("TcpTransport reports what a refused dial leaves behind, and what follows at once", async () => {
  const { transport, told, dials, send } = openTransport();
  send("one");
  dials[0]?.answer.reject(new Deno.errors.ConnectionRefused("no"));
  await settle();
  send("two");
  await settle();
  deepStrictEqual([dials.length, told], [1, [
    "undelivered one refused",
    "undelivered two refused",
  ]]);
  transport.close();
});

Deno.test("TcpTransport reports a dial that takes too long as a time-out", async () => {
  const { transport, told, send } = openTransport({ config: { connectTimeoutMs: 1 } });
  send("one");
  await transport.probe(SERVER);
  await settle();
  strictEqual(told[0], "undelivered one timeout");
  transport.close();
});

Deno.test("TcpTransport.send() never reports before it has returned", () => {
  const { transport, told, send } = openTransport();
  for (let count = 0; count < 65; count++) send("x");
  deepStrictEqual(told, []);
  transport.close();
});

Deno.test("TcpTransport lets 64 messages wait for one dial", async () => {
  const { transport, told, dials, send } = openTransport();
  for (let count = 0; count < 65; count++) send(`${count}`);
  await settle();
  deepStrictEqual(told, ["undelivered 64 refused"]);
  const stream = new FakeStream("192.0.2.10", 5070);
  dials[0]?.answer.resolve(stream);
  await settle();
  strictEqual(
    stream.written.join(" "),
    `0 ${Array.from({ length: 63 }, (_, at) => at + 1).join("")}`,
  );
  transport.close();
});

Deno.test("TcpTransport reports what a peer has not read when it goes", async () => {
  const { transport, told, call, send } = openTransport();
  const stream = await call();
  stream.stall();
  send("lost", { side: "lan", peer: PHONE });
  await stream.arrive(null);
  stream.close();
  await settle();
  deepStrictEqual(told, ["undelivered lost refused"]);
  strictEqual(transport.connections, 0);
  transport.close();
});

Deno.test("TcpTransport.sweep() closes an idle connection, but not a registered phone's", async () => {
  const { transport, clock, call } = openTransport({ kept: [PHONE] });
  const phone = await call();
  const stranger = await call("10.0.0.66", 40_002);
  clock.nowMs = 599_999;
  transport.sweep();
  const before = [phone.isClosed, stranger.isClosed];
  clock.nowMs = 600_000;
  transport.sweep();
  deepStrictEqual([before, [phone.isClosed, stranger.isClosed]], [[false, false], [false, true]]);
  transport.close();
});

Deno.test("TcpTransport.retune() obeys another idle time and another keep-alive", async () => {
  const { transport, clock, call } = openTransport();
  const stream = await call();
  transport.retune({ timeoutSeconds: 30, connectTimeoutMs: 500, keepaliveSeconds: 20 });
  clock.nowMs = 20_000;
  transport.sweep();
  await settle();
  clock.nowMs = 30_000;
  transport.sweep();
  deepStrictEqual([stream.written, stream.isClosed], [["\r\n"], true]);
  transport.close();
});

Deno.test("TcpTransport.sweep() sends nothing while keep-alives are off", async () => {
  const { transport, clock, call } = openTransport();
  const stream = await call();
  for (clock.nowMs = 0; clock.nowMs < 300_000; clock.nowMs += 5_000) transport.sweep();
  await settle();
  deepStrictEqual([stream.written, stream.isClosed], [[], false]);
  transport.close();
});

Deno.test("TcpTransport.sweep() closes who begins a message and does not end it (R15)", async () => {
  const { transport, clock, told, call } = openTransport({ kept: [PHONE] });
  const stream = await call();
  await stream.arrive("OPTIONS sip");
  clock.nowMs = 10_000;
  transport.sweep();
  deepStrictEqual([stream.isClosed, told], [true, ["closed partial-message"]]);
  transport.close();
});

Deno.test("TcpTransport refuses more connections of one address than it may have (R15)", async () => {
  const limits = { maxConnections: 10, maxConnectionsPerSource: 2 };
  const { transport, told, call } = openTransport({ limits });
  const streams = [await call(), await call("10.0.0.10", 2), await call("10.0.0.10", 3)];
  streams.push(await call("10.0.0.11", 4));
  deepStrictEqual(streams.map(({ isClosed }) => isClosed), [false, false, true, false]);
  deepStrictEqual([told, transport.connections], [["closed source-full"], 3]);
  streams[0]?.arrive(null);
  await settle();
  strictEqual((await call("10.0.0.10", 5)).isClosed, false);
  transport.close();
});

Deno.test("TcpTransport makes room in a full table: the silent first, a registered phone never (R15)", async () => {
  const limits = { maxConnections: 3, maxConnectionsPerSource: 3 };
  const { transport, clock, told, call } = openTransport({ limits, kept: [PHONE] });
  const phone = await call();
  clock.nowMs = 1;
  const talker = await call("10.0.0.11", 1);
  await talker.arrive(OPTIONS);
  clock.nowMs = 2;
  const silent = await call("10.0.0.12", 1);
  clock.nowMs = 3;
  const next = await call("10.0.0.13", 1);
  deepStrictEqual([phone, talker, silent, next].map(({ isClosed }) => isClosed), [
    false,
    false,
    true,
    false,
  ]);
  deepStrictEqual([told.at(-1), transport.connections], ["closed evicted", 3]);
  transport.close();
});

Deno.test("TcpTransport refuses a connection when every other is needed", async () => {
  const limits = { maxConnections: 1, maxConnectionsPerSource: 3 };
  const { transport, told, call } = openTransport({ limits, kept: [PHONE] });
  const phone = await call();
  const other = await call("10.0.0.11", 1);
  deepStrictEqual([phone.isClosed, other.isClosed, told], [false, true, ["closed table-full"]]);
  transport.close();
});

Deno.test("TcpTransport.listen() closes the connections of an address that is gone", async () => {
  const { transport, call } = openTransport();
  const stream = await call();
  transport.listen([WAN], "after-crash");
  deepStrictEqual([stream.isClosed, transport.connections], [true, 0]);
  transport.close();
});

Deno.test("TcpTransport.probe() finds out whether a server takes streams, and says so", async () => {
  const { transport, dials, told } = openTransport();
  const seen = [transport.reach(SERVER)];
  const probing = transport.probe(SERVER);
  dials[0]?.answer.reject(new Deno.errors.ConnectionRefused("no"));
  await probing;
  seen.push(transport.reach(SERVER));
  const other = peer("192.0.2.11:5060");
  const second = transport.probe(other);
  dials[1]?.answer.resolve(new FakeStream("192.0.2.11", 5060));
  await second;
  seen.push(transport.reach(other));
  deepStrictEqual(seen, ["unknown", "refused", "open"]);
  deepStrictEqual(told, [
    "Cannot connect to 192.0.2.10:5070/tcp: large requests go by UDP and may be lost",
    "Large requests to 192.0.2.11:5060 go by TCP (RFC 3261 section 18.1.1)",
  ]);
  transport.close();
});

Deno.test("TcpTransport.close() ends listeners, dials and connections and reports nothing", async () => {
  const { transport, told, live, call, send } = openTransport();
  const stream = await call();
  stream.stall();
  send("queued", { side: "lan", peer: PHONE });
  send("dialling");
  transport.close();
  await settle();
  deepStrictEqual([told, live(), stream.isClosed, transport.connections], [[], [], true, 0]);
});
