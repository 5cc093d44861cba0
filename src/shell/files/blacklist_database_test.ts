import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { BlacklistDatabase } from "./blacklist_database.ts";

function withPath(run: (path: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    run(`${folder}/list.sqlite`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function open(path: string): BlacklistDatabase {
  const opened = BlacklistDatabase.open(path, "NORMAL");
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}

const key = { ip: "10.0.0.66", sipuri: "sip:mallory@example.org" };
const values = { type: 0, failcount: 3, lastfail: 100, lastseen: 200 };

Deno.test("BlacklistDatabase keeps rows over a restart", () => {
  withPath((path) => {
    const first = open(path);
    first.apply([{ table: "blacklist", key, values: { ...values, failcount: 1 } }]);
    first.apply([{ table: "blacklist", key, values }]);
    first.close();
    const second = open(path);
    deepStrictEqual(second.rows(), { blacklist: [{ ...key, ...values }] });
    second.apply([{ table: "blacklist", key, values: undefined }]);
    deepStrictEqual(second.rows(), { blacklist: [] });
    second.close();
  });
});

Deno.test("BlacklistDatabase never frees a row that an operator made manual", () => {
  withPath((path) => {
    const database = open(path);
    database.apply([{ table: "blacklist", key, values }]);
    const operator = new DatabaseSync(path);
    operator.exec("UPDATE blacklist SET type = 1");
    operator.close();
    database.apply([{ table: "blacklist", key, values: { ...values, failcount: 0 } }]);
    deepStrictEqual(database.rows()["blacklist"]?.map((row) => row["type"]), [1]);
    database.close();
  });
});

Deno.test("BlacklistDatabase counts starts and stops", () => {
  withPath((path) => {
    const database = open(path);
    for (const action of ["bl_started", "bl_stopped", "bl_started"] as const) {
      database.countUp(action);
    }
    database.close();
    const reader = new DatabaseSync(path);
    const rows = reader.prepare("SELECT action, count FROM control ORDER BY action").all();
    deepStrictEqual(rows.map((row) => ({ ...row })), [
      { action: "bl_started", count: 2 },
      { action: "bl_stopped", count: 1 },
    ]);
    reader.close();
  });
});

Deno.test("BlacklistDatabase.open() says why it cannot", () => {
  const opened = BlacklistDatabase.open("/nonexistent/list.sqlite", "OFF");
  strictEqual(opened.ok, false);
  strictEqual(
    opened.ok || opened.error.startsWith('Cannot open database "/nonexistent/list.sqlite": '),
    true,
  );
});
