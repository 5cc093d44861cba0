import { deepStrictEqual } from "node:assert/strict";
import type { JailReport } from "../../src/shell/machine/jail_probe.ts";
import { startLoopbackDaemon } from "../support/loopback_daemon.ts";

const REFUSED = [
  "read /etc/passwd",
  "list /",
  "write a file",
  "read an environment variable",
  "run a program",
  "load a library",
  "read the host name",
  "start a stronger isolate",
  "connect to a Unix socket",
];

function refusals(report: JailReport | undefined): readonly string[] {
  return (report ?? []).map(({ attempt, verdict, detail }) => `${attempt}: ${verdict}, ${detail}`);
}

Deno.test("Supervisor.probeJail() finds both isolates unable to do anything but use the network (R30)", async () => {
  const { supervisor } = await startLoopbackDaemon();
  const reports = await supervisor.probeJail();
  await supervisor.stop();
  const expected = REFUSED.map((attempt) => `${attempt}: refused, NotCapable`);
  deepStrictEqual(refusals(reports.signalling), expected);
  deepStrictEqual(refusals(reports.media), expected);
});

Deno.test("probeJail() reports what is allowed where there is no jail", async () => {
  const { probeJail } = await import("../../src/shell/machine/jail_probe.ts");
  const report = await probeJail();
  const read = report.find(({ attempt }) => attempt === "read /etc/passwd");
  deepStrictEqual(read, { attempt: "read /etc/passwd", verdict: "allowed", detail: "done" });
  Deno.removeSync("siproxd-jail-probe");
});
