import type {
  DatabaseChange,
  DatabaseRows,
  RequestEvent,
  ResponseEvent,
} from "../../src/plugin/api.ts";
import { detachText } from "../../src/base/text.ts";
import { getHeader } from "../../src/sip/headers.ts";

/** Senders kept; a flood of invented ones pushes out those that were never refused first. */
const MAX_ROWS = 10_000;

/** REGISTERs under way that are remembered. */
const MAX_REQUESTS = 10_000;

/** An unblocked sender that was silent for a day is forgotten: siproxd's time. */
const FORGET_SECONDS = 86_400;

/** Longest From URI that is a key; what is longer is nobody's address of record. */
const MAX_URI_LENGTH_CHARS = 256;

/** One sender. */
interface Row {
  /** `manual` rows are written by an operator into the database and are never freed. */
  readonly type: "auto" | "manual";
  readonly address: string;
  readonly sipUri: string;
  readonly failCount: number;
  readonly lastFailSeconds: number;
  readonly lastSeenSeconds: number;
}

interface PendingRegister {
  readonly atSeconds: number;
  /** Undefined for a REGISTER without credentials, whose refusal is no failure. */
  readonly callId: string | undefined;
}

/** What a table goes by. */
export interface BlacklistSettings {
  readonly hitcount: number;
  readonly durationSeconds: number;
  readonly windowSeconds: number;
  /** Rows of the last run. */
  readonly rows: DatabaseRows;
}

/** Who was refused how often; every change is also noted for the database. */
export class BlacklistTable {
  readonly #settings: BlacklistSettings;
  readonly #rows = new Map<string, Row>();
  readonly #requests = new Map<string, PendingRegister>();
  #changes: DatabaseChange[] = [];

  constructor(settings: BlacklistSettings) {
    this.#settings = settings;
    for (const raw of settings.rows["blacklist"] ?? []) {
      const row = readRow(raw);
      if (row !== undefined && this.#rows.size < MAX_ROWS) this.#rows.set(keyOf(row), row);
    }
  }

  /** Number of senders. */
  get size(): number {
    return this.#rows.size;
  }

  /** Takes note of a sender; tells whether it is shut out. */
  see(
    sender: { readonly address: string; readonly sipUri: string; readonly nowMs: number },
  ): boolean {
    const row = this.#rows.get(keyOf(sender));
    if (row === undefined) return false;
    // Once a second is enough: a flood must not become a flood of writes.
    const nowSeconds = Math.floor(sender.nowMs / 1000);
    if (row.lastSeenSeconds !== nowSeconds) this.#put({ ...row, lastSeenSeconds: nowSeconds });
    return row.type === "manual" || row.failCount > this.#settings.hitcount;
  }

  /** A REGISTER passes by. */
  registerBegins(request: RequestEvent, nowMs: number): void {
    const key = keyOf({ address: request.source.address, sipUri: request.checked.from.uri.text });
    if (this.#requests.size >= MAX_REQUESTS) this.#dropOldestRequest();
    const hasCredentials = getHeader(request.message, "authorization") !== undefined;
    const callId = hasCredentials ? detachText(request.checked.callId) : undefined;
    this.#requests.delete(key);
    this.#requests.set(key, { atSeconds: Math.floor(nowMs / 1000), callId });
  }

  /** The answer to a REGISTER is about to be sent to its sender. */
  registerEnds(response: ResponseEvent, nowMs: number): void {
    const { nextHop, checked, message } = response;
    if (nextHop === undefined) return;
    const nowSeconds = Math.floor(nowMs / 1000);
    this.#forgetRequests(nowSeconds);
    const sender = { address: nextHop.address, sipUri: checked.from.uri.text };
    if (this.#requests.get(keyOf(sender))?.callId !== checked.callId) return;
    const row = this.#rows.get(keyOf(sender));
    if (message.statusCode >= 400 && message.statusCode < 500) {
      this.#fail(sender, { row, nowSeconds });
    } else if (row === undefined || message.statusCode < 200) return;
    else if (message.statusCode < 300) {
      this.#put({ ...row, failCount: 0, lastSeenSeconds: nowSeconds });
    } else this.#put({ ...row, lastSeenSeconds: nowSeconds });
  }

  /** Frees who was silent long enough, and forgets who was never blocked. */
  sweep(nowMs: number): void {
    const nowSeconds = Math.floor(nowMs / 1000);
    const { durationSeconds, hitcount } = this.#settings;
    for (const row of [...this.#rows.values()]) {
      if (row.type === "manual") continue;
      const silentSeconds = nowSeconds - row.lastSeenSeconds;
      if (durationSeconds > 0 && row.failCount > hitcount && silentSeconds > durationSeconds) {
        this.#put({ ...row, failCount: 0 });
      } else if (row.failCount === 0 && silentSeconds > FORGET_SECONDS) {
        this.#remove(row);
      }
    }
    this.#forgetRequests(nowSeconds);
  }

  /** Gives and forgets what has to be written to the database. */
  takeChanges(): readonly DatabaseChange[] {
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  #fail(
    sender: { readonly address: string; readonly sipUri: string },
    known: { readonly row: Row | undefined; readonly nowSeconds: number },
  ): void {
    if (sender.sipUri.length > MAX_URI_LENGTH_CHARS) return;
    const { row, nowSeconds } = known;
    if (row === undefined && this.#rows.size >= MAX_ROWS && !this.#makeRoom()) return;
    const address = detachText(sender.address);
    const sipUri = detachText(sender.sipUri);
    const begun: Row = row ??
      { type: "auto", address, sipUri, failCount: 0, lastFailSeconds: 0, lastSeenSeconds: 0 };
    this.#put({
      ...begun,
      failCount: begun.failCount + 1,
      lastFailSeconds: nowSeconds,
      lastSeenSeconds: nowSeconds,
    });
  }

  #put(row: Row): void {
    this.#rows.set(keyOf(row), row);
    this.#changes.push({
      table: "blacklist",
      key: { ip: row.address, sipuri: row.sipUri },
      values: {
        type: row.type === "manual" ? 1 : 0,
        failcount: row.failCount,
        lastfail: row.lastFailSeconds,
        lastseen: row.lastSeenSeconds,
      },
    });
  }

  #remove(row: Row): void {
    this.#rows.delete(keyOf(row));
    const key = { ip: row.address, sipuri: row.sipUri };
    this.#changes.push({ table: "blacklist", key, values: undefined });
  }

  /** The longest unchanged of those that are not shut out goes; the map keeps them in that order only roughly. */
  #makeRoom(): boolean {
    for (const row of this.#rows.values()) {
      if (row.type === "manual" || row.failCount > this.#settings.hitcount) continue;
      this.#remove(row);
      return true;
    }
    return false;
  }

  /** The oldest stand first. */
  #forgetRequests(nowSeconds: number): void {
    for (const [key, pending] of this.#requests) {
      if (nowSeconds - pending.atSeconds <= this.#settings.windowSeconds) return;
      this.#requests.delete(key);
    }
  }

  #dropOldestRequest(): void {
    for (const key of this.#requests.keys()) {
      this.#requests.delete(key);
      return;
    }
  }
}

function keyOf(sender: { readonly address: string; readonly sipUri: string }): string {
  return `${sender.address} ${sender.sipUri}`;
}

function readRow(raw: Readonly<Record<string, string | number | null>>): Row | undefined {
  const { ip, sipuri, type, failcount, lastfail, lastseen } = raw;
  if (typeof ip !== "string" || typeof sipuri !== "string") return undefined;
  const number = (value: string | number | null | undefined) =>
    typeof value === "number" ? value : 0;
  return {
    type: number(type) === 1 ? "manual" : "auto",
    address: ip,
    sipUri: sipuri,
    failCount: number(failcount),
    lastFailSeconds: number(lastfail),
    lastSeenSeconds: number(lastseen),
  };
}
