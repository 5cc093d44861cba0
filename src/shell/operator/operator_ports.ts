import { decodeLatin1 } from "../../base/text.ts";
import type { Config } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import {
  httpAnswerHead,
  type HttpRequestVerdict,
  judgeHttpRequest,
} from "../../metrics/http_request.ts";
import { METRICS_CONTENT_TYPE, prometheusText } from "../../metrics/prometheus_text.ts";
import { type AnswerConnection, AnswerServer, writeAll } from "./answer_server.ts";
import type { DaemonFigures } from "../supervisor/daemon_figures.ts";
import { listenStatus, type StatusListener } from "./listen_status.ts";
import { metricFamilies } from "./metric_families.ts";
import { statusPlaces, statusPlaceText } from "./status_places.ts";
import { statusReport } from "./status_report.ts";

/** Bytes read at a time of a request that has some 200. */
const READ_LENGTH_BYTES = 1024;

const PLAIN = "text/plain; charset=utf-8";

/** What is answered to everything that is no request for metrics. */
const REFUSALS: Readonly<
  Record<Exclude<HttpRequestVerdict, "metrics" | "metrics-head" | "incomplete">, string>
> = Object.freeze({
  "other-path": "404 Not Found",
  "other-method": "405 Method Not Allowed",
  bad: "400 Bad Request",
});

/** What the ports work with. */
export interface OperatorPortsOptions {
  readonly figures: () => Promise<DaemonFigures>;
  readonly onLog: (event: LogEvent) => void;
}

/**
 * Where a running daemon is asked: the status socket and the metrics endpoint.
 *
 * They belong to the supervisor, which has the figures, although it otherwise reads nothing from the network. So the
 * status socket reads nothing at all (who connects is answered), and of an HTTP request one line is compared with what
 * is expected, the rest is never looked at: no header, no body, no second request. An HTTP server such as Deno.serve
 * would parse all of them here, in the isolate that has files and programs; an isolate for it would cost 16 MB.
 */
export class OperatorPorts {
  readonly #options: OperatorPortsOptions;
  readonly #servers: AnswerServer[] = [];
  #status: StatusListener | undefined;

  constructor(options: OperatorPortsOptions) {
    this.#options = options;
  }

  /** Opens both, as configured; what cannot be opened is told and left out. */
  async open(config: Config): Promise<void> {
    await this.#openStatus(config);
    this.#openMetrics(config);
  }

  /** Closes both. */
  close(): void {
    for (const server of this.#servers.splice(0)) server.close();
    this.#status?.remove();
    this.#status = undefined;
  }

  async #openStatus(config: Config): Promise<void> {
    const failures: string[] = [];
    for (const place of statusPlaces(config)) {
      const listening = await listenStatus(place);
      if (!listening.ok) {
        failures.push(listening.error);
        continue;
      }
      this.#status = listening.value;
      const converse = (connection: AnswerConnection) => this.#tellStatus(connection);
      this.#servers.push(new AnswerServer(listening.value.listener, { converse }));
      this.#say("info", "status.open", `siproxd status is answered at ${statusPlaceText(place)}`);
      return;
    }
    if (failures.length === 0) return;
    const level = config.status.socket === undefined ? "info" : "warning";
    const text = `siproxd status is not answered: ${failures.join("; ")}`;
    this.#say(level, "status.failed", text);
  }

  async #tellStatus(connection: AnswerConnection): Promise<void> {
    const report = statusReport(await this.#options.figures());
    await writeAll(connection, `${JSON.stringify(report)}\n`);
  }

  #openMetrics({ metrics }: Config): void {
    if (metrics.listen === undefined) return;
    const { host: hostname, port } = metrics.listen;
    const place = statusPlaceText({ kind: "tcp", ...metrics.listen });
    try {
      const listener = Deno.listen({ hostname, port });
      const converse = (connection: AnswerConnection) => this.#tellMetrics(connection);
      this.#servers.push(new AnswerServer(listener, { converse }));
      this.#say("info", "metrics.open", `Metrics at http://${place}/metrics`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#say("warning", "metrics.failed", `Cannot open metrics_listen ${place}: ${reason}`);
    }
  }

  async #tellMetrics(connection: AnswerConnection): Promise<void> {
    const verdict = await readVerdict(connection);
    if (verdict === "incomplete") return;
    if (verdict === "metrics" || verdict === "metrics-head") {
      const text = prometheusText(metricFamilies(await this.#options.figures()));
      const isWanted = verdict === "metrics";
      return await answer(connection, {
        status: "200 OK",
        contentType: METRICS_CONTENT_TYPE,
        text,
        body: isWanted ? "sent" : "left-out",
      });
    }
    const status = REFUSALS[verdict];
    const text = `${status}\n`;
    await answer(connection, { status, contentType: PLAIN, text, body: "sent" });
  }

  #say(level: LogEvent["level"], event: string, text: string): void {
    this.#options.onLog({ level, component: "siproxd", event, text });
  }
}

async function readVerdict(connection: AnswerConnection): Promise<HttpRequestVerdict> {
  const bytes = new Uint8Array(READ_LENGTH_BYTES);
  let text = "";
  for (;;) {
    const length = await connection.read(bytes);
    if (length === null) return "incomplete";
    text += decodeLatin1(bytes.subarray(0, length));
    const verdict = judgeHttpRequest(text);
    if (verdict !== "incomplete") return verdict;
  }
}

async function answer(
  connection: AnswerConnection,
  what: {
    readonly status: string;
    readonly contentType: string;
    readonly text: string;
    readonly body: "sent" | "left-out";
  },
): Promise<void> {
  const { status, contentType, text, body } = what;
  const lengthBytes = new TextEncoder().encode(text).length;
  const head = httpAnswerHead({ status, contentType, lengthBytes });
  await writeAll(connection, body === "sent" ? `${head}${text}` : head);
}
