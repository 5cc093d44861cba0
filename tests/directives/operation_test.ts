import { deepStrictEqual } from "node:assert/strict";
import { call } from "./bench_call.ts";
import { DirectiveBench, PATIENCE_MS, SILENCE_MS } from "./directive_bench.ts";
import { effects } from "./effect.ts";
import { becomes, isThere, withDaemon } from "./own_daemon.ts";
import { freeTcpPort } from "../support/free_tcp_port.ts";

/** The status report at a unix socket, or undefined. */
async function reportVersion(path: string): Promise<unknown> {
  if (!isThere(path)) return undefined;
  const connection = await Deno.connect({ transport: "unix", path });
  return Object(JSON.parse(await new Response(connection.readable).text()))["version"];
}

/** The first line of the metrics, or undefined. */
async function metrics(port: number): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    return (await answer.text()).split("\n", 1)[0];
  } catch {
    return undefined;
  }
}

/** Makes programs of a folder that write their first argument into a file of their own. */
function makePrograms(folder: string, names: readonly string[]): void {
  for (const name of names) {
    Deno.writeTextFileSync(
      `${folder}/${name}`,
      `#!/bin/sh\necho "$1" >>"${folder}/${name}.said"\n`,
    );
    Deno.chmodSync(`${folder}/${name}`, 0o755);
  }
}

/** Which of two programs runs when a call begins. */
async function programsRun(
  lines: (folder: string) => readonly string[],
): Promise<readonly boolean[]> {
  const names = ["one", "two"] as const;
  const bench = await DirectiveBench.open((folder) => {
    makePrograms(folder, names);
    return lines(folder);
  });
  try {
    const up = await call(bench);
    const ran = () => names.map((name) => isThere(`${bench.place.folder}/${name}.said`));
    const isWanted = lines("").length > 0;
    await becomes(() => ran().includes(true), isWanted ? PATIENCE_MS : SILENCE_MS);
    up.close();
    return ran();
  } finally {
    await bench.close();
  }
}

function doors(name: string) {
  return (folder: string) => ["firewall_module = command", `firewall_command = ${folder}/${name}`];
}

effects("operation", [
  {
    directive: "status_socket",
    change: "none → a path",
    seen: "the status report is read there",
    run: async () => {
      const version = (value: (folder: string) => string) =>
        withDaemon(
          (folder) => [`status_socket = ${value(folder)}`],
          ({ place }) => reportVersion(`${place.folder}/here.sock`),
        );
      const before = await version((folder) => `${folder}/there.sock`);
      deepStrictEqual([before, await version((folder) => `${folder}/here.sock`)], [undefined, 1]);
    },
  },
  {
    directive: "metrics_listen",
    change: "unset → a port",
    seen: "metrics are read there",
    run: async () => {
      const port = freeTcpPort();
      const line = (lines: readonly string[]) => withDaemon(() => lines, () => metrics(port));
      const before = await line([]);
      const after = await line([`metrics_listen = ${port}`]);
      deepStrictEqual([before, after?.startsWith("# HELP siproxd_")], [undefined, true]);
    },
  },
]);

effects("the firewall", [
  {
    directive: "firewall_module",
    change: "none → command",
    seen: "a program runs when a call begins",
    run: async () => {
      const before = await programsRun(() => []);
      deepStrictEqual([before, await programsRun(doors("one"))], [[false, false], [true, false]]);
    },
  },
  {
    directive: "firewall_command",
    change: "a program → another",
    seen: "the other program runs when a call begins",
    run: async () => {
      const before = await programsRun(doors("one"));
      deepStrictEqual([before, await programsRun(doors("two"))], [[true, false], [false, true]]);
    },
  },
]);
