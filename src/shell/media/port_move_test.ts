import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { findFreePorts } from "../../cli/demo/free_ports.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { ip, SipPeer } from "../../../tests/support/sip_peer.ts";
import { SipTransports } from "../signalling/sip_transports.ts";
import { TcpTransport } from "../transport/tcp_transport.ts";
import { UdpTransport } from "../transport/udp_transport.ts";

const [LAN, WAN] = ["127.13.0.1", "127.23.0.1"] as const;
const TCP = { timeoutSeconds: 600, connectTimeoutMs: 500, keepaliveSeconds: 0 };

/** Both transports on two addresses and a free port. */
function setUp() {
  const logs: LogEvent[] = [];
  const heard: string[] = [];
  const port = findFreePorts([LAN, WAN], 1) ?? 0;
  const onLog = (event: LogEvent) => logs.push(event);
  const udp = new UdpTransport({ port }, {
    onDatagram: (data, { listenPoint }) =>
      heard.push(`${new TextDecoder().decode(data)} on ${listenPoint.local.port}`),
    onSendFailed: () => {},
    onOpen: () => {},
    onLog,
  });
  const now = () => performance.now();
  const tcp = new TcpTransport({ port, config: TCP, now, keptPeers: () => () => false }, {
    onMessage: () => {},
    onUndelivered: () => {},
    onClosed: () => {},
    onLog,
  });
  const transports = new SipTransports(udp, tcp);
  const wanted = [{ role: "lan", address: ip(LAN) }, { role: "wan", address: ip(WAN) }] as const;
  strictEqual(transports.listen(wanted, "first"), undefined);
  return { transports, port, heard };
}

/** Asks until a datagram is heard; a socket that is closed hears none. */
async function reaches(heard: string[], port: number): Promise<boolean> {
  const peer = new SipPeer("127.13.0.2");
  heard.length = 0;
  for (let tries = 0; heard.length === 0 && tries < 20; tries++) {
    await peer.send("hello", { hostname: LAN, port });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  peer.close();
  return heard[0] === `hello on ${port}`;
}

async function accepts(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: WAN, port })).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test("SipTransports.moveTo() serves the same addresses on another port", async () => {
  const { transports, port, heard } = setUp();
  const other = findFreePorts([LAN, WAN], 1) ?? 0;
  const failure = transports.moveTo(other);
  const points = transports.listenPoints.map(({ local }) => `${local.address}:${local.port}`);
  const served = [await reaches(heard, other), await accepts(other), await accepts(port)];
  transports.close();
  deepStrictEqual([failure, served], [undefined, [true, true, false]]);
  deepStrictEqual(points, [`${LAN}:${other}`, `${WAN}:${other}`]);
});

for (const transport of ["udp", "tcp"] as const) {
  Deno.test(`SipTransports.moveTo() stays when the ${transport} port of one address is taken`, async () => {
    const { transports, port, heard } = setUp();
    const other = findFreePorts([LAN, WAN], 1) ?? 0;
    const taker = transport === "udp"
      ? Deno.listenDatagram({ transport: "udp", hostname: WAN, port: other })
      : Deno.listen({ hostname: WAN, port: other });
    const failure = transports.moveTo(other);
    const served = [await reaches(heard, port), await accepts(port)];
    taker.close();
    const again = transports.moveTo(other);
    transports.close();
    match(
      failure ?? "",
      new RegExp(`^Cannot listen on ${WAN}:${other}/${transport}: Address already in use`),
    );
    deepStrictEqual([served, again], [[true, true], undefined]);
  });
}
