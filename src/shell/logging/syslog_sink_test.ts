import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { StampedEvent } from "../../log/stamped_event.ts";
import { openLocalSyslog, openSyslogServer, type SyslogSink } from "./syslog_sink.ts";

const stamped: StampedEvent = {
  event: { level: "warning", component: "dns", event: "dns.slow", text: "slow\nname" },
  atMs: Date.parse("2026-11-24T08:38:07.045Z"),
  zoneOffsetMs: 0,
};

const LINE = `<29>Nov 24 08:38:07 siproxd[${Deno.pid}]: dns WARNING:slow\\x0aname`;

function write(sink: SyslogSink): void {
  sink.sender.write(sink.format(stamped));
}

async function nextLine(socket: Deno.DatagramConn): Promise<string> {
  const [data] = await socket.receive();
  return new TextDecoder().decode(data);
}

Deno.test("openLocalSyslog() writes to a syslog daemon's socket and leaves no file behind", async () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/log`;
  const daemon = Deno.listenDatagram({ transport: "unixpacket", path });
  const opened = openLocalSyslog(path);
  if (!opened.ok) throw new Error(opened.error);
  write(opened.value);
  strictEqual(await nextLine(daemon), LINE);
  const left = [...Deno.readDirSync("/tmp")].filter(({ name }) =>
    name.startsWith(`siproxd-${Deno.pid}-`)
  );
  // The daemon restarts: its socket is another one of the same name.
  daemon.close();
  Deno.removeSync(path);
  const restarted = Deno.listenDatagram({ transport: "unixpacket", path });
  write(opened.value);
  strictEqual(await nextLine(restarted), LINE);
  await opened.value.sender.close();
  restarted.close();
  Deno.removeSync(folder, { recursive: true });
  deepStrictEqual(left, []);
});

Deno.test("openLocalSyslog() says why there is no syslog", () => {
  const file = Deno.makeTempFileSync();
  const results = [openLocalSyslog("/nowhere/log"), openLocalSyslog(file)];
  Deno.removeSync(file);
  deepStrictEqual(results.map((result) => result.ok ? "" : result.error.replace(file, "F")), [
    'Cannot use syslog at "/nowhere/log": no such socket',
    'Cannot use syslog at "F": it is no socket',
  ]);
});

Deno.test("openSyslogServer() sends datagrams that name this host", async () => {
  const server = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const { addr } = server;
  const port = addr.transport === "udp" ? addr.port : 0;
  const opened = await openSyslogServer({ host: "127.0.0.1", port });
  if (!opened.ok) throw new Error(opened.error);
  write(opened.value);
  strictEqual(await nextLine(server), LINE.replace(" siproxd[", ` ${Deno.hostname()} siproxd[`));
  await opened.value.sender.close();
  server.close();
});

Deno.test("openSyslogServer() says when a name has no address", async () => {
  const opened = await openSyslogServer({ host: "nowhere.invalid", port: 514 });
  match(opened.ok ? "" : opened.error, /^Cannot use syslog server nowhere\.invalid:514: /);
});
