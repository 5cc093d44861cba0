/** An offload over an nft without a kernel, and what it told. */

import type { MediaPath } from "../../src/base/media_path.ts";
import type { OffloadFamily, OffloadPlan } from "../../src/nft/offload_table.ts";
import { MediaOffload } from "../../src/shell/firewall/media_offload.ts";
import { NftHost } from "../../src/shell/firewall/nft_host.ts";
import type { OffloadReport } from "../../src/shell/firewall/offload_messages.ts";
import { FakeKernel } from "./media_paths.ts";

/** Ports of tests, and no mark. */
export const PLAN: OffloadPlan = { table: "t", portLow: 7070, portHigh: 7999, dscp: 0 };

/** Longer than any test waits. */
export const NEVER_MS = 1e8;

/** What may differ. */
export interface Setting {
  readonly firstCheckMs?: number;
  readonly families?: readonly OffloadFamily[];
  readonly kernels?: readonly FakeKernel[];
}

/** An open offload. */
export interface Opened {
  readonly offload: MediaOffload;
  readonly kernel: FakeKernel;
  readonly told: OffloadReport[];
  readonly logs: string[];
  /** Waits until something was told. */
  readonly wait: (kind: OffloadReport["kind"]) => Promise<void>;
}

/** Opens one over a fake kernel. */
export async function openMediaOffload(setting: Setting = {}): Promise<Opened> {
  const kernels = [...setting.kernels ?? [new FakeKernel()]];
  const [kernel = new FakeKernel()] = kernels;
  const told: OffloadReport[] = [];
  const logs: string[] = [];
  const host = new NftHost({
    spawn: () => (kernels.shift() ?? new FakeKernel()).nft.spawn(),
    onLog: () => {},
    backOffMs: [1],
  });
  let wake: () => void = () => {};
  const offload = new MediaOffload({
    host,
    plan: PLAN,
    families: setting.families ?? [4],
    countIntervalMs: NEVER_MS,
    firstCheckMs: setting.firstCheckMs ?? NEVER_MS,
    tell: (report) => {
      told.push(report);
      wake();
    },
    onLog: ({ text }) => logs.push(text ?? ""),
  });
  const opened = await offload.open();
  if (!opened.ok) throw new Error(opened.error);
  const wait = async (kind: OffloadReport["kind"]) => {
    while (!told.some((report) => report.kind === kind)) {
      await new Promise<void>((resolve) => wake = resolve);
    }
  };
  return { offload, kernel, told, logs, wait };
}

/** Hands paths over. */
export async function handOver(
  { offload }: Opened,
  ...paths: readonly (readonly [number, MediaPath])[]
): Promise<void> {
  offload.hear({ kind: "hand-over", paths: paths.map(([pathId, path]) => ({ pathId, path })) });
  await offload.settled();
}

/** Takes paths back. */
export async function takeBack({ offload }: Opened, ...pathIds: readonly number[]): Promise<void> {
  offload.hear({ kind: "take-back", pathIds });
  await offload.settled();
}

/** Reports without the first `ready`. */
export function reports({ told }: Opened): readonly OffloadReport[] {
  return told.slice(1);
}
