/**
 * The aarch64 binary under user-mode emulation: it starts on loopback and answers an OPTIONS.
 * It carries no call; the other end-to-end tests do that with the binary of this machine.
 * Needs Debian's qemu-user-static, libc6-arm64-cross and libgcc-s1-arm64-cross.
 *
 * @module
 */

const ROOT = new URL("../../", import.meta.url).pathname;
const EMULATOR = ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"] as const;
const ADDRESS = "127.0.0.1";

/** Emulated, the start takes about ten seconds; ten times the machine's noise is allowed for. */
const START_TIMEOUT_MS = 60_000;

/** Time between two OPTIONS, T1 of RFC 3261 §17.1.1.1. */
const RETRY_MS = 500;

/** Emulated, an end takes as long as a few round trips between isolates. */
const STOP_TIMEOUT_MS = 10_000;

function portOf(socket: Deno.DatagramConn): number {
  return socket.addr.transport === "udp" ? socket.addr.port : 0;
}

function freePort(): number {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: ADDRESS, port: 0 });
  socket.close();
  return portOf(socket);
}

/** An OPTIONS with Max-Forwards 0, which a proxy answers itself (RFC 3261 §11). */
function optionsRequest(fromPort: number, port: number): Uint8Array {
  const branch = `z9hG4bK-${crypto.randomUUID()}`;
  return new TextEncoder().encode([
    `OPTIONS sip:${ADDRESS}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${ADDRESS}:${fromPort};branch=${branch};rport`,
    "Max-Forwards: 0",
    `From: <sip:check@${ADDRESS}>;tag=check`,
    `To: <sip:${ADDRESS}:${port}>`,
    `Call-ID: ${branch}`,
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n"));
}

/** Longest UDP payload. */
const MAX_DATAGRAM_LENGTH_BYTES = 65_535;

async function firstAnswer(socket: Deno.DatagramConn): Promise<string> {
  const [answer] = await socket.receive(new Uint8Array(MAX_DATAGRAM_LENGTH_BYTES));
  return new TextDecoder().decode(answer).split("\r\n", 1)[0] ?? "";
}

/** Sends until somebody answers; nobody does before the daemon has started. */
async function askUntilAnswered(port: number, ended: Promise<unknown>): Promise<string> {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: ADDRESS, port: 0 });
  const request = optionsRequest(portOf(socket), port);
  const target = { transport: "udp", hostname: ADDRESS, port } as const;
  const retry = setInterval(() => void socket.send(request, target).catch(() => 0), RETRY_MS);
  const timeout = Promise.withResolvers<string>();
  const timer = setTimeout(() => timeout.resolve("no answer"), START_TIMEOUT_MS);
  try {
    return await Promise.race([
      firstAnswer(socket).catch(() => "the socket was closed"),
      timeout.promise,
      ended.then(() => "the daemon ended"),
    ]);
  } finally {
    clearInterval(retry);
    clearTimeout(timer);
    socket.close();
  }
}

/** Ends the emulator, by force if it does not follow. */
async function stop(child: Deno.ChildProcess): Promise<void> {
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  try {
    child.kill("SIGTERM");
  } catch {
    // It has ended by itself.
  }
  await child.status;
  clearTimeout(force);
}

async function main(): Promise<number> {
  const port = freePort();
  const [command, ...args] = EMULATOR;
  const settings = [
    `if_inbound=${ADDRESS}`,
    `if_outbound=${ADDRESS}`,
    `sip_listen_port=${port}`,
    "rtp_port_low=27070",
    "rtp_port_high=27089",
  ];
  const child = new Deno.Command(command, {
    args: [
      ...args,
      `${ROOT}dist/siproxd-aarch64`,
      ...settings.flatMap((setting) => ["--set", setting]),
    ],
    stdin: "null",
  }).spawn();
  const status = await askUntilAnswered(port, child.status);
  await stop(child);
  const isGood = status.startsWith("SIP/2.0 200");
  console.log(`${isGood ? "ok" : "FAILED"} aarch64: answer to OPTIONS: ${status}`);
  console.log(isGood ? "1 passed, 0 failed" : "0 passed, 1 failed");
  return isGood ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
