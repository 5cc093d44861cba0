import type { LogEvent } from "../../log/log_event.ts";
import type { SocketAddress } from "../../base/socket_address.ts";
import { socketAddressText } from "../../base/socket_address.ts";
import { createLogGate, type LogGate, type LogGateSettings } from "../../log/log_gate.ts";
import { redactCredentials } from "../../log/redact_credentials.ts";
import type { DialogChange } from "../../proxy/dialog_table.ts";
import type { BindingChange } from "../../registrar/binding.ts";
import type { JournalBatch } from "../protocol.ts";

/** Longest time a change waits for company: what a crash of the isolate can lose of the mirror. */
const FLUSH_DELAY_MS = 200;

/** Log events of one batch; a flood beyond is counted, since writing it would take the CPU that serves calls. */
const MAX_BATCH_LOGS = 500;

/** Bytes of dumps in one batch: some hundred messages; a flood beyond is counted like other events. */
const MAX_BATCH_DUMP_BYTES = 1024 * 1024;

/**
 * Legs of one batch that begin and end within it and are told all the same, so that whoever counts calls counts a refused
 * one too: 800 calls a second, the most that a core carries, are 160. A flood beyond goes uncounted.
 */
const MAX_BATCH_BRIEF_DIALOGS = 500;

/** What a hex dump of a message is logged as. */
const TRAFFIC = { level: "debug", component: "sip", debugClass: "NETTRAF" } as const;

/** What a journal works with. */
export interface JournalOptions extends LogGateSettings {
  readonly post: (batch: JournalBatch) => void;
}

/**
 * Collects what the supervisor must learn and posts it a few times a second: a message between isolates costs as much
 * as half a transaction. Later changes of one binding or dialog replace earlier ones; the end of a dialog that the
 * supervisor never heard of keeps its beginning beside it.
 */
export class Journal {
  readonly #options: JournalOptions;
  #bindings = new Map<string, BindingChange>();
  #dialogs = new Map<string, DialogChange>();
  #brief: DialogChange[] = [];
  #logs: LogEvent[] = [];
  #dumpBytes = 0;
  #suppressedLogs = 0;
  #gate: LogGate;
  #timer: number | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#gate = createLogGate(options);
  }

  /** Goes by other debug classes and levels from now on. */
  retune(settings: LogGateSettings): void {
    this.#gate = createLogGate(settings);
  }

  /** Notes a change of the binding table. */
  binding(change: BindingChange): void {
    const bindingId = change.kind === "bind" ? change.binding.bindingId : change.bindingId;
    this.#bindings.set(bindingId, change);
    this.#arm();
  }

  /** Notes a change of the dialog table. */
  dialog(change: DialogChange): void {
    const dialogId = change.kind === "put" ? change.dialog.dialogId : change.dialogId;
    const earlier = this.#dialogs.get(dialogId);
    const isBrief = change.kind === "end" && earlier?.kind === "put";
    if (isBrief && this.#brief.length < MAX_BATCH_BRIEF_DIALOGS) this.#brief.push(earlier);
    this.#dialogs.set(dialogId, change);
    this.#arm();
  }

  /** Notes a log event, unless nobody asked for its class. */
  log(event: LogEvent): void {
    if (!this.#gate(event)) return;
    const dumpBytes = event.dump?.length ?? 0;
    const isTooMuch = this.#logs.length >= MAX_BATCH_LOGS ||
      this.#dumpBytes + dumpBytes > MAX_BATCH_DUMP_BYTES;
    if (isTooMuch) {
      this.#suppressedLogs++;
    } else {
      this.#logs.push(event);
      this.#dumpBytes += dumpBytes;
    }
    this.#arm();
  }

  /** Notes a message that came in, for those who asked for hex dumps (NETTRAF). */
  received(data: Uint8Array, source: SocketAddress): void {
    if (this.#gate(TRAFFIC)) this.#dump(data, { event: "sip.received", peer: source });
  }

  /** The same of a message that leaves. */
  sent(data: Uint8Array, peer: SocketAddress): void {
    if (this.#gate(TRAFFIC)) this.#dump(data, { event: "sip.sent", peer });
  }

  /** Posts what there is, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#suppressedLogs > 0) this.#logs.push(suppressed(this.#suppressedLogs));
    const batch: JournalBatch = {
      bindings: [...this.#bindings.values()],
      dialogs: [...this.#brief, ...this.#dialogs.values()],
      logs: this.#logs,
    };
    if (batch.bindings.length + batch.dialogs.length + batch.logs.length === 0) return;
    this.#bindings = new Map();
    this.#dialogs = new Map();
    this.#brief = [];
    this.#logs = [];
    this.#dumpBytes = 0;
    this.#suppressedLogs = 0;
    this.#options.post(batch);
  }

  /** Credentials are blanked out; the copy is needed anyway, since buffers of sockets are used again. */
  #dump(
    data: Uint8Array,
    what: { readonly event: "sip.received" | "sip.sent"; readonly peer: SocketAddress },
  ): void {
    const { event, peer } = what;
    const verb = event === "sip.received" ? "received" : "sent";
    const preposition = event === "sip.received" ? "from" : "to";
    const text = `${verb} ${data.length} bytes ${preposition} ${socketAddressText(peer)}`;
    this.log({ ...TRAFFIC, event, text, dump: redactCredentials(data) });
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_DELAY_MS);
  }
}

function suppressed(count: number): LogEvent {
  const text = `suppressed ${count} log events`;
  return { level: "warning", component: "shell", event: "log.suppressed", text, fields: { count } };
}
