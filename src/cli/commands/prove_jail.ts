import { defaultConfig } from "../../config/default_config.ts";
import type { JailReport } from "../../shell/machine/jail_probe.ts";
import { Supervisor } from "../../shell/supervisor/supervisor.ts";
import { findFreePorts } from "../demo/free_ports.ts";
import { type CommandIo, EXIT, processIo } from "../command_io.ts";

/** Both sides of the daemon under test: it must not get in the way of one that runs. */
const LOOPBACK = "127.0.0.1";

/**
 * Starts both isolates that face the network and lets them try to break out.
 *
 * @param args `jail` or nothing
 * @param io where to write
 * @returns 0 when everything was refused, 1 when not, 2 for another argument
 */
export async function runSelfTest(
  args: readonly string[],
  io: CommandIo = processIo,
): Promise<number> {
  const [what = "jail", ...more] = args;
  if (what !== "jail" || more.length > 0) {
    io.err(`siproxd: Cannot use "${args.join(" ")}": self-test knows jail\n`);
    return EXIT.usage;
  }
  const config = defaultConfig();
  const supervisor = new Supervisor({
    config: {
      ...config,
      interfaces: { ...config.interfaces, inbound: LOOPBACK, outbound: LOOPBACK },
      sip: { ...config.sip, listenPort: findFreePorts([LOOPBACK], 1) ?? config.sip.listenPort },
    },
    bindings: [],
    onLog: () => {},
  });
  const started = await supervisor.start();
  const reports = started.ok ? await supervisor.probeJail() : undefined;
  await supervisor.stop();
  if (reports === undefined) {
    io.err(`siproxd: ${started.ok ? "no report" : started.error}\n`);
    return EXIT.runtime;
  }
  const verdicts = [
    tell({ name: "signalling", report: reports.signalling }, io),
    tell({ name: "media", report: reports.media }, io),
  ];
  return verdicts.every((verdict) => verdict === "holds") ? EXIT.ok : EXIT.runtime;
}

function tell(
  isolate: { readonly name: string; readonly report: JailReport | undefined },
  io: CommandIo,
): "holds" | "broken" {
  const { name, report } = isolate;
  for (const { attempt, verdict, detail } of report ?? []) {
    io.out(`${name}: ${attempt}: ${verdict} (${detail})\n`);
  }
  const holds = report !== undefined && report.length > 0 &&
    report.every(({ verdict }) => verdict === "refused");
  io.out(`${name}: the jail ${holds ? "holds" : "is broken"}\n`);
  return holds ? "holds" : "broken";
}
