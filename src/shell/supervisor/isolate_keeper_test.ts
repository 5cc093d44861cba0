import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import type { LogEvent } from "../../log/log_event.ts";
import { IsolateKeeper } from "./isolate_keeper.ts";
import { SIGNALLING_PERMISSIONS } from "../machine/permissions.ts";
import type { SpawnEvents, SpawnRequest } from "./spawn_worker.ts";

/** An isolate that a test plays. */
interface Played {
  readonly request: SpawnRequest;
  readonly events: SpawnEvents<string>;
  readonly posted: string[];
  state: "running" | "terminated";
}

function openKeeper() {
  const played: Played[] = [];
  const starts: string[] = [];
  const heard: string[] = [];
  const logs: LogEvent[] = [];
  const gaveUp: string[] = [];
  const keeper = new IsolateKeeper<string, string>({
    name: "signalling",
    moduleUrl: "file:///isolate.ts",
    permissions: SIGNALLING_PERMISSIONS,
    ping: "ping",
    isPong: (message) => message === "pong",
    pingIntervalMs: 1000,
    nowMs: () => Date.now(),
    spawn: (request, events) => {
      const one: Played = { request, events, posted: [], state: "running" };
      played.push(one);
      return {
        post: (message) => void one.posted.push(message),
        terminate: () => {
          one.state = "terminated";
        },
      };
    },
  }, {
    onStart: (reason) => starts.push(reason),
    onMessage: (message) => heard.push(message),
    onLog: (event) => logs.push(event),
    onGiveUp: (reason) => gaveUp.push(reason),
  });
  const last = () => {
    const one = played.at(-1);
    if (one === undefined) throw new Error("nothing was started");
    return one;
  };
  return { keeper, played, starts, heard, logs, gaveUp, last };
}

/** Lets seconds pass; the isolate answers every question. */
function live(time: FakeTime, world: ReturnType<typeof openKeeper>, seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    time.tick(1000);
    world.last().events.onMessage("pong");
  }
}

Deno.test("IsolateKeeper starts its isolate with its module and its permissions", () => {
  using _time = new FakeTime();
  const { keeper, played, starts } = openKeeper();
  keeper.start();
  deepStrictEqual([keeper.isRunning, keeper.isStarted, starts], [true, true, ["first"]]);
  const { name, moduleUrl, permissions } = played[0]?.request ?? {};
  deepStrictEqual(
    [name, moduleUrl, permissions],
    ["signalling", "file:///isolate.ts", SIGNALLING_PERMISSIONS],
  );
  keeper.stop();
});

Deno.test("IsolateKeeper passes messages on, answers of the watchdog aside", () => {
  using time = new FakeTime();
  const world = openKeeper();
  world.keeper.start();
  world.keeper.post("hello");
  live(time, world, 2);
  world.last().events.onMessage("news");
  deepStrictEqual(world.heard, ["news"]);
  deepStrictEqual(world.last().posted, ["hello", "ping", "ping"]);
  world.keeper.stop();
});

Deno.test("IsolateKeeper replaces an isolate that dies after a long life at once", () => {
  using time = new FakeTime();
  const world = openKeeper();
  world.keeper.start();
  live(time, world, 20);
  world.last().events.onError("boom");
  strictEqual(world.keeper.isRunning, false);
  time.tick(1);
  deepStrictEqual(world.starts, ["first", "after-crash"]);
  deepStrictEqual(world.logs.map(({ level, text }) => [level, text]), [
    ["error", "The signalling isolate died: boom; replacing it in 0 ms"],
  ]);
  world.keeper.stop();
});

Deno.test("IsolateKeeper waits longer each time for an isolate that keeps dying, ten seconds at most", () => {
  using time = new FakeTime();
  const world = openKeeper();
  world.keeper.start();
  for (let death = 0; death < 9; death++) {
    world.last().events.onError("boom");
    const delayMs = Number(world.logs.at(-1)?.fields?.["delayMs"]);
    time.tick(delayMs - 1);
    strictEqual(world.keeper.isRunning, false);
    time.tick(1);
  }
  deepStrictEqual(world.logs.map(({ fields }) => fields?.["delayMs"]), [
    200,
    400,
    800,
    1600,
    3200,
    6400,
    10_000,
    10_000,
    10_000,
  ]);
  world.keeper.stop();
});

Deno.test("IsolateKeeper replaces an isolate that leaves five questions unanswered", () => {
  using time = new FakeTime();
  const world = openKeeper();
  world.keeper.start();
  live(time, world, 20);
  time.tick(5000);
  deepStrictEqual(world.starts, ["first"]);
  time.tick(1000);
  time.tick(1);
  deepStrictEqual(world.starts, ["first", "after-hang"]);
  deepStrictEqual(world.played.map(({ state }) => state), ["terminated", "running"]);
  world.keeper.stop();
});

Deno.test("IsolateKeeper takes any message for a sign of life", () => {
  using time = new FakeTime();
  const world = openKeeper();
  world.keeper.start();
  for (let second = 0; second < 20; second++) {
    time.tick(1000);
    world.last().events.onMessage("news");
  }
  deepStrictEqual(world.starts, ["first"]);
  world.keeper.stop();
});

Deno.test("IsolateKeeper tells every later isolate that a hung one is in its way", () => {
  using time = new FakeTime();
  const world = openKeeper();
  world.keeper.start();
  world.last().events.onMessage("news");
  time.tick(6000);
  time.tick(1000);
  live(time, world, 20);
  world.last().events.onError("boom");
  time.tick(1);
  deepStrictEqual(world.starts, ["first", "after-hang", "after-hang"]);
  world.keeper.stop();
});

Deno.test("IsolateKeeper gives up at the third hang, since each one burns a core", () => {
  using time = new FakeTime();
  const world = openKeeper();
  world.keeper.start();
  for (let hang = 0; hang < 3; hang++) {
    world.last().events.onMessage("news");
    time.tick(6000);
    time.tick(10_000);
  }
  deepStrictEqual(world.gaveUp, ["Cannot go on: 3 signalling isolates hang"]);
  deepStrictEqual([world.played.length, world.keeper.isRunning], [3, false]);
  world.keeper.stop();
});

Deno.test("IsolateKeeper gives an isolate half a minute for its first word", () => {
  using time = new FakeTime();
  const world = openKeeper();
  world.keeper.start();
  time.tick(30_000);
  deepStrictEqual(world.starts, ["first"]);
  time.tick(1000);
  time.tick(10_000);
  deepStrictEqual(world.starts, ["first", "after-hang"]);
  world.keeper.stop();
});

Deno.test("IsolateKeeper hears nothing more of an isolate it has replaced", () => {
  using time = new FakeTime();
  const world = openKeeper();
  world.keeper.start();
  const first = world.last();
  live(time, world, 20);
  first.events.onError("boom");
  time.tick(1);
  first.events.onError("boom again");
  deepStrictEqual([world.starts.length, world.logs.length], [2, 1]);
  world.keeper.stop();
});

Deno.test("IsolateKeeper.stop() ends isolate, watchdog and a replacement that is due", () => {
  using time = new FakeTime();
  const world = openKeeper();
  world.keeper.start();
  world.last().events.onError("boom");
  world.keeper.stop();
  time.tick(60_000);
  deepStrictEqual([world.played.length, world.keeper.isRunning], [1, false]);
});

Deno.test("IsolateKeeper.post() drops what comes while there is no isolate", () => {
  using _time = new FakeTime();
  const world = openKeeper();
  world.keeper.start();
  world.last().events.onError("boom");
  world.keeper.post("lost");
  deepStrictEqual(world.last().posted, []);
  world.keeper.stop();
});
