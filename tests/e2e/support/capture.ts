/**
 * What really went over a wire: tcpdump records, tshark decodes.
 *
 * Records one interface of a namespace into a file and answers questions about it. It does not
 * judge. Called by the suites.
 *
 * @module
 */
import { mustRun } from "./command.ts";
import { hostOf } from "./ip_text.ts";
import { type ManagedProcess, startProcess } from "./process.ts";
import { workDirectory } from "./work_directory.ts";
import { isRecord, parseJson } from "./json.ts";

/** What to record. */
export interface CaptureOptions {
  readonly name: string;
  readonly namespace: string;
  readonly interfaceName: string;
}

/** One decoded packet: the wanted fields, each with all its occurrences. */
export type Packet = Readonly<Record<string, readonly string[]>>;

/** RTP packets of one direction between two sockets. */
export interface RtpFlow {
  readonly from: string;
  readonly to: string;
  readonly packets: number;
}

let captures = 0;

/** A running or finished recording. */
export class Capture {
  readonly file: string;
  #process: ManagedProcess;

  constructor(file: string, process: ManagedProcess) {
    this.file = file;
    this.#process = process;
  }

  /** Ends the recording; what was on the wire before is in the file afterwards. */
  async stop(): Promise<void> {
    await this.#process.stop("SIGINT");
  }

  /** Fields of all packets that match a display filter. */
  async packets(filter: string, fields: readonly string[]): Promise<readonly Packet[]> {
    const text = await mustRun("tshark", [
      ...["-n", "-r", this.file, "-Y", filter, "-T", "json"],
      ...fields.flatMap((field) => ["-e", field]),
    ]);
    const parsed = parseJson(text);
    return Array.isArray(parsed) ? parsed.map((one: unknown) => readPacket(one, fields)) : [];
  }

  /** RTP flows with their packet counts. */
  async rtpFlows(): Promise<readonly RtpFlow[]> {
    const text = await mustRun("tshark", [
      ...["-n", "-r", this.file, "--enable-heuristic", "rtp_udp", "-Y", "rtp", "-T", "fields"],
      ...["-e", "ip.src", "-e", "ipv6.src", "-e", "udp.srcport"],
      ...["-e", "ip.dst", "-e", "ipv6.dst", "-e", "udp.dstport"],
    ]);
    const counts: Map<string, number> = new Map();
    for (const line of text.split("\n").filter((one) => one !== "")) {
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
    return [...counts].map(([key, packets]) => {
      const [from4, from6 = "", fromPort, to4, to6 = "", toPort] = key.split("\t");
      const from = `${from4 || hostOf(from6)}:${fromPort}`;
      return { from, to: `${to4 || hostOf(to6)}:${toPort}`, packets };
    });
  }
}

/** Starts recording and returns when tcpdump listens. */
export async function startCapture(options: CaptureOptions): Promise<Capture> {
  const file = `${workDirectory()}/capture-${++captures}-${options.name}.pcap`;
  const process = startProcess({
    name: `tcpdump-${options.name}`,
    namespace: options.namespace,
    command: "tcpdump",
    args: [
      ...["-n", "-U", "--immediate-mode", "-Z", "root", "-s", "0"],
      ...["-i", options.interfaceName, "-w", file, "udp or tcp"],
    ],
  });
  await process.waitForLog(/listening on/, 5000);
  return new Capture(file, process);
}

function readPacket(value: unknown, fields: readonly string[]): Packet {
  const source = isRecord(value) ? value["_source"] : undefined;
  const layers = isRecord(source) ? source["layers"] : undefined;
  const packet: Record<string, readonly string[]> = {};
  for (const field of fields) {
    const found = isRecord(layers) ? layers[field] : undefined;
    packet[field] = Array.isArray(found) ? found.map((one: unknown) => String(one)) : [];
  }
  return packet;
}
