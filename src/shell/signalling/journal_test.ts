import { deepStrictEqual } from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import { CALL } from "../../../tests/support/daemon_figures.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { Journal } from "./journal.ts";
import type { JournalBatch } from "../protocol.ts";

function openJournal(debugLevel = 0) {
  const batches: JournalBatch[] = [];
  const post = (batch: JournalBatch) => batches.push(batch);
  return { batches, journal: new Journal({ debugLevel, componentLevels: [], post }) };
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

Deno.test("Journal tells of a dialog that begins and ends within one batch", () => {
  const { batches, journal } = openJournal();
  const begins = { kind: "put", dialog: { ...CALL, phase: "early" } } as const;
  const ends = { kind: "end", dialogId: CALL.dialogId } as const;
  for (const change of [begins, ends, ends]) journal.dialog(change);
  journal.flush();
  journal.dialog(ends);
  journal.flush();
  deepStrictEqual(batches.map(({ dialogs }) => dialogs), [[begins, ends], [ends]]);
});

Deno.test("Journal keeps no flood of dialogs that begin and end within one batch", () => {
  const { batches, journal } = openJournal();
  for (let index = 0; index < 600; index++) {
    const dialogId = `d${index}`;
    journal.dialog({ kind: "put", dialog: { ...CALL, dialogId } });
    journal.dialog({ kind: "end", dialogId });
  }
  journal.flush();
  const dialogs = batches[0]?.dialogs ?? [];
  deepStrictEqual(
    (["put", "end"] as const).map((kind) => dialogs.filter((one) => one.kind === kind).length),
    [500, 600],
  );
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

Deno.test("Journal.retune() goes by other classes and levels", () => {
  const { batches, journal } = openJournal();
  const debug = { level: "debug", component: "test", event: "sip", debugClass: "SIP" } as const;
  journal.log(debug);
  journal.retune({ debugLevel: 0, componentLevels: [{ component: "test", level: "debug" }] });
  journal.log(debug);
  journal.retune({ debugLevel: 0x8, componentLevels: [] });
  journal.log(debug);
  journal.flush();
  deepStrictEqual(batches[0]?.logs, [debug]);
});

const peer = { address: ip("192.0.2.1"), port: 5060 };

Deno.test("Journal.received() dumps messages for who asked, without credentials", () => {
  const { batches, journal } = openJournal(0x80);
  const data = new TextEncoder().encode("REGISTER sip:a SIP/2.0\r\nAuthorization: Digest x\r\n");
  journal.received(data, peer);
  journal.sent(data.subarray(0, 8), peer);
  journal.flush();
  deepStrictEqual(
    batches[0]?.logs.map(({ text, dump }) => [text, new TextDecoder().decode(dump)]),
    [
      [
        "received 49 bytes from 192.0.2.1:5060",
        "REGISTER sip:a SIP/2.0\r\nAuthorization: xxxxxx x\r\n",
      ],
      ["sent 8 bytes to 192.0.2.1:5060", "REGISTER"],
    ],
  );
});

Deno.test("Journal.received() costs nothing for who did not ask", () => {
  const { batches, journal } = openJournal(0x7f);
  journal.received(new Uint8Array(10), peer);
  journal.flush();
  deepStrictEqual(batches, []);
});

Deno.test("Journal.received() counts dumps beyond a megabyte a batch", () => {
  const { batches, journal } = openJournal(0x80);
  for (let index = 0; index < 20; index++) {
    journal.received(new Uint8Array(65_536), peer);
  }
  journal.flush();
  const logs = batches[0]?.logs ?? [];
  deepStrictEqual([logs.length, logs.at(-1)?.text], [17, "suppressed 4 log events"]);
});
