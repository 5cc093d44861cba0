import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { LogConfig } from "../../config/config.ts";
import { defaultConfig } from "../../config/default_config.ts";
import { LogSinks } from "./log_sinks.ts";

/** Sinks with a terminal that the test reads; syslog is left alone. */
function setUp(changes: Partial<LogConfig> = {}, levelName: "DEBUG" | "WARN" = "DEBUG") {
  const lines: string[] = [];
  const config = { ...defaultConfig().log, silenceLog: 4, ...changes };
  const terminal = { levelName, write: (line: string) => lines.push(line) };
  return { config, lines, sinks: new LogSinks({ config, terminal }) };
}

for (
  const [format, expected] of [
    ["text", /^\d\d:\d\d:\d\d\.\d{3} INFO:test hello$/],
    ["logfmt", /^\S+ info test greeting text=hello$/],
    [
      "json",
      /^\{"time":"[^"]+","level":"info","component":"test","event":"greeting","text":"hello"\}$/,
    ],
  ] as const
) {
  Deno.test(`LogSinks writes ${format} lines`, () => {
    const { lines, sinks } = setUp({ format });
    sinks.write({ level: "info", component: "test", event: "greeting", text: "hello" });
    match(lines[0] ?? "", expected);
    strictEqual(lines.length, 1);
  });
}

const warning = { level: "warning", component: "b", event: "two" } as const;

/** What is behind the time of day. */
function texts(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.slice("00:00:00.000 ".length));
}

Deno.test("LogSinks goes by the level of a component, over the debug classes", () => {
  const { lines, sinks } = setUp({
    debugLevel: 0x8,
    componentLevels: [{ component: "rtp", level: "debug" }, { component: "dns", level: "error" }],
  });
  for (const component of ["rtp", "dns", "registrar"]) {
    for (const level of ["debug", "info"] as const) {
      sinks.write({ level, component, event: "e", debugClass: "REG" });
    }
  }
  sinks.write({ level: "debug", component: "sip", event: "e", debugClass: "SIP" });
  deepStrictEqual(texts(lines), ["rtp e", "INFO:rtp e", "registrar e", "INFO:registrar e"]);
});

Deno.test("LogSinks.follow() changes format and levels of open sinks", async () => {
  const { config, lines, sinks } = setUp();
  sinks.write(warning);
  await sinks.follow({
    ...config,
    format: "logfmt",
    componentLevels: [{ component: "b", level: "error" }],
  });
  sinks.write(warning);
  sinks.write({ ...warning, component: "c" });
  await sinks.close();
  deepStrictEqual(lines.map((line) => line.slice(line.indexOf(" ") + 1)), [
    "WARNING:b two",
    "warning c two",
  ]);
});

Deno.test("LogSinks.detach() leaves the terminal and keeps the last lines", async () => {
  const { lines, sinks } = setUp({}, "WARN");
  sinks.write({ ...warning, level: "info" });
  sinks.write(warning);
  sinks.detach();
  sinks.write({ ...warning, event: "three", dump: Uint8Array.of(1) });
  await sinks.close();
  deepStrictEqual(texts(lines), ["WARNING:b two"]);
  deepStrictEqual(texts(sinks.recent()), ["INFO:b two", "WARNING:b two", "WARNING:b three"]);
});

Deno.test("LogSinks.open() says in one line that syslog is off, louder where nothing else is on", async () => {
  for (const [levelName, label] of [["DEBUG", "INFO"], ["WARN", "WARNING"]] as const) {
    const changes = { silenceLog: 1, syslogSocket: "/nowhere/log" };
    const { lines, sinks } = setUp(changes, levelName);
    for (const problem of await sinks.open()) sinks.write(problem);
    await sinks.close();
    deepStrictEqual(texts(lines), [
      `${label}:siproxd Cannot use syslog at "/nowhere/log": no such socket; syslog is off`,
    ]);
  }
});

Deno.test("LogSinks.open() leaves syslog alone when it is silenced", async () => {
  const { lines, sinks } = setUp({ syslogSocket: "/nowhere/log" });
  const problems = await sinks.open();
  await sinks.close();
  deepStrictEqual([lines, problems], [[], []]);
});

Deno.test("LogSinks samples floods", () => {
  const { lines, sinks } = setUp();
  for (let index = 0; index < 50; index++) sinks.write(warning);
  strictEqual(lines.length, 20);
});
