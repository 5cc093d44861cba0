import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type DebugPort, openDebugPort } from "./debug_port.ts";

const HOST = "127.0.0.1";

interface Bench {
  readonly port: DebugPort;
  /** What the debug port logged; each is waited for. */
  readonly said: (pattern: RegExp) => Promise<string>;
}

/** Opens a debug port on a free port. */
function setUp(): Bench {
  const texts: string[] = [];
  let wake = (): void => {};
  const opened = openDebugPort({
    hostname: HOST,
    port: 0,
    greeting: () => ["siproxd-1.0", "debug pattern 0x4"],
    onLog: ({ text = "" }) => {
      texts.push(text);
      wake();
    },
  });
  if (!opened.ok) throw new Error(opened.error);
  const said = async (pattern: RegExp) => {
    for (;;) {
      const found = texts.find((text) => pattern.test(text));
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => wake = resolve);
    }
  };
  return { port: opened.value, said };
}

async function readUntil(connection: Deno.TcpConn, wanted: string): Promise<string> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  while (!text.includes(wanted)) {
    const length = await connection.read(buffer);
    if (length === null) return `${text}<end>`;
    text += new TextDecoder().decode(buffer.subarray(0, length));
  }
  return text;
}

Deno.test("DebugPort greets a watcher and shows him lines", async () => {
  const { port, said } = setUp();
  const watcher = await Deno.connect({ hostname: HOST, port: port.port });
  await said(/^Accepted DEBUG TCP connection from 127\.0\.0\.1:\d+$/);
  port.write("line 1");
  port.write("line 2");
  strictEqual(
    await readUntil(watcher, "line 2\n"),
    "siproxd-1.0\ndebug pattern 0x4\nline 1\nline 2\n",
  );
  port.close();
  strictEqual(await readUntil(watcher, "nothing"), "<end>");
  watcher.close();
});

Deno.test("DebugPort refuses a second watcher and takes the next one after the first", async () => {
  const { port, said } = setUp();
  const first = await Deno.connect({ hostname: HOST, port: port.port });
  await readUntil(first, "0x4\n");
  const second = await Deno.connect({ hostname: HOST, port: port.port });
  await said(/^Rejected DEBUG TCP connection from 127\.0\.0\.1:\d+$/);
  strictEqual(await readUntil(second, "x"), "<end>");
  port.write("still here");
  strictEqual(await readUntil(first, "here\n"), "still here\n");
  first.close();
  await said(/^Disconnected DEBUG TCP connection/);
  const third = await Deno.connect({ hostname: HOST, port: port.port });
  match(await readUntil(third, "0x4\n"), /^siproxd-1\.0\n/);
  for (const connection of [second, third]) connection.close();
  port.close();
});

Deno.test("DebugPort drops a watcher that does not read, and keeps what it throws at us out", async () => {
  const { port, said } = setUp();
  const watcher = await Deno.connect({ hostname: HOST, port: port.port });
  await readUntil(watcher, "0x4\n");
  await watcher.write(new TextEncoder().encode("INVITE sip:x SIP/2.0\r\n".repeat(100)));
  const line = "x".repeat(64 * 1024);
  // Socket buffers take some megabytes; what they do not take waits in vain.
  for (let index = 0; index < 400; index++) port.write(line);
  await said(/^DEBUG TCP connection is too slow, closing it$/);
  port.write("nobody sees this");
  watcher.close();
  port.close();
});

Deno.test("DebugPort forgets lines that nobody watches", async () => {
  const { port } = setUp();
  for (let index = 0; index < 1000; index++) port.write("x");
  const watcher = await Deno.connect({ hostname: HOST, port: port.port });
  strictEqual(await readUntil(watcher, "0x4\n"), "siproxd-1.0\ndebug pattern 0x4\n");
  watcher.close();
  port.close();
});

Deno.test("openDebugPort() says when its port is taken", () => {
  const { port } = setUp();
  const opened = openDebugPort({
    hostname: HOST,
    port: port.port,
    greeting: () => [],
    onLog: () => {},
  });
  port.close();
  ok(!opened.ok);
  deepStrictEqual(
    opened.error.replace(`${port.port}`, "PORT").slice(0, 61),
    "Cannot open debug port 127.0.0.1:PORT: Address already in use",
  );
});
