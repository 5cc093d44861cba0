import { parseIpAddress } from "../../base/ip_address.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { HostPort } from "../../config/config.ts";
import { formatSyslog } from "../../log/format_event.ts";
import type { EventFormat } from "../../log/stamped_event.ts";
import { LineSender } from "./line_sender.ts";

/** Folders where a socket of our own can be bound for a moment; a jail of the service manager may hide some. */
const SOCKET_FOLDERS: readonly string[] = ["/tmp", "/run/siproxd", "/var/lib/siproxd", "/var/tmp"];

/** Longest look-up of the syslog server's name. */
const LOOK_UP_TIMEOUT_MS = 1500;

/** A syslog daemon that lines can be sent to. */
export interface SyslogSink {
  readonly format: EventFormat;
  readonly sender: LineSender;
}

/**
 * Opens the socket of the local syslog daemon.
 *
 * The runtime sends unix datagrams from a bound socket only, so one is bound and its name removed at once.
 *
 * @param path usually /dev/log
 * @returns the sink, or one line why there is none
 */
export function openLocalSyslog(path: string): Result<SyslogSink> {
  const reason = whyNotReachable(path);
  if (reason !== undefined) return err(`Cannot use syslog at "${path}": ${reason}`);
  const socket = bindOwnSocket();
  if (socket === undefined) {
    return err(`Cannot use syslog at "${path}": no folder to bind an own socket in`);
  }
  const address = { transport: "unixpacket" as const, path };
  const format: EventFormat = (stamped) => formatSyslog(stamped, { processId: Deno.pid });
  return ok(makeSink(socket, { address, format }));
}

/**
 * Opens a UDP socket to a syslog daemon elsewhere (RFC 3164 §2); a name is looked up once.
 *
 * @param server address or name, and port
 * @returns the sink, or one line why there is none
 */
export async function openSyslogServer(server: HostPort): Promise<Result<SyslogSink>> {
  const name = `${server.host}:${server.port}`;
  try {
    const hostname = parseIpAddress(server.host) ?? await lookUp(server.host);
    if (hostname === undefined) return err(`Cannot use syslog server ${name}: no address found`);
    const any = hostname.includes(":") ? "::" : "0.0.0.0";
    const socket = Deno.listenDatagram({ transport: "udp", hostname: any, port: 0 });
    const address = Object.freeze({ transport: "udp" as const, hostname, port: server.port });
    const own = ownName();
    const identity = { processId: Deno.pid, ...(own !== undefined && { hostName: own }) };
    return ok(makeSink(socket, { address, format: (stamped) => formatSyslog(stamped, identity) }));
  } catch (error) {
    return err(`Cannot use syslog server ${name}: ${reasonOf(error)}`);
  }
}

function makeSink(
  socket: Deno.DatagramConn,
  to: { readonly address: Deno.Addr; readonly format: EventFormat },
): SyslogSink {
  const { address, format } = to;
  const lostLine = (count: number) =>
    format({
      event: {
        level: "warning",
        component: "siproxd",
        event: "log.suppressed",
        text: `suppressed ${count} log events`,
      },
      atMs: Date.now(),
      zoneOffsetMs: new Date().getTimezoneOffset() * -60_000,
    });
  const sender = new LineSender({
    send: (datagram) => socket.send(datagram, address),
    close: () => socket.close(),
    lostLine,
  });
  return { format, sender };
}

function whyNotReachable(path: string): string | undefined {
  for (const name of ["read", "write"] as const) {
    if (Deno.permissions.querySync({ name, path }).state !== "granted") {
      return `no permission to ${name} it`;
    }
  }
  try {
    return Deno.statSync(path).isSocket === true ? undefined : "it is no socket";
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "no such socket" : reasonOf(error);
  }
}

function bindOwnSocket(): Deno.DatagramConn | undefined {
  const name = `siproxd-${Deno.pid}-${crypto.randomUUID()}.sock`;
  for (const folder of SOCKET_FOLDERS) {
    const path = `${folder}/${name}`;
    const isGranted = (["read", "write"] as const).every((kind) =>
      Deno.permissions.querySync({ name: kind, path }).state === "granted"
    );
    if (!isGranted) continue;
    try {
      const socket = Deno.listenDatagram({ transport: "unixpacket", path });
      Deno.removeSync(path);
      return socket;
    } catch {
      continue;
    }
  }
  return undefined;
}

async function lookUp(host: string): Promise<string | undefined> {
  const signal = AbortSignal.timeout(LOOK_UP_TIMEOUT_MS);
  for (const type of ["A", "AAAA"] as const) {
    try {
      const [address] = await Deno.resolveDns(host, type, { signal });
      if (address !== undefined) return address;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** The receiver puts the sender's address in where we may not know our name (RFC 3164 §4.3.2). */
function ownName(): string | undefined {
  const permission = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  return permission.state === "granted" ? Deno.hostname() : undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
