/**
 * The wall clock is set back a day, and forward again.
 *
 * Time namespaces do not cover the wall clock, so the daemon runs with Debian's libfaketime in front of the C library:
 * it shifts what the process reads as wall-clock time, and nothing else. Called by inside.ts.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { mustRun, poll } from "../support/command.ts";
import { makeDirectory } from "../support/work_directory.ts";
import {
  type FaultBench,
  makeParty,
  mustCall,
  mustHangUp,
  mustHear,
  mustReach,
  mustRegister,
  mustServe,
  openBench,
  phoneAt,
} from "./fault_bench.ts";
import { readRecords } from "./record_file.ts";

interface ClockBench extends FaultBench {
  /** Shifts the wall clock, as `-1d`. */
  readonly shift: (by: string) => Promise<void>;
}

const DAY_SECONDS = 86_400;

/** What the file may say beside the truth: it holds whole seconds, and the machine is busy. */
const TOLERANCE_SECONDS = 60;
const WRITTEN_TIMEOUT_MS = 15_000;

/**
 * Starts at most. On a machine with twenty busy processes one start was seen to stand still for ever with the library in
 * front, main thread and all, so that not even the daemon's own limit of 15 s for its start was told; without the library
 * none ever did. What is tried again is printed.
 */
const STARTS = 3;

async function severalStarts<T>(start: () => Promise<T>): Promise<T> {
  for (let n = 1; n < STARTS; n++) {
    try {
      return await start();
    } catch (error) {
      console.log(
        `     start ${n} with libfaketime: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
  return await start();
}

async function setUp(): Promise<ClockBench> {
  const folder = await makeDirectory("clock");
  const stamp = `${folder}/stamp`;
  // Renamed, never rewritten: the daemon reads it at every look at the clock.
  const shift = async (by: string): Promise<void> => {
    await Deno.writeTextFile(`${stamp}.new`, `${by}\n`);
    await Deno.rename(`${stamp}.new`, stamp);
  };
  await shift("+0");
  const library = (await mustRun("sh", ["-c", "ls /usr/lib/*/faketime/libfaketimeMT.so.1"])).trim();
  const options = {
    name: "clock",
    phones: 3,
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: stamp,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      FAKETIME_DONT_RESET: "1",
    },
  };
  return { ...await severalStarts(() => openBench(options)), shift };
}

let nextLatePort = 26_000;

/** Seconds by which the file's end of a fresh registration lies beside the real clock's. */
async function fileOffset(bench: ClockBench, user: string): Promise<number> {
  const phone = makeParty({ user, side: "phones", port: nextLatePort++, pump: bench.pump });
  await mustRegister(phone);
  const trueSeconds = Date.now() / 1000 + 600;
  const record = await poll(async () => {
    const records = readRecords(await readFile(bench));
    return records.find((one) => one.user === user);
  }, { what: `${user} in the registration file`, timeoutMs: WRITTEN_TIMEOUT_MS });
  phone.close();
  return record.expiresSeconds - trueSeconds;
}

/** There is none before the first save, which comes within a second. */
async function readFile(bench: ClockBench): Promise<string> {
  return await poll(
    () => Deno.readTextFile(bench.registrationFile).catch(() => undefined),
    { what: "a registration file", timeoutMs: WRITTEN_TIMEOUT_MS },
  );
}

function near(seconds: number, wanted: number): boolean {
  return Math.abs(seconds - wanted) < TOLERANCE_SECONDS;
}

async function clockGoesBack(bench: ClockBench): Promise<void> {
  assert.ok(near(await fileOffset(bench, "before"), 0), "the clock is right at first");
  const call = await mustCall(bench, { phone: phoneAt(bench, 0), direction: "out" });
  await mustHear(call, "before");
  await bench.shift("-1d");
  const offset = await fileOffset(bench, "after");
  assert.ok(near(offset, -DAY_SECONDS), `the daemon's wall clock did not move: ${offset} s`);
  await mustHear(call, "after the clock went back");
  for (const phone of bench.phones) await mustReach(bench, phone);
  await mustHangUp(call);
  await mustServe(bench, "with the clock a day back");
}

async function killedMeanwhile(bench: ClockBench): Promise<void> {
  await bench.shift("+0");
  await fileOffset(bench, "real");
  // Saved by the right clock, read by one that is a day back: as after the start of a router without a clock.
  await bench.shift("-1d");
  await severalStarts(async () => {
    await bench.daemon.kill();
    await bench.daemon.restart();
  });
  for (const phone of bench.phones) await mustReach(bench, phone);
  const offset = await fileOffset(bench, "restarted");
  assert.ok(near(offset, -DAY_SECONDS), `the daemon's wall clock: ${offset} s`);
  const records = readRecords(await readFile(bench));
  const ends = records.map(({ expiresSeconds }) =>
    expiresSeconds - Date.now() / 1000 + DAY_SECONDS
  );
  assert.ok(ends.every((leftSeconds) => leftSeconds < 600 + TOLERANCE_SECONDS), ends.join());
}

async function clockGoesForward(bench: ClockBench): Promise<void> {
  await bench.shift("-1d");
  const call = await mustCall(bench, { phone: phoneAt(bench, 1), direction: "in" });
  await bench.shift("+0");
  await mustHear(call, "after the clock went forward");
  for (const phone of bench.phones) await mustReach(bench, phone);
  await mustHangUp(call);
  assert.ok(near(await fileOffset(bench, "forward"), 0), "the file follows the clock");
  await mustServe(bench, "with the clock right again");
}

function clockCase(name: string, run: (bench: ClockBench) => Promise<void>): Case<ClockBench> {
  return { name, timeoutMs: 120_000, run };
}

/** Jumps of the wall clock. */
export const CLOCK_SUITE: Suite = defineSuite<ClockBench>({
  name: "clock",
  setUp,
  tearDown: (bench) => bench.close(),
  cases: [
    clockCase("set back a day: calls and registrations go on", clockGoesBack),
    clockCase(
      "set back a day, and kill -9: registrations live as long as was left",
      killedMeanwhile,
    ),
    clockCase("set forward a day again: calls and registrations go on", clockGoesForward),
  ],
});
