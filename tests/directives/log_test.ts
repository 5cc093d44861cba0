import { deepStrictEqual } from "node:assert/strict";
import { SyslogDaemon } from "../support/syslog_daemon.ts";
import { type DirectiveBench, PATIENCE_MS, SILENCE_MS } from "./directive_bench.ts";
import { effects } from "./effect.ts";
import { becomes } from "./own_daemon.ts";
import { freeTcpPort } from "../support/free_tcp_port.ts";

/** What the daemon writes to its terminal while it answers an OPTIONS, and a moment more. */
async function saidMeanwhile(bench: DirectiveBench): Promise<string> {
  const before = bench.daemon.log().length;
  await bench.phone.optionsAnswered(bench.lan, PATIENCE_MS);
  await rest(SILENCE_MS);
  return bench.daemon.log().slice(before);
}

async function rest(durationMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** Lets the daemon write its statistics, which are lines of level INFO. */
async function askStatistics({ daemon }: DirectiveBench): Promise<void> {
  const told = "signalling: registrations=";
  const times = daemon.log().split(told).length;
  daemon.child.kill("SIGUSR1");
  await daemon.said(told, times);
}

/** Whether a line of statistics gets to a syslog daemon. */
async function hears(
  bench: DirectiveBench,
  how: { readonly syslog: SyslogDaemon; readonly wanted: "line" | "silence" },
): Promise<boolean> {
  const { syslog, wanted } = how;
  syslog.lines.length = 0;
  await askStatistics(bench);
  return await becomes(
    () => syslog.lines.some((line) => line.includes("registrations=")),
    wanted === "line" ? PATIENCE_MS : SILENCE_MS,
  );
}

/** Whether somebody listens there. */
async function isOpen(hostname: string, port: number): Promise<boolean> {
  try {
    const connection = await Deno.connect({ hostname, port });
    connection.close();
    return true;
  } catch {
    return false;
  }
}

effects("the log", [
  {
    directive: "silence_log",
    change: "1 → 3",
    seen: "syslog gets no INFO line",
    run: async (bench) => {
      const syslog = new SyslogDaemon(`${bench.place.folder}/silence`);
      const socket = `syslog_socket = ${syslog.path}`;
      await bench.obey([socket, "silence_log = 1"]);
      const before = await hears(bench, { syslog, wanted: "line" });
      await bench.obey([socket, "silence_log = 3"]);
      const after = await hears(bench, { syslog, wanted: "silence" });
      syslog.close();
      deepStrictEqual([before, after], [true, false]);
    },
  },
  {
    directive: "syslog_socket",
    change: "a socket → another",
    seen: "lines come to the other one alone",
    run: async (bench) => {
      const [one, two] = ["one", "two"].map((name) =>
        new SyslogDaemon(`${bench.place.folder}/${name}`)
      );
      if (one === undefined || two === undefined) throw new Error("no sockets");
      const found: (readonly boolean[])[] = [];
      for (const [used, other] of [[one, two], [two, one]] as const) {
        await bench.obey([`syslog_socket = ${used.path}`, "silence_log = 1"]);
        const isHeard = await hears(bench, { syslog: used, wanted: "line" });
        found.push([isHeard, await hears(bench, { syslog: other, wanted: "silence" })]);
      }
      one.close();
      two.close();
      deepStrictEqual(found, [[true, false], [true, false]]);
    },
  },
  {
    directive: "syslog_server",
    change: "unset → an address",
    seen: "lines come there over UDP",
    run: async (bench) => {
      const server = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
      const lines: string[] = [];
      const reading = (async () => {
        for await (const [data] of server) lines.push(new TextDecoder().decode(data));
      })();
      const port = server.addr.transport === "udp" ? server.addr.port : 0;
      const isTold = async (patienceMs: number) => {
        await askStatistics(bench);
        return await becomes(
          () => lines.some((line) => line.includes("registrations=")),
          patienceMs,
        );
      };
      // Only a daemon that is told to be silent nowhere has a socket to compare with.
      const silent = [`syslog_socket = ${bench.place.folder}/nobody`, "silence_log = 1"];
      await bench.obey(silent);
      const before = await isTold(SILENCE_MS);
      await bench.obey([...silent, `syslog_server = 127.0.0.1:${port}`]);
      const after = await isTold(PATIENCE_MS);
      server.close();
      await reading;
      deepStrictEqual([before, after], [false, true]);
    },
  },
  {
    directive: "debug_level",
    change: "0 → NETTRAF",
    seen: "messages are dumped",
    run: async (bench) => {
      await bench.obey([]);
      const before = await saidMeanwhile(bench);
      await bench.obey(["debug_level = NETTRAF"]);
      const after = await saidMeanwhile(bench);
      const isDumped = [before, after].map((text) => text.includes("---BUFFER DUMP follows---"));
      deepStrictEqual(isDumped, [false, true]);
    },
  },
  {
    directive: "log_level",
    change: "unset → sip:debug",
    seen: "lines of that component come, and of no other",
    run: async (bench) => {
      await bench.obey([]);
      const before = await saidMeanwhile(bench);
      await bench.obey(["log_level = sip:debug"]);
      const after = await saidMeanwhile(bench);
      const isTold = [before, after].map((text) => / sip (?:sip\.)?received /.test(text));
      deepStrictEqual(isTold, [false, true]);
    },
  },
  {
    directive: "log_format",
    change: "text → json",
    seen: "lines are JSON objects",
    run: async (bench) => {
      const level = (line: string): unknown => {
        try {
          return Object(JSON.parse(line))["level"];
        } catch {
          return undefined;
        }
      };
      const levels = async () => {
        const before = bench.daemon.log().length;
        await askStatistics(bench);
        const lines = bench.daemon.log().slice(before).trimEnd().split("\n");
        return [...new Set(lines.map(level))];
      };
      await bench.obey([]);
      const before = await levels();
      await bench.obey(["log_format = json"]);
      deepStrictEqual([before, await levels()], [[undefined], ["info"]]);
    },
  },
  {
    directive: "debug_port",
    change: "0 → a port",
    seen: "the port is open",
    run: async (bench) => {
      const port = freeTcpPort();
      await bench.obey([]);
      const before = await isOpen("127.0.0.1", port);
      await bench.obey([`debug_port = ${port}`]);
      deepStrictEqual([before, await isOpen("127.0.0.1", port)], [false, true]);
    },
  },
  {
    directive: "debug_address",
    change: "127.0.0.1 → 127.0.0.2",
    seen: "the debug port is open there and no longer here",
    run: async (bench) => {
      const port = `debug_port = ${freeTcpPort()}`;
      const number = Number(port.split(" ").at(-1));
      const open = async () => [
        await isOpen("127.0.0.1", number),
        await isOpen("127.0.0.2", number),
      ];
      await bench.obey([port]);
      const before = await open();
      await bench.obey([port, "debug_address = 127.0.0.2"]);
      // The system closes a socket that somebody waits on a moment later.
      await becomes(async () => !await isOpen("127.0.0.1", number), PATIENCE_MS);
      deepStrictEqual([before, await open()], [[true, false], [false, true]]);
    },
  },
]);
