import { deepStrictEqual } from "node:assert/strict";
import { Logger } from "@std/log";
import { LineHandler } from "./line_handler.ts";
import type { StampedEvent } from "./stamped_event.ts";

Deno.test("LineHandler writes our events in its format, and others as their message", () => {
  const lines: string[] = [];
  const handler = new LineHandler({
    levelName: "INFO",
    format: ({ event, atMs }) => `${atMs} ${event.event}`,
    write: (line) => lines.push(line),
  });
  const logger = new Logger("sip", "DEBUG", { handlers: [handler] });
  const stamped: StampedEvent = {
    event: { level: "info", component: "sip", event: "sip.drop" },
    atMs: 7,
    zoneOffsetMs: 0,
  };
  logger.info("ignored", stamped);
  logger.warn("from elsewhere");
  logger.warn("odd", { event: "x" });
  logger.debug("below the level", stamped);
  deepStrictEqual(lines, ["7 sip.drop", "from elsewhere", "odd"]);
});
