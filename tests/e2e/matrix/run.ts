/**
 * The rows of the behaviour matrix, checked on the wire of the running daemon.
 *
 * Makes one private network namespace with the addresses of both sides, runs inside.ts in it and
 * prints the table row → test → result. It is also a part of the end-to-end tests. Called by
 * `deno run -A tests/e2e/matrix/run.ts [FILTER]` and by tests/e2e/run.ts.
 *
 * @module
 */
import type { CaseResult } from "../support/case.ts";
import { cleanUp, cleanUpOnSignals, onCleanup } from "../support/cleanup.ts";
import { isRecord, numberField, parseJson, textField } from "../support/json.ts";
import {
  addNamespace,
  inNamespace,
  removeNamespace,
  sweepStaleNamespaces,
} from "../support/namespace.ts";
import { RESULT_MARK, rowNumber } from "./row.ts";

/** Addresses of the daemon's two interfaces and of the peers behind each. */
const SIDES = [
  { name: "lan0", own: "10.0.0.1/24", peers: ["10.0.0.10", "10.0.0.11", "10.0.0.12"] },
  { name: "wan0", own: "192.0.2.1/24", peers: ["192.0.2.10", "192.0.2.20"] },
] as const;

/** Runs the rows whose `suite: name` contains the filter and reports each as it ends. */
export async function runMatrix(
  filter: string,
  report: (result: CaseResult) => void,
): Promise<void> {
  const namespace = await makeNamespace();
  const script = new URL("inside.ts", import.meta.url).pathname;
  const child = new Deno.Command("ip", {
    args: [
      ...["netns", "exec", namespace, Deno.execPath(), "run", "-A", "--no-prompt"],
      ...["--unstable-net", script, filter],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let running = true;
  onCleanup(async () => {
    if (running) child.kill("SIGTERM");
    await child.status;
  });
  await readResults(child.stdout, report);
  const { code } = await child.status;
  running = false;
  if (code !== 0) {
    const reason = `ended with ${code}; what it did not report has not run`;
    report({ suite: "matrix", name: "runs to its end", passed: false, durationMs: 0, reason });
  }
  await removeNamespace(namespace);
}

async function makeNamespace(): Promise<string> {
  const namespace = await addNamespace("matrix");
  for (const side of SIDES) {
    // The peers live on the other end of the wire, so that the daemon's interface has one address.
    await inNamespace(namespace, `link add ${side.name} type veth peer name ${side.name}p`);
    await inNamespace(namespace, `addr add ${side.own} dev ${side.name}`);
    for (const peer of side.peers) {
      await inNamespace(namespace, `addr add ${peer}/32 dev ${side.name}p`);
    }
    await inNamespace(namespace, `link set ${side.name} up`);
    await inNamespace(namespace, `link set ${side.name}p up`);
  }
  return namespace;
}

async function readResults(
  stream: ReadableStream<Uint8Array>,
  report: (result: CaseResult) => void,
): Promise<void> {
  let pending = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const lines = (pending + decoder.decode(chunk, { stream: true })).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) readLine(line, report);
  }
}

function readLine(line: string, report: (result: CaseResult) => void): void {
  if (!line.startsWith(RESULT_MARK)) {
    console.log(line);
    return;
  }
  const value = parseJson(line.slice(RESULT_MARK.length));
  report({
    suite: textField(value, "suite"),
    name: textField(value, "name"),
    passed: isRecord(value) && value["passed"] === true,
    durationMs: numberField(value, "durationMs"),
    reason: textField(value, "reason"),
  });
}

/** The table row → test → result, in the order of the rows. */
export function matrixTable(results: readonly CaseResult[]): string {
  const rows = results.filter((one) => !Number.isNaN(rowNumber(one.name)));
  const sorted = [...rows].sort((a, b) => rowNumber(a.name) - rowNumber(b.name));
  return [
    "| row | test | result |",
    "|--:|---|---|",
    ...sorted.map((one) =>
      `| ${rowNumber(one.name)} | ${one.name} | ${one.passed ? "ok" : "FAILED"} |`
    ),
  ].join("\n");
}

async function main(): Promise<number> {
  cleanUpOnSignals();
  await sweepStaleNamespaces();
  const results: CaseResult[] = [];
  try {
    await runMatrix(Deno.args[0] ?? "", (result) => {
      results.push(result);
      if (!result.passed) console.log(`FAIL ${result.name}\n     ${result.reason}`);
    });
  } finally {
    await cleanUp();
  }
  console.log(matrixTable(results));
  const failed = results.filter((one) => !one.passed).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return failed === 0 && results.length > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
