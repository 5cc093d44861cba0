import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import { PROCESS_LAN, PROCESS_WAN } from "../support/process_place.ts";
import {
  audioAt,
  call,
  mediaPlace,
  refuse,
  ring,
  sendMedia,
  sendUntilHeard,
  type Way,
} from "./bench_call.ts";
import { DirectiveBench, PATIENCE_MS, PHONE, SILENCE_MS } from "./directive_bench.ts";
import { effects } from "./effect.ts";
import { withDaemon } from "./own_daemon.ts";

/** Longer than the second that is set, with the second in which streams are looked at. */
const LONGER_MS = 2_500;

const DELAY_MS = 1_500;

const PHONE_AUDIO = audioAt({ hostname: PHONE, port: 30_000 });

/** What becomes of two calls at once: the relay's port at the provider, or the status that the phone hears. */
async function twoCalls(bench: DirectiveBench): Promise<readonly number[]> {
  await bench.register();
  bench.forget();
  const rings = [await ring(bench, PHONE_AUDIO), await ring(bench, PHONE_AUDIO)];
  for (const { invite } of rings) await refuse(bench, invite);
  bench.forget();
  return rings.map(({ invite, refusal }) => refusal ?? mediaPlace(invite).port);
}

/** Whether media still pass after a silence; with `expired` the daemon has to say before that the stream is over. */
async function passesAfterSilence(
  bench: DirectiveBench,
  plan: { readonly attribute: "inactive" | "sendrecv"; readonly wanted: "alive" | "expired" },
): Promise<boolean> {
  const one = await call(bench, { attribute: plan.attribute });
  await sendUntilHeard(one, "out");
  if (plan.wanted === "expired") {
    await bench.daemon.said(`RTP stream ${one.callId} (media=0) has expired`);
  } else await new Promise((resolve) => setTimeout(resolve, LONGER_MS));
  const patienceMs = plan.wanted === "expired" ? SILENCE_MS : PATIENCE_MS;
  const tookMs = await sendMedia(one, { way: "out", patienceMs });
  one.close();
  return tookMs !== undefined;
}

/** Milliseconds that a packet takes each way, in full delays. */
async function delays(bench: DirectiveBench): Promise<Readonly<Record<Way, number>>> {
  const one = await call(bench);
  for (const way of ["in", "out"] as const) await sendUntilHeard(one, way);
  const took = async (way: Way) =>
    Math.floor((await sendMedia(one, { way, patienceMs: PATIENCE_MS }) ?? 0) / (DELAY_MS - 10));
  const found = { in: await took("in"), out: await took("out") };
  one.close();
  return found;
}

/** Calls at once of which one at the latest must have ports of the second share. */
const MOST_CALLS = 8;

/** Isolates of a daemon, the shares of the range that calls at once have ports of, and the ways that hear nothing. */
async function isolatesAt(workers: number): Promise<readonly number[]> {
  const bench = await DirectiveBench.open(() => [`media_workers = ${workers}`]);
  try {
    const calls = [await call(bench), await call(bench)];
    const shares = () => new Set(calls.map(({ told }) => told.provider.port / 2 % workers)).size;
    // On a busy machine the second isolate may be ready a moment after the daemon is.
    while (shares() < workers && calls.length < MOST_CALLS) calls.push(await call(bench));
    let deafWays = 0;
    for (const one of calls) {
      for (const way of ["in", "out"] as const) {
        await sendUntilHeard(one, way);
        if (await sendMedia(one, { way, patienceMs: PATIENCE_MS }) === undefined) deafWays++;
      }
      one.close();
    }
    return [countIsolates(bench.daemon.child.pid), shares(), deafWays];
  } finally {
    await bench.close();
  }
}

/** Threads of workers have names of their own. */
function countIsolates(pid: number): number {
  const threads = [...Deno.readDirSync(`/proc/${pid}/task`)];
  const names = threads.map(({ name }) => Deno.readTextFileSync(`/proc/${pid}/task/${name}/comm`));
  return names.filter((name) => name.startsWith("worker-")).length;
}

effects("media", [
  {
    directive: "rtp_proxy_enable",
    change: "1 → 0",
    seen: "the provider is told the phone's own media address",
    run: async (bench) => {
      const place = async () => {
        await bench.register();
        bench.forget();
        const { invite } = await ring(bench, PHONE_AUDIO);
        await refuse(bench, invite);
        return mediaPlace(invite);
      };
      await bench.obeyInMedia([]);
      const before = await place();
      await bench.obey(["rtp_proxy_enable = 0"]);
      deepStrictEqual([before.hostname, await place()], [PROCESS_WAN, {
        hostname: PHONE,
        port: 30_000,
      }]);
    },
  },
  {
    directive: "rtp_port_low",
    change: "the last two pairs → the last pair",
    seen: "a second call gets 503, the first one the last port",
    run: async (bench) => {
      const first = findFreePorts([PROCESS_LAN, PROCESS_WAN], 8) ?? 0;
      const high = `rtp_port_high = ${first + 7}`;
      await bench.obeyInMedia([`rtp_port_low = ${first + 4}`, high]);
      const before = await twoCalls(bench);
      await bench.obeyInMedia([`rtp_port_low = ${first + 6}`, high]);
      const after = await twoCalls(bench);
      deepStrictEqual([before.toSorted(), after], [[first + 4, first + 6], [first + 6, 503]]);
    },
  },
  {
    directive: "rtp_port_high",
    change: "the first two pairs → the first pair",
    seen: "a second call gets 503, the first one the first port",
    run: async (bench) => {
      const first = findFreePorts([PROCESS_LAN, PROCESS_WAN], 8) ?? 0;
      const low = `rtp_port_low = ${first}`;
      await bench.obeyInMedia([low, `rtp_port_high = ${first + 3}`]);
      const before = await twoCalls(bench);
      await bench.obeyInMedia([low, `rtp_port_high = ${first + 1}`]);
      const after = await twoCalls(bench);
      deepStrictEqual([before.toSorted(), after], [[first, first + 2], [first, 503]]);
    },
  },
  {
    directive: "rtp_timeout",
    change: "300 → 1",
    seen: "media pass no more after a silence of seconds",
    run: async (bench) => {
      await bench.obeyInMedia([]);
      const wanted = { attribute: "sendrecv", wanted: "alive" } as const;
      const before = await passesAfterSilence(bench, wanted);
      await bench.obeyInMedia(["rtp_timeout = 1"]);
      const after = await passesAfterSilence(bench, { ...wanted, wanted: "expired" });
      deepStrictEqual([before, after], [true, false]);
    },
  },
  {
    directive: "rtp_hold_timeout",
    change: "14400 → 1",
    seen: "media of a call on hold pass no more after a silence of seconds",
    run: async (bench) => {
      await bench.obeyInMedia(["rtp_timeout = 1"]);
      const wanted = { attribute: "inactive", wanted: "alive" } as const;
      const before = await passesAfterSilence(bench, wanted);
      await bench.obeyInMedia(["rtp_hold_timeout = 1"]);
      const after = await passesAfterSilence(bench, { ...wanted, wanted: "expired" });
      deepStrictEqual([before, after], [true, false]);
    },
  },
  {
    directive: "rtp_input_dejitter",
    change: "0 → 1500000",
    seen: "a packet from the Internet takes a second and a half, the other way none",
    run: async (bench) => {
      await bench.obeyInMedia([]);
      const before = await delays(bench);
      await bench.obeyInMedia([`rtp_input_dejitter = ${DELAY_MS * 1000}`]);
      deepStrictEqual([before, await delays(bench)], [{ in: 0, out: 0 }, { in: 1, out: 0 }]);
    },
  },
  {
    directive: "rtp_output_dejitter",
    change: "0 → 1500000",
    seen: "a packet from the phone takes a second and a half, the other way none",
    run: async (bench) => {
      await bench.obeyInMedia([]);
      const before = await delays(bench);
      await bench.obeyInMedia([`rtp_output_dejitter = ${DELAY_MS * 1000}`]);
      deepStrictEqual([before, await delays(bench)], [{ in: 0, out: 0 }, { in: 0, out: 1 }]);
    },
  },
  {
    directive: "media_workers",
    change: "1 → 2",
    seen: "one more isolate; two calls at once have ports, and audio, of different ones",
    run: async () => {
      deepStrictEqual([await isolatesAt(1), await isolatesAt(2)], [[2, 1, 0], [3, 2, 0]]);
    },
  },
  {
    directive: "thread_stack_size",
    change: "unset → 512",
    seen: "a line says that it has no effect",
    run: async () => {
      const log = (lines: readonly string[]) =>
        withDaemon(() => lines, ({ daemon }) => daemon.log());
      const before = await log([]);
      const after = await log(["thread_stack_size = 512"]);
      strictEqual(before.includes("thread_stack_size"), false);
      ok(/warning: thread_stack_size: Has no effect: /.test(after), after);
    },
  },
]);
