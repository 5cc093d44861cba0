import { escapeControl } from "../../base/text.ts";
import { hasErrors, type Issue, strictIssues } from "../../config/issues.ts";
import type { ConfigArgs } from "../args.ts";
import { type CommandIo, EXIT } from "../command_io.ts";
import { countIssues, issueLines, loadConfiguration } from "../load_configuration.ts";

/**
 * Says everything that is wrong with a configuration, without starting anything.
 *
 * @param request which configuration, and how to say it
 * @param io where to write
 * @returns 0 when it can be used, 78 when not; a line that nobody would obey counts as an error
 */
export function runCheck(
  request: { readonly from: ConfigArgs; readonly output: "text" | "json" },
  io: CommandIo,
): number {
  const file = loadConfiguration(request.from);
  const issues = strictIssues(file.issues);
  const verdict = hasErrors(issues) ? "refused" : "ok";
  io.out(
    request.output === "json"
      ? jsonReport(file.path, { issues, verdict })
      : textReport(file.path, { issues, verdict }),
  );
  return verdict === "ok" ? EXIT.ok : EXIT.configuration;
}

/** What was found out about a configuration. */
interface Findings {
  readonly issues: readonly Issue[];
  readonly verdict: "ok" | "refused";
}

function textReport(path: string | undefined, findings: Findings): string {
  const { issues, verdict } = findings;
  const name = path === undefined ? "no configuration file found, defaults" : escapeControl(path);
  const count = issues.length === 0 ? "" : ` (${countIssues(issues)})`;
  const word = verdict === "ok" ? "OK" : "NOT OK";
  return `${issueLines(issues)}${name}: ${word}${count}\n`;
}

function jsonReport(path: string | undefined, findings: Findings): string {
  const issues = findings.issues.map(({ severity, position, key, message }) => ({
    file: position.fileName,
    line: position.line,
    column: position.column,
    severity,
    key,
    message,
  }));
  const errors = issues.filter((issue) => issue.severity === "error").length;
  const report = {
    version: 1,
    file: path ?? null,
    ok: findings.verdict === "ok",
    errors,
    warnings: issues.length - errors,
    issues,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
