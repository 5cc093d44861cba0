import { deepEqual, equal, throws } from "node:assert/strict";
import {
  BaseHandler,
  ConsoleHandler,
  getLevelByName,
  getLevelName,
  getLogger,
  Logger,
  LogLevelNames,
  LogLevels,
  LogRecord,
  setup,
} from "@std/log";
import { stub } from "@std/testing/mock";

class ListHandler extends BaseHandler {
  readonly lines: string[] = [];
  readonly events: string[] = [];
  override log(msg: string): void {
    this.lines.push(msg);
  }
  override setup(): void {
    this.events.push("setup");
  }
  override destroy(): void {
    this.events.push("destroy");
  }
}

Deno.test("getLevelByName() and getLevelName() are inverse", () => {
  for (const name of LogLevelNames) equal(getLevelName(getLevelByName(name)), name);
  equal(LogLevels.CRITICAL, 50);
  throws(() => Reflect.apply(getLevelName, undefined, [11]), /no level named 11/);
});

Deno.test("setup() connects loggers and handlers by name", () => {
  const list = new ListHandler("DEBUG");
  setup({ handlers: { list }, loggers: { sip: { level: "WARN", handlers: ["list", "none"] } } });
  getLogger("sip").info("no");
  getLogger("sip").warn("yes");
  getLogger("other").critical("nowhere");
  deepEqual(list.lines, ["WARN yes"]);
  equal(getLogger().loggerName, "default");
  equal(getLogger("other"), getLogger("other"));
  setup({});
  deepEqual(list.events, ["setup", "destroy"]);
});

Deno.test("Logger calls a lazy message only when its level is let through", () => {
  const handler = new ListHandler("NOTSET", { formatter: (r) => `${r.levelName}|${r.msg}` });
  const logger = new Logger("x", "INFO", { handlers: [handler] });
  equal(
    logger.debug((): string => {
      throw new Error("called");
    }),
    undefined,
  );
  equal(logger.info(() => 7), 7);
  equal(logger.error({ a: "b", n: [1] }) instanceof Object, true);
  logger.level = LogLevels.DEBUG;
  logger.debug("d");
  deepEqual(handler.lines, ["INFO|7", 'ERROR|{"a":"b","n":{"0":1}}', "DEBUG|d"]);
  equal(logger.levelName, "DEBUG");
});

Deno.test("LogRecord keeps copies of its arguments and moment", () => {
  const record = new LogRecord({ msg: "m", args: [1], level: 20, loggerName: "l" });
  record.args.push(2);
  record.datetime.setFullYear(1970);
  deepEqual(record.args, [1]);
  equal(record.datetime.getFullYear() > 2000, true);
  equal(record.levelName, "INFO");
});

Deno.test("ConsoleHandler writes with console.log", () => {
  using log = stub(console, "log");
  const record = new LogRecord({ msg: "m", args: [], level: 40, loggerName: "l" });
  new ConsoleHandler("INFO", { useColors: false }).handle(record);
  new ConsoleHandler("CRITICAL", { useColors: false }).handle(record);
  deepEqual(log.calls.map((call) => call.args), [["ERROR m"]]);
});
