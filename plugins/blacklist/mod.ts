/**
 * plugin_blacklist: shuts out senders whose registrations are refused again and again.
 * It opens no database: the supervisor does, this works on a copy of the rows. The plugin host calls it.
 *
 * @module
 */
import { CONTINUE, definePlugin, drop, type Plugin } from "../../src/plugin/api.ts";
import { BlacklistTable } from "./blacklist_table.ts";

/** Siproxd's twelve ticks. */
const SWEEP_INTERVAL_MS = 60_000;

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "blacklist",
  apiVersion: 1,
  description: "Blocks UACs that fail to register repeatedly",
  options: {
    dbpath: {
      kind: "string",
      default: "/var/lib/siproxd/blacklist.sqlite",
      help: "SQLite database that keeps the list over restarts.",
      example: "/var/lib/siproxd/blacklist.sqlite",
    },
    db_sync_mode: {
      kind: "string",
      default: "OFF",
      help: "How hard the database writes to the disk: OFF, NORMAL or FULL.",
      example: "NORMAL",
      validate: (value) =>
        ["OFF", "NORMAL", "FULL"].includes(value.toUpperCase())
          ? undefined
          : "OFF, NORMAL or FULL is expected",
    },
    simulate: {
      kind: "boolean",
      default: false,
      help: "1: only say in the log who would be blocked.",
      example: "1",
    },
    duration: {
      kind: "integer",
      default: 3600,
      min: 0,
      max: 31_536_000,
      help: "Seconds of silence after which a blocked sender is free again; 0: never.",
      example: "3600",
    },
    hitcount: {
      kind: "integer",
      default: 10,
      min: 1,
      max: 1_000_000,
      help: "Refused registrations that are forgiven; one more blocks.",
      example: "10",
    },
    register_window: {
      kind: "integer",
      default: 30,
      min: 1,
      max: 3600,
      help: "Seconds within which an answer counts for its REGISTER.",
      example: "30",
    },
  },
  setup(config, host) {
    const table = new BlacklistTable({
      hitcount: config.hitcount,
      durationSeconds: config.duration,
      windowSeconds: config.register_window,
      rows: host.databaseRows(),
    });
    let sweptAtMs = host.nowMs();
    const flush = () => {
      const changes = table.takeChanges();
      if (changes.length > 0) host.changeDatabase(changes);
    };
    return {
      validate(request) {
        const address = request.source.address;
        const sipUri = request.checked.from.uri.text;
        const isBlocked = table.see({ address, sipUri, nowMs: host.wallMs() });
        if (request.message.method === "REGISTER") table.registerBegins(request, host.wallMs());
        flush();
        if (!isBlocked) return CONTINUE;
        const how = config.simulate ? "would be blocked (simulate=1)" : "is blocked";
        host.log({ level: "info", event: "blocked", text: `UAC with IP ${address} ${how}` });
        return config.simulate ? CONTINUE : drop("blocked");
      },
      postProxyResponse(response) {
        if (response.checked.cseq.method === "REGISTER") {
          table.registerEnds(response, host.wallMs());
          flush();
        }
        return CONTINUE;
      },
      onTimer() {
        if (host.nowMs() - sweptAtMs < SWEEP_INTERVAL_MS) return;
        sweptAtMs = host.nowMs();
        table.sweep(host.wallMs());
        flush();
      },
    };
  },
});
