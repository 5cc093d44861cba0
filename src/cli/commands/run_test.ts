import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { ConfigArgs } from "../args.ts";
import { runRun } from "./run.ts";

/** Runs with a configuration that is refused, so that no daemon starts. */
async function refused(from: ConfigArgs) {
  const written: string[] = [];
  const code = await runRun({ from, args: [], attachment: "attached" }, {
    out: (text) => written.push(`out: ${text}`),
    err: (text) => written.push(text),
  });
  return { code, lines: written.join("").split("\n").slice(0, -1) };
}

Deno.test("runRun() refuses a setting of the command line before anything starts", async () => {
  const { code, lines } = await refused({
    configFile: undefined,
    overrides: [{ option: "--set", text: "sip_listen_port=99999" }],
  });
  strictEqual(code, 78);
  deepStrictEqual(lines.slice(-2), [
    '--set:1:17: error: sip_listen_port: Cannot use port "99999": highest is 65535 ' +
    "(example: sip_listen_port = 5060)",
    "siproxd: Cannot start: the command line has 1 error, 0 warnings",
  ]);
});

Deno.test("runRun() names every problem of a file and then the file", async () => {
  const path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, "rtp_timeout = x\nno_such_key = 1\nsip_dscp = 64\n");
  const { code, lines } = await refused({ configFile: path, overrides: [] });
  Deno.removeSync(path);
  strictEqual(code, 78);
  deepStrictEqual(lines.map((line) => line.replace(path, "F").split(": ", 3).join(": ")), [
    "F:1:15: error: rtp_timeout",
    "F:2:1: warning: no_such_key",
    "F:3:12: error: sip_dscp",
    `siproxd: Cannot start: "F" has 2 errors, 1 warning`,
  ]);
});
