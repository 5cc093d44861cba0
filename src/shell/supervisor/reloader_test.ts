import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { err, ok, type Result } from "../../base/result.ts";
import { loadConfig, type LoadedConfig } from "../../config/load.ts";
import { Reloader, type Reread } from "./reloader.ts";

function read(text: string): Reread {
  const { loaded, issues } = loadConfig({ text, fileName: "siproxd.conf" });
  return { loaded, issues };
}

function loaded(text: string): LoadedConfig {
  const { loaded } = read(text);
  if (loaded === undefined) throw new Error(text);
  return loaded;
}

/** A reloader whose file is what `file.text` holds. */
function setUp(obey: () => Promise<Result<undefined>> = () => Promise.resolve(ok(undefined))) {
  const file = { text: "rtp_timeout = 60", reads: 0 };
  const lines: string[] = [];
  const reloader = new Reloader({
    loaded: loaded(file.text),
    reread: () => {
      file.reads++;
      return read(file.text);
    },
    obey,
    onLog: ({ level, text }) => lines.push(`${level} ${text}`),
  });
  return { file, lines, reloader };
}

Deno.test("Reloader takes a good file over and tells each change", async () => {
  const { file, lines, reloader } = setUp();
  file.text = "rtp_timeout = 90\nuser = nobody";
  await reloader.request();
  deepStrictEqual(lines, [
    "info user: unset → nobody (takes effect after a restart)",
    "info rtp_timeout: 60 → 90",
    "info SIGHUP: configuration read from siproxd.conf, changes: 2",
  ]);
  strictEqual(reloader.loaded.config.rtp.timeoutSeconds, 90);
});

Deno.test("Reloader says when nothing changed", async () => {
  const { lines, reloader } = setUp();
  await reloader.request();
  deepStrictEqual(lines, [
    "info SIGHUP: configuration read from siproxd.conf, nothing changed",
  ]);
});

Deno.test("Reloader refuses a bad file with all its errors and keeps the old configuration", async () => {
  const { file, lines, reloader } = setUp();
  file.text = "rtp_timeout = soon\nsip_listen_port = 0\nrpt_timeout = 1";
  await reloader.request();
  strictEqual(lines.length, 4);
  deepStrictEqual(lines.slice(0, 3).map((line) => line.split(": ").slice(0, 3).join(": ")), [
    "error siproxd.conf:1:15: error: rtp_timeout",
    "error siproxd.conf:2:19: error: sip_listen_port",
    "warning siproxd.conf:3:1: warning: rpt_timeout",
  ]);
  strictEqual(
    lines[3],
    "error SIGHUP: new configuration refused: 2 errors in it; the old one stays in force",
  );
  strictEqual(reloader.loaded.config.rtp.timeoutSeconds, 60);
});

Deno.test("Reloader keeps the old configuration when the daemon cannot obey the new one", async () => {
  const { file, lines, reloader } = setUp(() => Promise.resolve(err("Cannot listen on x")));
  file.text = "sip_listen_port = 5062";
  await reloader.request();
  deepStrictEqual(lines, [
    "error SIGHUP: new configuration refused: Cannot listen on x; the old one stays in force",
  ]);
  strictEqual(reloader.loaded.config.sip.listenPort, 5060);
});

Deno.test("Reloader joins what is asked for while it works into one further reload", async () => {
  const gates: (() => void)[] = [];
  const { file, reloader } = setUp(async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gates.push(resolve);
    await promise;
    return ok(undefined);
  });
  const done = Promise.all([1, 2, 3, 4].map(() => reloader.request()));
  strictEqual(file.reads, 1);
  gates.shift()?.();
  while (gates.length === 0) await Promise.resolve();
  gates.shift()?.();
  await done;
  strictEqual(file.reads, 2);
});

Deno.test("Reloader takes what is asked for in the very moment it ends", async () => {
  const { file, reloader } = setUp();
  for (let pause = 0; pause < 20; pause++) {
    const reads = file.reads;
    file.text = pause % 2 === 0 ? "rtp_timeout = x" : "rtp_timeout = 60";
    const first = reloader.request();
    for (let step = 0; step < pause; step++) await Promise.resolve();
    await Promise.all([first, reloader.request()]);
    strictEqual(file.reads, reads + 2, `after ${pause} steps`);
  }
});
