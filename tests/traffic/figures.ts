/** What a daemon tells of itself over its metrics endpoint and its status socket, read from outside. */

import type { Place } from "./sip_port.ts";

/** Samples by name and labels, as `name{label="value"}`. */
export type Metrics = ReadonlyMap<string, number>;

/** Reads the metrics endpoint. */
export async function readMetrics(at: Place): Promise<Metrics> {
  const response = await fetch(`http://${at.hostname}:${at.port}/metrics`);
  return parseMetrics(await response.text());
}

/** Reads the text format of Prometheus. */
export function parseMetrics(text: string): Metrics {
  const samples = new Map<string, number>();
  for (const line of text.split("\n")) {
    const at = line.lastIndexOf(" ");
    if (line.startsWith("#") || at < 0) continue;
    samples.set(line.slice(0, at), Number(line.slice(at + 1)));
  }
  return samples;
}

/** Sum of all samples of a family; `wanted` is its name, or its name and one label as `name{reason="source"}`. */
export function sumOf(metrics: Metrics, wanted: string): number {
  const [name = "", label = ""] = wanted.split(/[{}]/);
  let sum = 0;
  for (const [key, value] of metrics) {
    const isMember = key === name || key.startsWith(`${name}{`);
    if (isMember && key.includes(label)) sum += value;
  }
  return sum;
}

/** What the system says of a process. */
export interface ProcessFigures {
  readonly residentKb: number;
  readonly handles: number;
  readonly threads: number;
}

/** Reads /proc. */
export function readProcess(pid: number): ProcessFigures {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const number = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  return {
    residentKb: number("VmRSS"),
    handles: [...Deno.readDirSync(`/proc/${pid}/fd`)].length,
    threads: number("Threads"),
  };
}

/** Datagrams that the kernel dropped because a receive buffer was full, in this network namespace since it exists. */
export function bufferDrops(): number {
  const lines = Deno.readTextFileSync("/proc/self/net/snmp").split("\n");
  const [names = "", values = ""] = lines.filter((line) => line.startsWith("Udp:"));
  const at = names.split(" ").indexOf("RcvbufErrors");
  return Number(values.split(" ")[at] ?? 0);
}
