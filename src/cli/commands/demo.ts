import type { LogEvent } from "../../log/log_event.ts";
import { type CommandIo, EXIT, processIo } from "../command_io.ts";
import { type DemoResult, playDemo } from "../demo/play_demo.ts";

/** Longest demo: it takes three seconds, a slow machine some more; then something hangs. */
const DEMO_TIMEOUT_MS = 15_000;

/**
 * Shows a registered call through the real daemon, on loopback addresses of this machine.
 *
 * @param args none is known
 * @param io where to write
 * @returns 0 when every message and every media packet arrived, 1 when not, 2 for an argument
 */
export async function runDemo(args: readonly string[], io: CommandIo = processIo): Promise<number> {
  if (args.length > 0) {
    io.err(`siproxd: Cannot use "${args[0]}": demo takes no arguments\n`);
    return EXIT.usage;
  }
  const complaints: LogEvent[] = [];
  const bound = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => bound.resolve(undefined), DEMO_TIMEOUT_MS);
  const onLog = (event: LogEvent) => {
    if (event.level === "error" || event.level === "warning") complaints.push(event);
  };
  const result = await Promise.race([playDemo(onLog), bound.promise]);
  clearTimeout(timer);
  for (const { level, text, event } of complaints) io.err(`siproxd ${level}: ${text ?? event}\n`);
  if (result === undefined) {
    io.err(`siproxd: The demo did not end within ${DEMO_TIMEOUT_MS / 1000} s\n`);
    return EXIT.runtime;
  }
  io.out(`${demoReport(result).join("\n")}\n`);
  return result.problems.length === 0 ? EXIT.ok : EXIT.runtime;
}

function demoReport(result: DemoResult): readonly string[] {
  const { ladder, received, sent, problems } = result;
  return [
    "alice (127.10.0.2) is a phone behind siproxd, which is 127.10.0.1 to her and 127.20.0.1 to the outside;",
    "provider (127.20.0.2) is her registrar and bob (127.20.0.3) is the provider's other customer.",
    "",
    ...ladder,
    "",
    `RTP alice --> siproxd --> bob: ${received.bob} of ${sent} packets arrived`,
    `RTP bob --> siproxd --> alice: ${received.alice} of ${sent} packets arrived`,
    ...problems.map((problem) => `Problem: ${problem}`),
    problems.length === 0 ? "Everything arrived." : "The demo failed.",
  ];
}
