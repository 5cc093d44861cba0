import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type LoopbackDaemon, startLoopbackDaemon } from "../support/loopback_daemon.ts";
import { SipPeer } from "../support/sip_peer.ts";
import { okText, requestText, seen } from "../support/tcp_messages.ts";
import { type Place, TcpPeer, TcpServer } from "../support/tcp_peer.ts";

const REGISTRAR = "127.21.0.2";

/** A REGISTER of a phone for a registrar, or for the daemon itself. */
function register(
  phone: Place,
  registrar: Place,
  headers: readonly (readonly [string, string])[] = [],
) {
  const domain = `${registrar.hostname}:${registrar.port}`;
  const uri = `sip:${domain}`;
  return requestText({ method: "REGISTER", uri, from: phone, transport: "TCP", domain, headers });
}

function options(phone: Place, daemon: LoopbackDaemon, body = "") {
  const { hostname: domain, port } = daemon.lan;
  const uri = `sip:${domain}:${port}`;
  return requestText({ method: "OPTIONS", uri, from: phone, transport: "TCP", domain, body });
}

async function counterOf(daemon: LoopbackDaemon, name: string): Promise<number> {
  const { signalling } = await daemon.supervisor.statistics();
  return signalling?.counters.get(name) ?? 0;
}

Deno.test("row 61: a TCP REGISTER split in mid-line goes out once over TCP and is answered on its connection", async () => {
  const daemon = await startLoopbackDaemon();
  const server = new TcpServer(REGISTRAR);
  const phone = await TcpPeer.to(daemon.lan);
  const text = register(phone, server);
  await phone.send(text.slice(0, 37));
  await phone.send(text.slice(37, 38));
  await phone.send(text.slice(38));
  const registrar = await server.accept();
  const request = await registrar.next() ?? "";
  await registrar.send(okText(request));
  const answer = await phone.next();
  const again = await registrar.next(100);
  await daemon.supervisor.stop();
  phone.close();
  server.close();
  const vias = request.split("\r\n").filter((line) => line.startsWith("Via:"));
  match(vias[0] ?? "", new RegExp(`^Via: SIP/2.0/TCP ${daemon.wan.hostname}:${daemon.wan.port};`));
  match(vias[1] ?? "", new RegExp(`;received=${phone.hostname};rport=${phone.port}$`));
  match(seen(request, "Contact")[1], /^<sip:alice@127\.21\.0\.1:\d+;transport=tcp>/);
  match(seen(answer, "Contact")[1], new RegExp(`^<sip:alice@${phone.hostname}:${phone.port}>`));
  deepStrictEqual([seen(answer, "")[0], again], ["SIP/2.0 200 OK", undefined]);
});

Deno.test("row 62: two messages in one segment, and a body in a segment of its own, are all taken", async () => {
  const daemon = await startLoopbackDaemon();
  const phone = await TcpPeer.to(daemon.lan);
  await phone.send(options(phone, daemon) + options(phone, daemon));
  const glued = [await phone.next(), await phone.next()].map((text) => seen(text, "")[0]);
  const [head = "", body = ""] = options(phone, daemon, "hello").split(/(?<=\r\n\r\n)/);
  await phone.send(head);
  await phone.send(body);
  const cut = seen(await phone.next(), "")[0];
  await daemon.supervisor.stop();
  phone.close();
  deepStrictEqual([...glued, cut], ["SIP/2.0 200 OK", "SIP/2.0 200 OK", "SIP/2.0 200 OK"]);
});

Deno.test("row 63: CRLF is ignored, a ping is answered, and tcp_keepalive sends CRLF", async () => {
  const silent = await startLoopbackDaemon();
  const first = await TcpPeer.to(silent.lan);
  await first.send("\r\n");
  await first.send(options(first, silent));
  const answer = seen(await first.next(), "")[0];
  const unasked = first.keepAlives;
  await first.send("\r\n\r\n");
  const ponged = await first.keptAlive(1);
  await silent.supervisor.stop();
  first.close();
  const lively = await startLoopbackDaemon({ lines: ["tcp_keepalive = 1"] });
  const second = await TcpPeer.to(lively.lan);
  const kept = await second.keptAlive(1);
  await lively.supervisor.stop();
  second.close();
  deepStrictEqual([answer, unasked, ponged, kept], ["SIP/2.0 200 OK", 0, 1, 1]);
});

Deno.test("row 64: an idle connection is closed after tcp_timeout, a registered phone's is not", async () => {
  const daemon = await startLoopbackDaemon({ lines: ["tcp_timeout = 1"] });
  const phone = await TcpPeer.to(daemon.lan);
  await phone.send(register(phone, daemon.lan));
  const registered = seen(await phone.next(), "")[0];
  const stranger = await TcpPeer.to(daemon.lan);
  const isStrangerClosed = await stranger.isClosedWithin();
  await phone.send(options(phone, daemon));
  const answer = seen(await phone.next(), "")[0];
  await daemon.supervisor.stop();
  phone.close();
  deepStrictEqual([registered, isStrangerClosed, answer], [
    "SIP/2.0 200 OK",
    true,
    "SIP/2.0 200 OK",
  ]);
});

Deno.test("row 65: a request without Via and a response with only our Via do no harm", async () => {
  const daemon = await startLoopbackDaemon();
  const phone = await TcpPeer.to(daemon.lan);
  const whole = options(phone, daemon);
  const own = `Via: SIP/2.0/TCP ${daemon.lan.hostname}:${daemon.lan.port};branch=z9hG4bKx`;
  await phone.send(whole.replace(/Via: .*\r\n/, ""));
  await phone.send(okText(whole).replace(/Via: .*/, own));
  await phone.send(whole);
  const answer = seen(await phone.next(), "")[0];
  const bugs = await counterOf(daemon, "sip_bug");
  await daemon.supervisor.stop();
  phone.close();
  deepStrictEqual([answer, bugs], ["SIP/2.0 200 OK", 0]);
});

Deno.test("SIP inside HTTP is never acted on, and its connection is closed (R24)", async () => {
  const daemon = await startLoopbackDaemon();
  const server = new TcpServer(REGISTRAR);
  const browser = await TcpPeer.to(daemon.lan);
  const body = register(browser, server);
  const head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n";
  await browser.send(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
  const isClosed = await browser.isClosedWithin();
  const sent = await counterOf(daemon, "sip_sent");
  const closed = await counterOf(daemon, "sip_stream_closed{not-sip}");
  await daemon.supervisor.stop();
  server.close();
  deepStrictEqual([isClosed, sent, closed], [true, 0, 1]);
});

Deno.test("a phone that registered by TCP is called over that connection, whatever its Contact says", async () => {
  const daemon = await startLoopbackDaemon();
  const caller = new SipPeer(REGISTRAR);
  const phone = await TcpPeer.to(daemon.lan);
  // Nobody listens at this Contact.
  const contact = { hostname: phone.hostname, port: 9 };
  await phone.send(register(contact, daemon.lan));
  await phone.next();
  const { hostname, port } = daemon.wan;
  const uri = `sip:alice@${hostname}:${port}`;
  const domain = `${daemon.lan.hostname}:${daemon.lan.port}`;
  const parts = { method: "INVITE", uri, from: caller, transport: "UDP", domain } as const;
  await caller.send(requestText(parts), daemon.wan);
  const invite = await phone.next() ?? "";
  await phone.send(okText(invite));
  const answer = await caller.next();
  await daemon.supervisor.stop();
  phone.close();
  caller.close();
  match(invite, /^INVITE sip:alice@127\.0\.0\.1:9 SIP\/2\.0\r\n/);
  match(seen(invite, "Via")[1], /^SIP\/2\.0\/TCP /);
  match(seen(invite, "Record-Route")[1], /;transport=tcp;lr>$/);
  match(answer?.text ?? "", /^SIP\/2\.0 200 OK\r\n/);
});

Deno.test("a dial to a dead server holds nobody up, and its sender is told", async () => {
  const daemon = await startLoopbackDaemon();
  const gone = new TcpServer(REGISTRAR);
  gone.close();
  const phone = await TcpPeer.to(daemon.lan);
  await phone.send(register(phone, gone) + options(phone, daemon));
  const answers = [await phone.next(), await phone.next()].map((text) => seen(text, "")[0]);
  await daemon.supervisor.stop();
  phone.close();
  deepStrictEqual(answers.toSorted(), ["SIP/2.0 200 OK", "SIP/2.0 503 Service Unavailable"]);
});

Deno.test("a server that answers no dial is 504 after tcp_connect_timeout, and nobody waits for it", async () => {
  const daemon = await startLoopbackDaemon({ lines: ["tcp_connect_timeout = 400"] });
  // The system answers no further SYN once the accept queue of a listener is full.
  const listener = Deno.listen({ hostname: REGISTRAR, port: 0, tcpBacklog: 1 });
  const full = { hostname: REGISTRAR, port: listener.addr.port };
  const queue = await Promise.all([Deno.connect(full), Deno.connect(full)]);
  const phone = await TcpPeer.to(daemon.lan);
  await phone.send(register(phone, full) + options(phone, daemon));
  const answers = [await phone.next(), await phone.next()].map((text) => seen(text, "")[0]);
  await daemon.supervisor.stop();
  phone.close();
  for (const waiting of queue) waiting.close();
  listener.close();
  deepStrictEqual(answers, ["SIP/2.0 200 OK", "SIP/2.0 504 Server Time-out"]);
});

Deno.test("from TCP to UDP the daemon repeats what is lost", async () => {
  const daemon = await startLoopbackDaemon();
  const registrar = new SipPeer(REGISTRAR);
  const phone = await TcpPeer.to(daemon.lan);
  const route = `<sip:${registrar.hostname}:${registrar.port};transport=udp;lr>`;
  await phone.send(register(phone, registrar, [["Route", route]]));
  const first = await registrar.next();
  const second = await registrar.next();
  await registrar.send(okText(second?.text ?? ""), daemon.wan);
  const answer = seen(await phone.next(), "")[0];
  const third = await registrar.next(1_200);
  await daemon.supervisor.stop();
  phone.close();
  registrar.close();
  ok(first !== undefined);
  deepStrictEqual([second?.text, answer, third], [first.text, "SIP/2.0 200 OK", undefined]);
});

Deno.test("a large request over UDP goes on by TCP where the server takes it", async () => {
  const daemon = await startLoopbackDaemon();
  const server = new TcpServer(REGISTRAR);
  const phone = new SipPeer("127.11.0.2");
  const domain = `${server.hostname}:${server.port}`;
  const parts = {
    method: "REGISTER",
    uri: `sip:${domain}`,
    from: phone,
    transport: "UDP",
  } as const;
  await phone.send(requestText({ ...parts, domain, body: "x".repeat(1_400) }), daemon.lan);
  const registrar = await server.accept();
  const request = await registrar.next() ?? "";
  await registrar.send(okText(request));
  const answer = await phone.next();
  await daemon.supervisor.stop();
  phone.close();
  server.close();
  match(seen(request, "Via")[1], /^SIP\/2\.0\/TCP /);
  match(seen(request, "Contact")[1], /^<sip:alice@127\.21\.0\.1:\d+>/);
  match(answer?.text ?? "", /^SIP\/2\.0 200 OK\r\n/);
  ok(daemon.logs.some(({ text }) => text?.startsWith(`Large requests to ${domain} go by TCP`)));
});

Deno.test("a large request over UDP stays on UDP where the server takes no TCP, and the log says so", async () => {
  const daemon = await startLoopbackDaemon();
  const registrar = new SipPeer(REGISTRAR);
  const phone = new SipPeer("127.11.0.2");
  const domain = `${registrar.hostname}:${registrar.port}`;
  const parts = {
    method: "REGISTER",
    uri: `sip:${domain}`,
    from: phone,
    transport: "UDP",
  } as const;
  await phone.send(requestText({ ...parts, domain, body: "x".repeat(1_400) }), daemon.lan);
  const request = await registrar.next();
  await daemon.supervisor.statistics();
  await daemon.supervisor.stop();
  phone.close();
  registrar.close();
  match(seen(request?.text, "Via")[1], /^SIP\/2\.0\/UDP /);
  const line = `Cannot connect to ${domain}/tcp: large requests go by UDP and may be lost`;
  strictEqual(daemon.logs.some(({ text }) => text === line), true);
});
