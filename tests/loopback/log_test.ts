import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { startProcess } from "../support/daemon_process.ts";
import { findProcessPlace } from "../support/process_place.ts";
import { SipPeer } from "../support/sip_peer.ts";
import { SyslogDaemon } from "../support/syslog_daemon.ts";
import { freeTcpPort } from "../support/free_tcp_port.ts";

async function readUntil(connection: Deno.TcpConn, pattern: RegExp): Promise<string> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  while (!pattern.test(text)) {
    const length = await connection.read(buffer);
    if (length === null) return `${text}<end>`;
    text += new TextDecoder().decode(buffer.subarray(0, length));
  }
  return text;
}

/** Turns the hex dumps of a log back into text. */
function dumpedText(log: string): string {
  return log.split("\n").filter((line) => /^ {2}[0-9a-f]{2} /.test(line))
    .map((line) =>
      line.slice(2, 49).trim().split(" ").map((hex) => String.fromCharCode(parseInt(hex, 16)))
        .join("")
    ).join("");
}

Deno.test("the debug port shows one watcher all levels, with dumps but without credentials", async () => {
  const place = findProcessPlace();
  const port = freeTcpPort();
  const config = place.configure([
    "silence_log = 4",
    "debug_level = NETTRAF",
    `debug_port = ${port}`,
  ]);
  const daemon = startProcess(["-c", config]);
  await daemon.said(`Debug port: nc 127.0.0.1 ${port}; from another machine: ssh -L`);
  await daemon.said(" started");
  const watcher = await Deno.connect({ hostname: "127.0.0.1", port });
  const greeting = await readUntil(watcher, /debug pattern 0x80 NETTRAF\n/);
  const second = await Deno.connect({ hostname: "127.0.0.1", port });
  const refused = await readUntil(second, /<never>/);
  await daemon.said("Rejected DEBUG TCP connection from 127.0.0.1:");
  const phone = new SipPeer("127.12.0.2");
  const secret = 'Authorization: Digest username="alice", response="5ec2e7"';
  await phone.send(phone.options(place.lan).replace("\r\n", `\r\n${secret}\r\n`), place.lan);
  const answer = await phone.next();
  const shown = await readUntil(watcher, /sent \d+ bytes to [^]*---end of BUFFER DUMP---\n/);
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  for (const one of [watcher, second, phone]) one.close();
  place.remove();
  strictEqual(code, 0);
  match(answer?.text ?? "", /^SIP\/2\.0 200 /);
  match(greeting, /^(?:\d\d:\d\d:\d\d\.\d{3} INFO:siproxd Accepted [^\n]+\n)?siproxd-\S+ deno-/);
  strictEqual(refused, "<end>");
  match(shown, /sip received \d+ bytes from 127\.12\.0\.2:\d+\n---BUFFER DUMP follows---\n/);
  match(dumpedText(shown), /^OPTIONS sip:127\.12\.0\.1:\d+ SIP\/2\.0\r\nAuthorization: x/);
  // Standard error got the same dumps.
  for (const text of [shown, log, dumpedText(shown), dumpedText(log)]) {
    strictEqual(/5ec2e7|35 65 63 32 65 37/.test(text), false, text);
  }
});

Deno.test("log_format = json writes one object a line, syslog gets what silence_log lets through", async () => {
  const place = findProcessPlace();
  const syslog = new SyslogDaemon(`${place.folder}/log`);
  const server = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const serverPort = server.addr.transport === "udp" ? server.addr.port : 0;
  const config = place.configure([
    "silence_log = 2",
    "log_format = json",
    `syslog_socket = ${syslog.path}`,
    `syslog_server = 127.0.0.1:${serverPort}`,
    `pid_file = ${place.folder}/no/such/folder`,
  ]);
  const daemon = startProcess(["-c", config]);
  await daemon.said(" started");
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  await syslog.said(/Cannot write pid file/);
  const [datagram] = await server.receive();
  syslog.close();
  server.close();
  place.remove();
  const records = log.trimEnd().split("\n").map((line) => JSON.parse(line));
  strictEqual(code, 0);
  deepStrictEqual(records.at(-1).text, "properly terminating siproxd");
  deepStrictEqual(
    records.filter(({ level }) => level === "warning").map(({ event }) => event),
    ["daemon.pid-file"],
  );
  const line =
    /^<29>\w{3} [ \d]\d [\d:]{8} (?:\S+ )?siproxd\[\d+\]: siproxd WARNING:Cannot write pid/;
  deepStrictEqual(syslog.lines.map((text) => line.test(text)), [true]);
  match(new TextDecoder().decode(datagram), line);
});

Deno.test("log_level opens one component alone", async () => {
  const place = findProcessPlace();
  const config = place.configure(["silence_log = 4", "log_level = sip:debug,siproxd:error"]);
  const daemon = startProcess(["-c", config]);
  await daemon.said("Listening on 127.0.0.1");
  const phone = new SipPeer("127.12.0.2");
  await phone.optionsAnswered(place.lan);
  await daemon.said("---end of BUFFER DUMP---");
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  phone.close();
  place.remove();
  strictEqual(code, 0);
  match(log, / sip received \d+ bytes from /);
  strictEqual(log.includes("INFO:siproxd"), false);
});
