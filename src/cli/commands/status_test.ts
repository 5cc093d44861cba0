import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { daemonFigures } from "../../../tests/support/daemon_figures.ts";
import { statusReport } from "../../shell/operator/status_report.ts";
import type { ConfigArgs } from "../args.ts";
import { runStatus } from "./status.ts";

/** A configuration of one setting. */
function fromSetting(text: string): ConfigArgs {
  return { configFile: "/dev/null", overrides: [{ text, option: "--set" }] };
}

/** Runs the command against a socket that answers with this text. */
async function ask(
  answer: string | undefined,
  output: "text" | "json" = "text",
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/s`;
  const listener = answer === undefined ? undefined : serve(path, answer);
  let out = "";
  let err = "";
  const from = fromSetting(`status_socket=${path}`);
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
  };
  const code = await runStatus({ from, output }, io);
  listener?.close();
  Deno.removeSync(folder, { recursive: true });
  return { code, out, err: err.replaceAll(folder, "FOLDER") };
}

function serve(path: string, answer: string): Deno.UnixListener {
  const listener = Deno.listen({ transport: "unix", path });
  listener.accept().then(async (connection) => {
    await new Response(answer).body?.pipeTo(connection.writable);
  }).catch(() => {});
  return listener;
}

const REPORT = statusReport(daemonFigures());

Deno.test("runStatus() writes what the daemon answers", async () => {
  const { code, out, err } = await ask(JSON.stringify(REPORT));
  match(out, /^siproxd 1\.2\.3, pid 4711, up 90 s, 84 MB, firewall up/);
  deepStrictEqual(out.split("\n").slice(1, 3), [
    "Addresses: inside 10.0.0.1; outside 203.0.113.1, 2001:db8::1, shown as 198.51.100.1",
    "Registrations: 1",
  ]);
  deepStrictEqual([code, err], [0, ""]);
});

Deno.test("runStatus() --json writes the report for programs", async () => {
  const { code, out } = await ask(JSON.stringify(REPORT), "json");
  deepStrictEqual([code, JSON.parse(out)], [0, JSON.parse(JSON.stringify(REPORT))]);
});

const failures: readonly (readonly [string, string | undefined, string])[] = [
  ["no daemon runs", undefined, "not there"],
  ["something else answers", "hello\n", "the answer is none of siproxd's"],
  ["nothing is answered", "", "the answer is none of siproxd's"],
  ["another version answers", '{"version":2}', "the answer is of another version of siproxd"],
];

for (const [what, answer, reason] of failures) {
  Deno.test(`runStatus() says so in one line when ${what}`, async () => {
    const { code, out, err } = await ask(answer);
    deepStrictEqual([code, out, err], [
      1,
      "",
      `siproxd: Cannot reach a running siproxd: FOLDER/s: ${reason}\n`,
    ]);
  });
}

Deno.test("runStatus() refuses a configuration that cannot be used", async () => {
  let err = "";
  const from = fromSetting("rtp_timeout=x");
  const io = { out: () => {}, err: (text: string) => void (err += text) };
  strictEqual(await runStatus({ from, output: "text" }, io), 78);
  match(err, /rtp_timeout/);
});

Deno.test("runStatus() says that the socket is switched off", async () => {
  let err = "";
  const from = fromSetting("status_socket=none");
  const io = { out: () => {}, err: (text: string) => void (err += text) };
  strictEqual(await runStatus({ from, output: "text" }, io), 1);
  strictEqual(err, "siproxd: Cannot reach a running siproxd: status_socket = none\n");
});
