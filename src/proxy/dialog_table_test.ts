import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ALICE, phoneWorld, requestText, sdpText } from "../../tests/support/phone_world.ts";
import {
  type CallStream,
  dialogIdOf,
  type DialogRecord,
  DialogTable,
  MAX_DIALOGS,
} from "./dialog_table.ts";

/** A leg and a stream as a call makes them. */
const [TEMPLATE] = callOf().state.dialogs.all();
const [STREAM] = TEMPLATE?.streams ?? [];

function callOf() {
  const world = phoneWorld();
  world.receive(requestText({ body: sdpText("10.0.0.10", 4000) }), ALICE);
  return world;
}

function streamOf(streamId: number): CallStream {
  if (STREAM === undefined) throw new Error("Cannot make a stream: the call has none");
  return { ...STREAM, streamId };
}

function dialogOf(callId: string, parts: Partial<DialogRecord> = {}): DialogRecord {
  if (TEMPLATE === undefined) throw new Error("Cannot make a leg: the call has none");
  const { direction = "outgoing", initiatorTag = "a" } = parts;
  const dialogId = dialogIdOf(direction, { callId, initiatorTag });
  return {
    ...TEMPLATE,
    dialogId,
    callId,
    direction,
    initiatorTag,
    streams: [],
    expiresAtMs: 1_000,
    ...parts,
  };
}

Deno.test("dialogIdOf() tells legs apart by direction, Call-ID and tag", () => {
  const ids = (["outgoing", "incoming"] as const).flatMap((direction) =>
    ["c1", "c2"].flatMap((callId) =>
      ["a", "b"].map((initiatorTag) => dialogIdOf(direction, { callId, initiatorTag }))
    )
  );
  strictEqual(new Set(ids).size, 8);
});

Deno.test("dialogIdOf() gives the same text for the same leg", () => {
  const identity = { callId: "c", initiatorTag: "t" };
  strictEqual(dialogIdOf("incoming", identity), dialogIdOf("incoming", { ...identity }));
});

Deno.test("dialogIdOf() cannot be led astray by tags that hold other tags", () => {
  const left = dialogIdOf("outgoing", { callId: "c", initiatorTag: "a b" });
  const right = dialogIdOf("outgoing", { callId: "c a", initiatorTag: "b" });
  strictEqual(left === right, false);
});

Deno.test("DialogTable.apply() puts, replaces and ends legs", () => {
  const table = new DialogTable();
  const first = dialogOf("c1");
  const second = dialogOf("c2");
  table.apply({ kind: "put", dialog: first });
  table.apply({ kind: "put", dialog: second });
  deepStrictEqual([table.size, table.all()], [2, [first, second]]);
  const confirmed: DialogRecord = { ...first, phase: "confirmed" };
  table.apply({ kind: "put", dialog: confirmed });
  deepStrictEqual([table.size, table.get(first.dialogId)], [2, confirmed]);
  table.apply({ kind: "end", dialogId: first.dialogId });
  deepStrictEqual([table.size, table.get(first.dialogId), table.all()], [1, undefined, [second]]);
});

Deno.test("DialogTable.apply() ends what is not there without harm", () => {
  const table = new DialogTable();
  table.apply({ kind: "end", dialogId: "nothing" });
  strictEqual(table.size, 0);
});

Deno.test("DialogTable.byStream() follows the streams of a leg", () => {
  const table = new DialogTable();
  const dialog = dialogOf("c1", { streams: [streamOf(100), streamOf(101)] });
  table.apply({ kind: "put", dialog });
  deepStrictEqual([100, 101, 102].map((id) => table.byStream(id)), [dialog, dialog, undefined]);
  const lessened: DialogRecord = { ...dialog, streams: [streamOf(101)] };
  table.apply({ kind: "put", dialog: lessened });
  deepStrictEqual([100, 101].map((id) => table.byStream(id)), [undefined, lessened]);
  table.apply({ kind: "end", dialogId: dialog.dialogId });
  strictEqual(table.byStream(101), undefined);
});

Deno.test("DialogTable.byStream() finds a stream that moved to another leg", () => {
  const table = new DialogTable();
  const old = dialogOf("c1", { streams: [streamOf(100)] });
  table.apply({ kind: "put", dialog: old });
  table.apply({ kind: "end", dialogId: old.dialogId });
  const fresh = dialogOf("c2", { streams: [streamOf(100)] });
  table.apply({ kind: "put", dialog: fresh });
  deepStrictEqual(table.byStream(100), fresh);
});

const EXPIRIES: readonly (readonly [number, readonly string[]])[] = [
  [0, []],
  [999, []],
  [1_000, ["c1"]],
  [1_999, ["c1"]],
  [2_000, ["c1", "c2"]],
  [Infinity, ["c1", "c2", "c3"]],
];

for (const [nowMs, callIds] of EXPIRIES) {
  Deno.test(`DialogTable.expired() lists what is over at ${nowMs} ms`, () => {
    const table = new DialogTable();
    for (const [index, callId] of ["c1", "c2", "c3"].entries()) {
      const expiresAtMs = [1_000, 2_000, 500_000][index] ?? 0;
      table.apply({ kind: "put", dialog: dialogOf(callId, { expiresAtMs }) });
    }
    deepStrictEqual(table.expired(nowMs).map((dialog) => dialog.callId), callIds);
  });
}

Deno.test("DialogTable.expired() changes nothing by itself", () => {
  const table = new DialogTable();
  table.apply({ kind: "put", dialog: dialogOf("c1") });
  table.expired(5_000);
  strictEqual(table.size, 1);
});

Deno.test("DialogTable.isFull says so at its bound and not before", () => {
  const table = new DialogTable();
  for (let count = 0; count < MAX_DIALOGS - 1; count++) {
    table.apply({ kind: "put", dialog: dialogOf(`c${count}`) });
  }
  strictEqual(table.isFull, false);
  table.apply({ kind: "put", dialog: dialogOf("last") });
  strictEqual(table.isFull, true);
  table.apply({ kind: "end", dialogId: dialogOf("c0").dialogId });
  strictEqual(table.isFull, false);
});
