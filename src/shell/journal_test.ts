import { deepStrictEqual } from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import type { LogEvent } from "../log/log_event.ts";
import { Journal } from "./journal.ts";
import type { JournalBatch } from "./protocol.ts";

function openJournal(debugLevel = 0) {
  const batches: JournalBatch[] = [];
  return { batches, journal: new Journal({ debugLevel, post: (batch) => batches.push(batch) }) };
}

function info(event: string): LogEvent {
  return { level: "info", component: "test", event };
}

Deno.test("Journal posts what came within 200 ms in one batch", () => {
  using time = new FakeTime();
  const { batches, journal } = openJournal();
  journal.log(info("one"));
  time.tick(150);
  journal.binding({ kind: "unbind", bindingId: "b" });
  deepStrictEqual(batches, []);
  time.tick(50);
  deepStrictEqual(batches, [
    { bindings: [{ kind: "unbind", bindingId: "b" }], dialogs: [], logs: [info("one")] },
  ]);
});

Deno.test("Journal keeps the last change of a binding and of a dialog", () => {
  const { batches, journal } = openJournal();
  journal.binding({ kind: "unbind", bindingId: "a" });
  journal.binding({ kind: "unbind", bindingId: "a" });
  journal.dialog({ kind: "end", dialogId: "d" });
  journal.dialog({ kind: "end", dialogId: "d" });
  journal.flush();
  deepStrictEqual(batches, [{
    bindings: [{ kind: "unbind", bindingId: "a" }],
    dialogs: [{ kind: "end", dialogId: "d" }],
    logs: [],
  }]);
});

Deno.test("Journal.flush() posts nothing twice and nothing empty", () => {
  const { batches, journal } = openJournal();
  journal.flush();
  journal.log(info("one"));
  journal.flush();
  journal.flush();
  deepStrictEqual(batches, [{ bindings: [], dialogs: [], logs: [info("one")] }]);
});

Deno.test("Journal.log() drops debug events of classes nobody asked for", () => {
  const { batches, journal } = openJournal(0x4);
  journal.log({ level: "debug", component: "test", event: "sip", debugClass: "SIP" });
  journal.log({ level: "debug", component: "test", event: "net", debugClass: "NET" });
  journal.flush();
  deepStrictEqual(batches[0]?.logs.map(({ event }) => event), ["sip"]);
});

Deno.test("Journal.log() counts a flood instead of keeping it", () => {
  const { batches, journal } = openJournal();
  for (let index = 0; index < 600; index++) journal.log(info("flood"));
  journal.flush();
  const logs = batches[0]?.logs ?? [];
  deepStrictEqual([logs.length, logs.at(-1)?.text], [501, "suppressed 100 log events"]);
});
