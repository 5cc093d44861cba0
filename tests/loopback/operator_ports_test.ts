import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import { METRICS_CONTENT_TYPE } from "../../src/metrics/prometheus_text.ts";
import { OperatorPorts } from "../../src/shell/operator/operator_ports.ts";
import { daemonFigures } from "../support/daemon_figures.ts";
import { configOf } from "../support/loopback_daemon.ts";

const HOST = "127.0.0.1";

/** Open ports in a folder of their own; what they logged. */
async function openPorts(lines: readonly string[] = []) {
  const folder = Deno.makeTempDirSync();
  const port = findFreePorts([HOST], 1) ?? 0;
  const logs: string[] = [];
  const ports = new OperatorPorts({
    figures: () => Promise.resolve(daemonFigures()),
    onLog: ({ level, text }) => logs.push(`${level}: ${text}`),
  });
  const path = `${folder}/s`;
  await ports.open(configOf([`status_socket = ${path}`, `metrics_listen = ${port}`, ...lines]));
  const end = () => {
    ports.close();
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    Deno.removeSync(folder, { recursive: true });
    return left;
  };
  return { ports, port, path, logs, end };
}

/** Sends raw bytes and gives everything that comes back. */
async function talk(port: number, pieces: readonly string[]): Promise<string> {
  const connection = await Deno.connect({ hostname: HOST, port });
  for (const piece of pieces) await connection.write(new TextEncoder().encode(piece));
  return await new Response(connection.readable).text();
}

Deno.test("OperatorPorts answers the status socket without a question, and leaves no file", async () => {
  const { path, logs, port, end } = await openPorts();
  const connection = await Deno.connect({ transport: "unix", path });
  const report: unknown = JSON.parse(await new Response(connection.readable).text());
  const left = end();
  const { version, calls } = Object(report);
  deepStrictEqual([version, calls[0].phone, left], [1, "alice@example.org", []]);
  deepStrictEqual(logs, [
    `info: siproxd status is answered at ${path}`,
    `info: Metrics at http://${HOST}:${port}/metrics`,
  ]);
});

Deno.test("OperatorPorts serves metrics to an ordinary HTTP client", async () => {
  const { port, end } = await openPorts();
  const answer = await fetch(`http://${HOST}:${port}/metrics`);
  const text = await answer.text();
  end();
  deepStrictEqual([answer.status, answer.headers.get("content-type")], [200, METRICS_CONTENT_TYPE]);
  match(
    text,
    /^# HELP siproxd_build_info Version of siproxd; always 1\.\n# TYPE siproxd_build_info gauge\n/,
  );
  strictEqual(text.endsWith("\n"), true);
});

const conversations: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    "a request byte by byte",
    [..."GET /metrics HTTP/1.1\r\n\r\n"],
    /^HTTP\/1\.1 200 OK\r\n[^]*siproxd_registrations 1\n/,
  ],
  [
    "HEAD",
    ["HEAD /metrics HTTP/1.1\r\n\r\n"],
    /^HTTP\/1\.1 200 OK\r\n[^]*Content-Length: \d{4}\r\n[^]*\r\n\r\n$/,
  ],
  [
    "another path",
    ["GET /x HTTP/1.1\r\n\r\n"],
    /^HTTP\/1\.1 404 Not Found\r\n[^]*\r\n\r\n404 Not Found\n$/,
  ],
  ["another method", ["POST / HTTP/1.1\r\n\r\n"], /^HTTP\/1\.1 405 /],
  ["SIP", ["OPTIONS sip:a@b SIP/2.0\r\n\r\n"], /^HTTP\/1\.1 400 /],
  ["an endless line", ["x".repeat(4000), "x".repeat(97)], /^HTTP\/1\.1 400 /],
];

for (const [what, pieces, expected] of conversations) {
  Deno.test(`OperatorPorts answers ${what}`, async () => {
    const { port, end } = await openPorts();
    const answer = await talk(port, pieces);
    end();
    match(answer, expected);
  });
}

Deno.test("OperatorPorts goes on after a client that goes away in the middle", async () => {
  const { port, end } = await openPorts();
  const connection = await Deno.connect({ hostname: HOST, port });
  await connection.write(new TextEncoder().encode("GET /met"));
  connection.close();
  const answer = await talk(port, ["GET / HTTP/1.1\r\n\r\n"]);
  end();
  match(answer, /^HTTP\/1\.1 200 /);
});

Deno.test("OperatorPorts tells what it cannot open, and opens the rest", async () => {
  const taken = Deno.listen({ hostname: HOST, port: 0 });
  const place = `${HOST}:${taken.addr.port}`;
  const { logs, path, end } = await openPorts([`metrics_listen = ${place}`]);
  const second = await openPorts([`status_socket = ${path}`, "metrics_listen ="]);
  second.end();
  end();
  taken.close();
  match(
    logs[1] ?? "",
    new RegExp(`^warning: Cannot open metrics_listen ${place}: Address already in use`),
  );
  deepStrictEqual(
    second.logs[0],
    `warning: siproxd status is not answered: ${path} is another daemon's`,
  );
});
