/**
 * plugin_stats: figures of calls and registrations, to the log and to a file.
 * It counts nothing by itself: it reads what the proxy holds. The plugin host calls it.
 *
 * @module
 */
import { definePlugin, type Plugin, type PluginHost } from "../../src/plugin/api.ts";
import { readFigures } from "./figures.ts";
import { fileText, logText } from "./report.ts";

/** Longest period: a day is still a period that somebody looks at. */
const MAX_PERIOD_SECONDS = 86_400;

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "stats",
  apiVersion: 1,
  description: "Collects and writes statistics",
  options: {
    to_syslog: {
      kind: "integer",
      default: 0,
      min: -1,
      max: MAX_PERIOD_SECONDS,
      help: "Seconds between two log lines; -1: at SIGUSR1 only; 0: off.",
      example: "300",
    },
    to_file: {
      kind: "integer",
      default: 0,
      min: -1,
      max: MAX_PERIOD_SECONDS,
      help: "Seconds between two writings of the file; -1: at SIGUSR1 only; 0: off.",
      example: "300",
    },
    filename: {
      kind: "string",
      help: "File that is written anew each time.",
      example: "/var/lib/siproxd/siproxd_stats",
    },
  },
  examine({ to_syslog, to_file, filename }) {
    if (to_syslog === 0 && to_file === 0) {
      const message = "Cannot write statistics: both plugin_stats_to_syslog and _to_file are 0";
      return [{ option: "to_syslog", severity: "warning", message }];
    }
    if (to_file === 0 || filename !== undefined) return [];
    const message = "Cannot write the file: no plugin_stats_filename is set, only the log is used";
    return [{ option: "to_file", severity: "warning", message }];
  },
  setup(config, host) {
    const log = new Period(config.to_syslog, host);
    const file = new Period(config.filename === undefined ? 0 : config.to_file, host);
    const isActive = config.to_syslog !== 0 || config.to_file !== 0;
    const toLog = () =>
      host.log({ level: "info", event: "statistics", text: logText(readFigures(host)) });
    const toFile = () => host.report("filename", fileText(readFigures(host), host));
    return {
      onTimer() {
        if (log.isDue()) toLog();
        if (file.isDue()) toFile();
      },
      onStatistics() {
        if (!isActive) return;
        toLog();
        if (config.filename !== undefined) toFile();
      },
    };
  },
});

/** A period that begins with the daemon; one that is not positive is never due. */
class Period {
  readonly #seconds: number;
  readonly #host: PluginHost;
  #lastMs: number;

  constructor(seconds: number, host: PluginHost) {
    this.#seconds = seconds;
    this.#host = host;
    this.#lastMs = host.nowMs();
  }

  isDue(): boolean {
    const nowMs = this.#host.nowMs();
    if (this.#seconds <= 0 || nowMs - this.#lastMs < this.#seconds * 1000) return false;
    this.#lastMs = nowMs;
    return true;
  }
}
