import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { LogEvent } from "../../log/log_event.ts";
import { CrashWatch } from "./crash_watch.ts";

function setUp(folder: string | undefined) {
  const logs: LogEvent[] = [];
  const watch = new CrashWatch({
    folder,
    recent: () => ["the last line"],
    configuration: () => "# the configuration\n",
    onLog: (event) => logs.push(event),
  });
  return { watch, logs };
}

Deno.test("CrashWatch.note() writes a report and names it in one line", () => {
  const folder = Deno.makeTempDirSync();
  const { watch, logs } = setUp(folder);
  watch.note({ where: "media", stack: "Error: boom\n    at x" });
  const [file] = [...Deno.readDirSync(folder)];
  const report = Deno.readTextFileSync(`${folder}/${file?.name}`);
  Deno.removeSync(folder, { recursive: true });
  deepStrictEqual(logs.map(({ level, text }) => [level, text]), [
    ["error", `Crash report of the media: ${folder}/${file?.name}`],
  ]);
  match(report, /where: {4}media\n[^]*Error: boom[^]*the last line[^]*# the configuration\n$/);
});

Deno.test("CrashWatch.note() tells five of a flood", () => {
  const folder = Deno.makeTempDirSync();
  const { watch, logs } = setUp(folder);
  for (let index = 0; index < 50; index++) watch.note({ where: "signalling", stack: "x" });
  Deno.removeSync(folder, { recursive: true });
  strictEqual(logs.length, 5);
});

Deno.test("CrashWatch.note() without a folder tells the first line of the stack", () => {
  const { watch, logs } = setUp(undefined);
  watch.note({ where: "supervisor", stack: "Error: boom\n    at x" });
  strictEqual(
    logs[0]?.text,
    "No crash report of the supervisor: registration_file is not set; Error: boom",
  );
});
