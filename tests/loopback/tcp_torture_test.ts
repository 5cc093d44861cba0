import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Socket } from "node:net";
import { headerValue } from "../../src/cli/demo/sip_text.ts";
import { type LoopbackDaemon, startLoopbackDaemon } from "../support/loopback_daemon.ts";
import { seededRandom } from "../support/seeded_random.ts";
import { SipPeer } from "../support/sip_peer.ts";
import { requestText, seen } from "../support/tcp_messages.ts";
import { connectAs, TcpPeer, TcpServer } from "../support/tcp_peer.ts";

const REGISTRAR = "127.21.0.2";
const MESSAGES = 1_000;

/** Longest piece of a cut: some hold three messages, some a few octets. */
const MAX_PIECE_LENGTH = 1_500;

/** Connections that begin a message and go on an octet at a time, and such that say nothing. */
const SLOW = 500;
const SILENT = 200;

/** What one address may have stays below the daemon's limit. */
const PER_ADDRESS = 100;

/** Round trip of an OPTIONS by UDP that counts as delayed; an idle daemon needs two milliseconds, a busy machine more. */
const DELAYED_MS = 2_000;

async function counterOf(daemon: LoopbackDaemon, name: string): Promise<number> {
  const { signalling } = await daemon.supervisor.statistics();
  return signalling?.counters.get(name) ?? 0;
}

Deno.test("1,000 messages cut and glued at random places are 1,000 messages forwarded", async () => {
  const daemon = await startLoopbackDaemon();
  const server = new TcpServer(REGISTRAR);
  const phone = await TcpPeer.to(daemon.lan);
  const domain = `${server.hostname}:${server.port}`;
  const parts = {
    method: "REGISTER",
    uri: `sip:${domain}`,
    from: phone,
    transport: "TCP",
  } as const;
  const sent = Array.from({ length: MESSAGES }, (_, index) => {
    const body = "x".repeat(index % 700);
    return requestText({ ...parts, domain, callId: `call-${index}`, user: `user${index}`, body });
  });
  // The first opens the way, so that the others do not all wait for one dial.
  await phone.send(sent[0] ?? "");
  const registrar = await server.accept();
  const heard = [await registrar.next()];
  const random = seededRandom(61);
  const rest = sent.slice(1).join("\r\n");
  const sending = (async () => {
    for (let at = 0; at < rest.length;) {
      const length = 1 + Math.floor(random() ** 3 * MAX_PIECE_LENGTH);
      await phone.send(rest.slice(at, at + length));
      at += length;
    }
  })();
  while (heard.length < MESSAGES) {
    const message = await registrar.next();
    if (message === undefined) break;
    heard.push(message);
  }
  await sending;
  const bugs = await counterOf(daemon, "sip_bug");
  await daemon.supervisor.stop();
  phone.close();
  server.close();
  const callIds = heard.map((message) => headerValue(message ?? "", "Call-ID"));
  deepStrictEqual(callIds, sent.map((_, index) => `call-${index}`));
  deepStrictEqual(
    heard.map((message) => (message ?? "").split("\r\n\r\n")[1]?.length),
    sent.map((_, index) => index % 700),
  );
  strictEqual(bugs, 0);
});

Deno.test("500 slow and 200 silent connections delay no OPTIONS by UDP (R15)", async () => {
  const daemon = await startLoopbackDaemon();
  const peer = new SipPeer("127.11.0.2");
  const sockets: Socket[] = [];
  const connecting = Array.from({ length: SLOW + SILENT }, async (_, index) => {
    sockets.push(await connectAs(`127.30.0.${1 + Math.floor(index / PER_ADDRESS)}`, daemon.lan));
  });
  const tripsMs: number[] = [];
  const ask = async () => {
    const startMs = performance.now();
    await peer.send(peer.options(daemon.lan), daemon.lan);
    const answer = await peer.next(DELAYED_MS * 4);
    tripsMs.push(answer === undefined ? Infinity : performance.now() - startMs);
  };
  await ask();
  await Promise.all(connecting);
  for (const octet of "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0") {
    for (const slow of sockets.slice(0, SLOW)) slow.write(octet);
    await ask();
  }
  const closed = await counterOf(daemon, "sip_stream_closed{source-full}");
  for (const socket of sockets) socket.destroy();
  await daemon.supervisor.stop();
  peer.close();
  const delayed = tripsMs.filter((tripMs) => tripMs > DELAYED_MS);
  deepStrictEqual([sockets.length, closed], [SLOW + SILENT, 0]);
  // A busy machine delays one now and then; connections that held the daemon up would delay nearly all.
  ok(delayed.length <= tripsMs.length / 10, `${delayed} of ${tripsMs.length}`);
});

Deno.test("one address gets no more than its share of connections (R15)", async () => {
  const daemon = await startLoopbackDaemon();
  const sockets = await Promise.all(
    Array.from({ length: 140 }, () => connectAs("127.30.0.9", daemon.lan)),
  );
  const phone = await TcpPeer.to(daemon.lan);
  const { hostname: domain, port } = daemon.lan;
  const parts = { method: "OPTIONS", from: phone, transport: "TCP", domain } as const;
  await phone.send(requestText({ ...parts, uri: `sip:${domain}:${port}` }));
  const answer = seen(await phone.next(), "")[0];
  const refused = await counterOf(daemon, "sip_stream_closed{source-full}");
  for (const socket of sockets) socket.destroy();
  await daemon.supervisor.stop();
  phone.close();
  deepStrictEqual([answer, refused], ["SIP/2.0 200 OK", 12]);
});

Deno.test("a server that reads nothing loses its connection, and the senders are told", async () => {
  const daemon = await startLoopbackDaemon();
  const server = new TcpServer(REGISTRAR);
  const phone = await TcpPeer.to(daemon.lan);
  const domain = `${server.hostname}:${server.port}`;
  const parts = {
    method: "REGISTER",
    uri: `sip:${domain}`,
    from: phone,
    transport: "TCP",
  } as const;
  const next = () => requestText({ ...parts, domain, body: "x".repeat(60_000) });
  await phone.send(next());
  await server.accept("deaf");
  let answer: string | undefined;
  // Loopback buffers hold some megabytes.
  for (let count = 0; count < 400 && answer === undefined; count++) {
    await phone.send(next());
    answer = await phone.next(1);
  }
  const closed = await counterOf(daemon, "sip_stream_closed{slow-reader}");
  await daemon.supervisor.stop();
  phone.close();
  server.close();
  strictEqual(seen(answer, "")[0], "SIP/2.0 503 Service Unavailable");
  ok(closed >= 1);
});
