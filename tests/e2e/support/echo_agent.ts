/**
 * A media endpoint without a telephone: sends every packet back to where it came from.
 *
 * Runs as a program of its own inside a namespace: `deno run echo_agent.ts ADDRESS PORT…`. Prints
 * one JSON line every 200 ms: port → packets received. It knows nothing of SIP. Started by echo.ts.
 *
 * @module
 */

const PRINT_INTERVAL_MS = 200;
/** Larger than any RTP packet of a voice call. */
const BUFFER_BYTES = 2048;

async function echo(socket: Deno.DatagramConn, count: () => void): Promise<void> {
  const buffer = new Uint8Array(BUFFER_BYTES);
  for (;;) {
    const [packet, from] = await socket.receive(buffer);
    count();
    await socket.send(packet, from).catch(() => 0);
  }
}

if (import.meta.main) {
  const [hostname = "127.0.0.1", ...ports] = Deno.args;
  const counts: Record<string, number> = {};
  for (const port of ports) {
    counts[port] = 0;
    const socket = Deno.listenDatagram({ transport: "udp", hostname, port: Number(port) });
    echo(socket, () => counts[port] = (counts[port] ?? 0) + 1);
  }
  console.log(JSON.stringify(counts));
  setInterval(() => console.log(JSON.stringify(counts)), PRINT_INTERVAL_MS);
}
