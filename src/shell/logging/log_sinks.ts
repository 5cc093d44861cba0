import type { BaseHandler, LevelName } from "@std/log";
import type { LogConfig } from "../../config/config.ts";
import { eventFormat, formatText } from "../../log/format_event.ts";
import { LineHandler } from "../../log/line_handler.ts";
import { LineRing } from "../../log/line_ring.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { createLogFront, type LogFront, type LogOutlets } from "../../log/log_front.ts";
import { createLogGate, type LogGate } from "../../log/log_gate.ts";
import { silenceThreshold, STD_LEVELS } from "../../log/log_level.ts";
import type { StampedEvent } from "../../log/stamped_event.ts";
import { type DebugPort, openDebugPort } from "./debug_port.ts";
import { openLocalSyslog, openSyslogServer, type SyslogSink } from "./syslog_sink.ts";
import { type Terminal, writeStderr } from "./terminal.ts";

/** Lines kept for a crash report: the last minute of a quiet daemon, the last second of a busy one. */
const RECENT_LINES = 200;

/** `silence_log` at which syslog gets nothing. */
const SILENT = 4;

/** How the log is written. */
export interface LogSinkOptions {
  readonly config: LogConfig;
  /** Where lines for the operator's eyes go. */
  readonly terminal?: Terminal;
  /** First lines of the debug port. */
  readonly greeting?: () => readonly string[];
}

/**
 * The log of the supervisor: every event goes in here and out to the terminal, to syslog and to the debug port.
 *
 * Each sink is a handler of @std/log. None of them waits or throws: a sink that cannot take a line loses it.
 */
export class LogSinks {
  readonly #options: LogSinkOptions;
  readonly #front: LogFront;
  readonly #recent = new LineRing(RECENT_LINES);
  #config: LogConfig;
  #gate: LogGate;
  #terminal: Terminal | undefined;
  #syslog: readonly SyslogSink[] = [];
  #debugPort: DebugPort | undefined;

  constructor(options: LogSinkOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#gate = createLogGate(options.config);
    this.#terminal = options.terminal ?? { levelName: "DEBUG", write: writeStderr };
    this.#front = createLogFront({
      clock: {
        nowMs: () => Date.now(),
        zoneOffsetMs: (nowMs) => new Date(nowMs).getTimezoneOffset() * -60_000,
      },
      ...this.#outlets(),
    });
  }

  /** Writes an event to all sinks that want it. */
  readonly write = (event: LogEvent): void => {
    if (this.#gate(event)) this.#front.write(event);
  };

  /** Writes what the sampler still holds. */
  readonly flush = (): void => this.#front.flush();

  /** Opens what needs more than a file descriptor; gives one event for each that cannot be opened. */
  async open(): Promise<readonly LogEvent[]> {
    const problems = [...await this.#openSyslog(), ...this.#openDebugPort()];
    this.#front.redirect(this.#outlets());
    return problems;
  }

  /** Follows a new configuration; sinks that it does not change stay open. */
  async follow(config: LogConfig): Promise<void> {
    const old = this.#config;
    this.#config = config;
    this.#gate = createLogGate(config);
    const problems: LogEvent[] = [];
    if (!sameSyslog(old, config)) {
      for (const { sender } of this.#syslog) await sender.close();
      problems.push(...await this.#openSyslog());
    }
    if (old.debugPort !== config.debugPort || old.debugAddress !== config.debugAddress) {
      this.#debugPort?.close();
      problems.push(...this.#openDebugPort());
    }
    this.#front.redirect(this.#outlets());
    for (const problem of problems) this.write(problem);
  }

  /** Leaves the terminal: the daemon is on its own from now on. */
  detach(): void {
    this.#terminal = undefined;
    this.#front.redirect(this.#outlets());
  }

  /** The last lines, the oldest first. */
  recent(): readonly string[] {
    return this.#recent.lines();
  }

  /** Sends what waits, and closes all. */
  async close(): Promise<void> {
    this.flush();
    await Promise.all(this.#syslog.map(({ sender }) => sender.close()));
    this.#debugPort?.close();
  }

  async #openSyslog(): Promise<readonly LogEvent[]> {
    const { silenceLog, syslogServer, syslogSocket } = this.#config;
    this.#syslog = [];
    if (silenceLog >= SILENT) return [];
    const problems: LogEvent[] = [];
    const local = openLocalSyslog(syslogSocket);
    const sinks: SyslogSink[] = [];
    if (local.ok) sinks.push(local.value);
    else if (syslogServer === undefined) problems.push(this.#noSyslog(local.error));
    if (syslogServer !== undefined) {
      const remote = await openSyslogServer(syslogServer);
      if (remote.ok) sinks.push(remote.value);
      else problems.push(problem("log.no-syslog", remote.error));
    }
    this.#syslog = sinks;
    return problems;
  }

  /** In the foreground there is standard error; without a terminal nobody would see anything. */
  #noSyslog(reason: string): LogEvent {
    const level = this.#terminal?.levelName === "DEBUG" ? "info" : "warning";
    return { ...problem("log.no-syslog", `${reason}; syslog is off`), level };
  }

  #openDebugPort(): readonly LogEvent[] {
    const { debugPort: port, debugAddress: hostname } = this.#config;
    this.#debugPort = undefined;
    if (port === 0) return [];
    const greeting = this.#options.greeting ?? (() => []);
    const opened = openDebugPort({ hostname, port, greeting, onLog: this.write });
    if (!opened.ok) return [problem("debug-port.failed", opened.error)];
    this.#debugPort = opened.value;
    return [];
  }

  #outlets(): LogOutlets {
    const { format, silenceLog, componentLevels } = this.#config;
    const handlers: BaseHandler[] = [
      line("DEBUG", { format: formatWithoutDump, write: (text) => this.#recent.add(text) }),
    ];
    const terminal = this.#terminal;
    if (terminal !== undefined) {
      handlers.push(line(terminal.levelName, { format: eventFormat(format), ...terminal }));
    }
    for (const { format, sender } of this.#syslog) {
      handlers.push(
        line(silenceThreshold(silenceLog), { format, write: (text) => sender.write(text) }),
      );
    }
    const debugPort = this.#debugPort;
    if (debugPort !== undefined) {
      handlers.push(
        line("DEBUG", { format: formatText, write: (text) => debugPort.write(text) }),
      );
    }
    const levels = componentLevels.map(({ component, level }) =>
      [component, STD_LEVELS[level]] as const
    );
    return { handlers, componentLevels: Object.fromEntries(levels) };
  }
}

function problem(event: string, text: string): LogEvent {
  return { level: "warning", component: "siproxd", event, text };
}

function line(
  levelName: LevelName,
  how: {
    readonly format: (stamped: StampedEvent) => string;
    readonly write: (text: string) => void;
  },
): LineHandler {
  return new LineHandler({ levelName, format: how.format, write: how.write });
}

function formatWithoutDump(stamped: StampedEvent): string {
  const { dump: _dump, ...event } = stamped.event;
  return formatText({ ...stamped, event });
}

function sameSyslog(left: LogConfig, right: LogConfig): boolean {
  return left.syslogSocket === right.syslogSocket &&
    left.syslogServer?.host === right.syslogServer?.host &&
    left.syslogServer?.port === right.syslogServer?.port &&
    (left.silenceLog >= SILENT) === (right.silenceLog >= SILENT);
}
