import { describeJson, describeText } from "../../config/describe.ts";
import type { ConfigArgs } from "../args.ts";
import { type CommandIo, EXIT } from "../command_io.ts";
import { issueLines, loadConfiguration } from "../load_configuration.ts";

/**
 * Shows the configuration in force with the source of each value.
 *
 * @param request which configuration, and how to write it
 * @param io the configuration goes to standard output, issues to standard error
 * @returns 0, or 78 when the configuration cannot be used
 */
export function runConfig(
  request: { readonly from: ConfigArgs; readonly output: "text" | "json" },
  io: CommandIo,
): number {
  const { loaded, issues } = loadConfiguration(request.from);
  io.err(issueLines(issues));
  if (loaded === undefined) return EXIT.configuration;
  io.out(request.output === "json" ? describeJson(loaded) : describeText(loaded));
  return EXIT.ok;
}
