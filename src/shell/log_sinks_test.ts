import { deepStrictEqual, match } from "node:assert/strict";
import { defaultConfig } from "../config/default_config.ts";
import { openLog } from "./log_sinks.ts";

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
  Deno.test(`openLog() writes ${format} lines`, () => {
    const lines: string[] = [];
    const config = { ...defaultConfig().log, format };
    const front = openLog({ config, writeLine: (line) => lines.push(line) });
    front.write({ level: "info", component: "test", event: "greeting", text: "hello" });
    match(lines[0] ?? "", expected);
    deepStrictEqual(lines.length, 1);
  });
}
