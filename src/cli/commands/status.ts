import type { StatusPlace } from "../../config/config.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { statusPlaces, statusPlaceText } from "../../shell/operator/status_places.ts";
import type { StatusReport } from "../../shell/operator/status_report.ts";
import type { ConfigArgs, StatusOutput } from "../args.ts";
import { type CommandIo, EXIT } from "../command_io.ts";
import { issueLines, loadConfiguration } from "../load_configuration.ts";
import { statusText } from "../status_text.ts";

/** Longest answer: 10,000 registrations and as many calls. */
const MAX_ANSWER_LENGTH_BYTES = 64 * 1024 * 1024;

/** Longest wait for the whole answer; the daemon itself gives up after five seconds. */
const ANSWER_TIMEOUT_MS = 6000;

/**
 * Asks a running daemon what it does.
 *
 * @param request which configuration the daemon runs with, and how to write the answer
 * @param io the answer goes to standard output
 * @returns 0, 1 when no daemon answers, 78 when the configuration cannot be used
 */
export async function runStatus(
  request: { readonly from: ConfigArgs; readonly output: StatusOutput },
  io: CommandIo,
): Promise<number> {
  const { loaded, issues } = loadConfiguration(request.from);
  if (loaded === undefined) {
    io.err(issueLines(issues));
    return EXIT.configuration;
  }
  const failures: string[] = [];
  for (const place of statusPlaces(loaded.config)) {
    const asked = await askStatus(place);
    if (asked.ok) {
      const report = asked.value;
      const { output } = request;
      io.out(output === "json" ? jsonText(report) : statusText(report, output));
      return EXIT.ok;
    }
    failures.push(`${statusPlaceText(place)}: ${asked.error}`);
  }
  const reason = failures.length === 0 ? "status_socket = none" : failures.join("; ");
  io.err(`siproxd: Cannot reach a running siproxd: ${reason}\n`);
  return EXIT.runtime;
}

function jsonText(report: StatusReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

async function askStatus(place: StatusPlace): Promise<Result<StatusReport>> {
  if (place.kind === "none") return err("it is switched off");
  let connection: Deno.Conn;
  try {
    connection = place.kind === "path"
      ? await Deno.connect({ transport: "unix", path: place.path })
      : await Deno.connect({ hostname: place.host, port: place.port });
  } catch (error) {
    return err(whyNot(error));
  }
  const timer = setTimeout(() => connection.close(), ANSWER_TIMEOUT_MS);
  try {
    return readReport(await readAll(connection));
  } catch {
    return err(`no whole answer within ${ANSWER_TIMEOUT_MS / 1000} s`);
  } finally {
    clearTimeout(timer);
    closeQuietly(connection);
  }
}

function whyNot(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "not there";
  if (error instanceof Deno.errors.ConnectionRefused) return "nobody listens";
  if (error instanceof Deno.errors.PermissionDenied) {
    return "only root and the daemon's user may ask";
  }
  return error instanceof Error ? error.message : String(error);
}

async function readAll(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let lengthBytes = 0;
  for await (const bytes of connection.readable) {
    lengthBytes += bytes.length;
    if (lengthBytes > MAX_ANSWER_LENGTH_BYTES) break;
    text += decoder.decode(bytes, { stream: true });
  }
  return text;
}

/** What listens there may be something else, or a daemon of another version. */
function readReport(text: string): Result<StatusReport> {
  try {
    const report: StatusReport = JSON.parse(text);
    if (report.version === 1 && Array.isArray(report.registrations)) return ok(report);
    return err("the answer is of another version of siproxd");
  } catch {
    return err("the answer is none of siproxd's");
  }
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // The stream that was read to its end has closed it.
  }
}
