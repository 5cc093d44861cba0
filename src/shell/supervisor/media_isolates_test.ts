import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import { configOf } from "../../../tests/support/loopback_daemon.ts";
import { emptyTotals } from "../../rtp/relay_statistics.ts";
import { RelayTally } from "../../rtp/relay_tally.ts";
import { MEDIA_PERMISSIONS } from "../machine/permissions.ts";
import { mediaConfigOf } from "../media/media_config.ts";
import type { MediaStatistics, MediaToSupervisor, SupervisorToMedia } from "../media_protocol.ts";
import { MediaIsolates } from "./media_isolates.ts";
import type { MediaWorkerPlan } from "./media_worker_plan.ts";
import type { SpawnEvents } from "./spawn_worker.ts";

/** An isolate that a test plays. */
interface Played {
  readonly events: SpawnEvents<MediaToSupervisor>;
  readonly posted: SupervisorToMedia[];
}

const STATISTICS: MediaStatistics = {
  workers: 1,
  totals: emptyTotals(),
  live: [],
  sendErrors: 1,
  idlePackets: 0,
  stock: { lan: 16, wan: 16 },
  tally: new RelayTally().figures(),
  loopLagMs: 0,
};

function openIsolates(plan: MediaWorkerPlan) {
  const played: Played[] = [];
  const life: string[] = [];
  const isolates = new MediaIsolates({
    plan,
    kind: {
      name: "media",
      moduleUrl: "file:///media.ts",
      permissions: MEDIA_PERMISSIONS,
      ping: { kind: "ping" },
      isPong: ({ kind }) => kind === "pong",
      pingIntervalMs: 1000,
      nowMs: () => Date.now(),
      spawn: (_request, events) => {
        const one: Played = { events, posted: [] };
        played.push(one);
        return { post: (message) => void one.posted.push(message), terminate: () => {} };
      },
    },
  }, {
    onStart: (worker) => life.push(`start ${worker}`),
    onLost: (worker) => life.push(`lost ${worker}`),
    onNews: ({ kind }) => life.push(kind),
    onLog: ({ text = "" }) => life.push(text),
    onGiveUp: (reason) => life.push(reason),
  });
  const kinds = () => played.map(({ posted }) => posted.map(({ kind }) => kind));
  return { isolates, played, life, kinds };
}

Deno.test("MediaIsolates.start() starts all of them, or the first one and the others by need", () => {
  using _time = new FakeTime();
  const all = openIsolates({ workers: 3, start: "all" });
  all.isolates.startNext();
  deepStrictEqual(all.life, []);
  all.isolates.start();
  deepStrictEqual([all.isolates.running, all.isolates.workers], [[0, 1, 2], 3]);
  const few = openIsolates({ workers: 2, start: "by-need" });
  few.isolates.start();
  deepStrictEqual(few.isolates.running, [0]);
  for (let wish = 0; wish < 3; wish++) few.isolates.startNext();
  deepStrictEqual([few.isolates.running, few.life], [[0, 1], ["start 0", "start 1"]]);
  for (const { isolates } of [all, few]) isolates.stop();
});

Deno.test("MediaIsolates replaces the one that died, and says which", () => {
  using time = new FakeTime();
  const { isolates, played, life } = openIsolates({ workers: 2, start: "all" });
  isolates.start();
  time.tick(500);
  played[1]?.events.onError("a bug");
  deepStrictEqual(isolates.running, [0]);
  time.tick(200);
  deepStrictEqual([isolates.running, life.slice(2)], [[0, 1], [
    "lost 1",
    "The media isolate 2 died: a bug; replacing it in 200 ms",
    "start 1",
  ]]);
  isolates.stop();
});

Deno.test("MediaIsolates.configure() tells each its share of the ports, and the only one nothing of it", () => {
  using _time = new FakeTime();
  const config = mediaConfigOf(configOf([]), {
    ...{ lan: undefined, wan: undefined, advertised: undefined, gateway: undefined },
    lanNetworks: [],
  });
  const two = openIsolates({ workers: 2, start: "all" });
  two.isolates.start();
  two.isolates.configure(config);
  two.isolates.configure(config, 1);
  const shares = [0, 1].map((worker) => ({ ...config, share: { worker, workers: 2 } }));
  const [first, second] = shares.map((share) => ({ kind: "configure", config: share }));
  deepStrictEqual(two.played.map(({ posted }) => posted), [[first], [second, second]]);
  const one = openIsolates({ workers: 1, start: "all" });
  one.isolates.start();
  one.isolates.configure(config);
  deepStrictEqual(one.played[0]?.posted, [{ kind: "configure", config }]);
  for (const { isolates } of [two, one]) isolates.stop();
});

Deno.test("MediaIsolates.statistics() adds up those that answer in time", async () => {
  using time = new FakeTime();
  const { isolates, played } = openIsolates({ workers: 2, start: "all" });
  isolates.start();
  const both = isolates.statistics();
  for (const { events } of played) {
    events.onMessage({ kind: "statistics", statistics: STATISTICS });
  }
  const { workers, sendErrors } = await both ?? {};
  deepStrictEqual([workers, sendErrors], [2, 2]);
  const one = isolates.statistics();
  played[1]?.events.onMessage({ kind: "statistics", statistics: STATISTICS });
  await time.tickAsync(60_000);
  strictEqual((await one)?.workers, 1);
  const none = isolates.statistics();
  await time.tickAsync(60_000);
  strictEqual(await none, undefined);
  isolates.stop();
});

Deno.test("MediaIsolates.probe() shows what each of them could do", async () => {
  using _time = new FakeTime();
  const { isolates, played } = openIsolates({ workers: 2, start: "all" });
  isolates.start();
  const probed = isolates.probe();
  const verdicts = ["refused", "allowed"] as const;
  for (const [worker, verdict] of verdicts.entries()) {
    const report = [{ attempt: "list /", verdict, detail: "" }];
    played[worker]?.events.onMessage({ kind: "probed", report });
  }
  deepStrictEqual((await probed)?.map(({ verdict }) => verdict), verdicts);
  isolates.stop();
});

Deno.test("MediaIsolates passes news on, and what became of paths to those that have them", () => {
  using _time = new FakeTime();
  const { isolates, played, life, kinds } = openIsolates({ workers: 2, start: "all" });
  isolates.start();
  isolates.tell({ kind: "ready", worker: 1 });
  isolates.tell({ kind: "handed", pathIds: [1] });
  isolates.dismiss();
  deepStrictEqual(kinds(), [["offload", "stop"], ["offload", "stop"]]);
  const { events } = played[1] ?? {};
  events?.onMessage({ kind: "pong" });
  events?.onMessage({ kind: "configured", lanPairs: 1, wanPairs: 1 });
  events?.onMessage({ kind: "stopped" });
  events?.onMessage({ kind: "crashed", stack: "Error" });
  events?.onMessage({ kind: "stream", event: { kind: "stop", streamId: 1 } });
  deepStrictEqual(life.slice(2), ["crashed", "stream"]);
  isolates.stop();
});
