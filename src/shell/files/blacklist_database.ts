import { DatabaseSync } from "node:sqlite";
import { err, ok, type Result } from "../../base/result.ts";
import type { DatabaseChange } from "../../plugin/effect.ts";
import type { DatabaseRows } from "../../plugin/plugin_host.ts";

/** Rows read at the start; the plugin keeps no more. */
const MAX_ROWS = 10_000;

/** siproxd's tables, so that its database goes on being used. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS control (action TEXT UNIQUE, count INTEGER, time INTEGER);
CREATE TABLE IF NOT EXISTS blacklist (type INTEGER, ip TEXT, sipuri TEXT, failcount INTEGER,
  lastfail INTEGER, lastseen INTEGER, UNIQUE (ip, sipuri));
CREATE TABLE IF NOT EXISTS requests (timestamp INTEGER, ip TEXT, sipuri TEXT, callid TEXT,
  UNIQUE (ip, sipuri));
`;

const UPSERT = `
INSERT INTO blacklist (type, ip, sipuri, failcount, lastfail, lastseen) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (ip, sipuri) DO UPDATE SET type = max(type, excluded.type),
  failcount = excluded.failcount, lastfail = excluded.lastfail, lastseen = excluded.lastseen`;

const COUNT_UP = `
INSERT INTO control (action, count, time) VALUES (?, 1, ?)
ON CONFLICT (action) DO UPDATE SET count = count + 1, time = excluded.time`;

/** The database of plugin_blacklist; the supervisor opens it, since the signalling isolate can open no file. */
export class BlacklistDatabase {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Opens or makes the database.
   *
   * @param path value of plugin_blacklist_dbpath
   * @param syncMode value of plugin_blacklist_db_sync_mode
   * @returns the database, or why it cannot be used
   */
  static open(path: string, syncMode: string): Result<BlacklistDatabase> {
    try {
      const database = new DatabaseSync(path);
      const mode = ["OFF", "NORMAL", "FULL"].find((word) => word === syncMode.toUpperCase()) ??
        "OFF";
      database.exec(`PRAGMA synchronous = ${mode}`);
      database.exec(SCHEMA);
      return ok(new BlacklistDatabase(database));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return err(`Cannot open database "${path}": ${reason}`);
    }
  }

  /** Reads what an earlier run knew. */
  rows(): DatabaseRows {
    const statement = this.#database.prepare("SELECT * FROM blacklist ORDER BY lastseen LIMIT ?");
    const blacklist = statement.all(MAX_ROWS).map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]))
    );
    return { blacklist };
  }

  /** Counts a start or a stop, as siproxd does. */
  countUp(action: "bl_started" | "bl_stopped"): void {
    this.#database.prepare(COUNT_UP).run(action, Math.floor(Date.now() / 1000));
  }

  /** Writes changes, all or none. */
  apply(changes: readonly DatabaseChange[]): void {
    const upsert = this.#database.prepare(UPSERT);
    const remove = this.#database.prepare("DELETE FROM blacklist WHERE ip = ? AND sipuri = ?");
    this.#database.exec("BEGIN");
    for (const { table, key, values } of changes) {
      const { ip = "", sipuri = "" } = key;
      if (table !== "blacklist") continue;
      if (values === undefined) remove.run(ip, sipuri);
      else {
        const { type = 0, failcount = 0, lastfail = 0, lastseen = 0 } = values;
        upsert.run(type, ip, sipuri, failcount, lastfail, lastseen);
      }
    }
    this.#database.exec("COMMIT");
  }

  /** Closes the file. */
  close(): void {
    this.#database.close();
  }
}

function plain(value: unknown): string | number | null {
  if (typeof value === "string" || typeof value === "number") return value;
  return typeof value === "bigint" ? Number(value) : null;
}
