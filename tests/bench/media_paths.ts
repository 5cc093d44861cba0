/**
 * The four ways that the same media packets take, each in a lab of its own: plain routing, siproxd with the
 * kernel relaying, siproxd's own relay, rtpengine in user space. It measures nothing. The RTP part of the
 * bench starts them through here.
 *
 * @module
 */
import { startRtpengine } from "./anchors.ts";
import { type Daemon, stopDaemon } from "./daemon.ts";
import { REGISTRAR } from "./lab.ts";
import { FIRST_MEDIA_PORT, PHONES_PER_NET } from "./ng_client.ts";
import { type Bench, tryStart } from "./plan.ts";
import { knowsDirective, startSiproxd } from "./siproxd.ts";
import type { MediaSubject, Place } from "./subject.ts";

/** The paths in the order of the table's columns. */
export const PATH_NAMES = ["direct", "offloaded", "user space", "rtpengine"] as const;

/** One of them. */
export type PathName = typeof PATH_NAMES[number];

/** A way for media through the router, and how calls are set up on it; direct routing has no daemon. */
export interface MediaPath
  extends Pick<MediaSubject, "lab" | "generators" | "openCalls" | "closeCalls"> {
  readonly name: PathName;
  readonly daemon: Daemon | undefined;
}

/** What makes the kernel relay: both absent from the table and from the claims where siproxd has no such directive. */
const OFFLOAD_LINE = "media_offload = nftables";

/** Starts all paths that can be started; what can't be is a problem of the run. */
export async function startPaths(bench: Bench): Promise<readonly MediaPath[]> {
  const paths: MediaPath[] = [directPath(bench.direct)];
  const add = async (name: PathName, start: () => Promise<MediaSubject | undefined>) => {
    const subject = await tryStart(bench, start);
    if (subject !== undefined) paths.push({ ...subject, name });
  };
  if (await knowsDirective(bench.offloaded, OFFLOAD_LINE)) {
    const offloaded = { name: "offloaded", lines: [OFFLOAD_LINE] };
    await add("offloaded", () => startSiproxd(bench.offloaded, offloaded));
  } else {
    console.error("rtp: this siproxd has no media_offload, its row is left out");
  }
  await add("user space", () => startSiproxd(bench.ours));
  await add("rtpengine", () => startRtpengine(bench.anchor));
  return paths;
}

/** Stops their daemons. */
export async function stopPaths(paths: readonly MediaPath[]): Promise<void> {
  for (const { daemon } of paths) if (daemon !== undefined) await stopDaemon(daemon);
}

/** Phone and far phone send to each other's own addresses: what a packet costs without any relay. */
function directPath(place: Place): MediaPath {
  return {
    name: "direct",
    daemon: undefined,
    ...place,
    openCalls: (count) => Promise.resolve(Array.from({ length: count }, (_, index) => line(index))),
    closeCalls: () => Promise.resolve(),
  };
}

function line(index: number): string {
  const port = FIRST_MEDIA_PORT + 2 * index;
  const phone = `10.1.${Math.floor(index / PHONES_PER_NET)}.${index % PHONES_PER_NET + 1} ${port}`;
  const far = `${REGISTRAR} ${port}`;
  return `${phone} ${far} ${far} ${phone}`;
}
