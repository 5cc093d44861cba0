import { Distribution, type DistributionFigures } from "../base/distribution.ts";

/** What is counted of a call leg; a dialog's record of the proxy fits. */
export interface TalliedCall {
  readonly dialogId: string;
  readonly direction: "outgoing" | "incoming";
  readonly method: string;
  readonly phase: "early" | "confirmed" | "ending";
}

/** A change of the table of dialogs. */
export type TalliedChange =
  | { readonly kind: "put"; readonly dialog: TalliedCall }
  | { readonly kind: "end"; readonly dialogId: string };

/** A log event of the daemon, as far as it is looked at. */
export interface TalliedEvent {
  readonly event: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Everything that was counted. */
export interface TallyFigures {
  /** Call legs that ended, by direction and whether they were answered. */
  readonly callsEnded: readonly {
    readonly direction: "outgoing" | "incoming";
    readonly outcome: "answered" | "unanswered";
    readonly count: number;
  }[];
  /** Seconds from the INVITE to the answer. */
  readonly setupSeconds: DistributionFigures;
  readonly isolatesLost: Readonly<Record<"signalling" | "media", number>>;
  readonly wanAddressChanges: number;
  /** Undefined before the first reload. */
  readonly lastReload: "done" | "refused" | undefined;
}

/** Ringing takes seconds; half a minute is where voice mail answers. */
const SETUP_BUCKETS_SECONDS: readonly number[] = [0.5, 1, 2, 5, 10, 20, 30, 60];

/** Calls that are followed: twice what the proxy holds at most, so that nothing is missed and nothing grows. */
const MAX_FOLLOWED_CALLS = 20_000;

interface Followed {
  readonly direction: "outgoing" | "incoming";
  readonly beganAtMs: number;
  isAnswered: boolean;
}

/** Counts what only the supervisor sees: the life of calls, isolates, addresses and configurations. */
export class DaemonTally {
  readonly #calls = new Map<string, Followed>();
  readonly #ended = new Map<string, number>();
  readonly #setup = new Distribution(SETUP_BUCKETS_SECONDS);
  readonly #lost = { signalling: 0, media: 0 };
  #wan: unknown;
  #wanChanges = 0;
  #lastReload: TallyFigures["lastReload"];

  /** Notes the address of the Internet side that the daemon begins with. */
  begin(wan: string | undefined): void {
    this.#wan = wan ?? "down";
  }

  /** Takes every log event; it picks what it counts. */
  event({ event, fields }: TalliedEvent): void {
    switch (event) {
      case "isolate.lost":
        if (fields?.["isolate"] === "media") this.#lost.media++;
        else this.#lost.signalling++;
        return;
      case "network.changed":
        if (fields?.["wan"] === this.#wan) return;
        this.#wan = fields?.["wan"];
        this.#wanChanges++;
        return;
      case "reload.done":
        this.#lastReload = "done";
        return;
      case "reload.refused":
        this.#lastReload = "refused";
    }
  }

  /** Takes every change of a dialog. */
  call(change: TalliedChange, nowMs: number): void {
    if (change.kind === "end") return this.#end(change.dialogId);
    const { dialogId, direction, method, phase } = change.dialog;
    if (method !== "INVITE") return;
    const known = this.#calls.get(dialogId);
    if (known === undefined) {
      if (this.#calls.size >= MAX_FOLLOWED_CALLS) return;
      // What is answered when it is first seen was answered before anybody looked, or at once.
      this.#calls.set(dialogId, { direction, beganAtMs: nowMs, isAnswered: phase === "confirmed" });
      return;
    }
    if (phase !== "confirmed" || known.isAnswered) return;
    known.isAnswered = true;
    this.#setup.observe((nowMs - known.beganAtMs) / 1000);
  }

  /** Reads everything. */
  figures(): TallyFigures {
    const callsEnded = (["outgoing", "incoming"] as const).flatMap((direction) =>
      (["answered", "unanswered"] as const).map((outcome) => {
        return { direction, outcome, count: this.#ended.get(`${direction} ${outcome}`) ?? 0 };
      })
    );
    return {
      callsEnded,
      setupSeconds: this.#setup.figures(),
      isolatesLost: { ...this.#lost },
      wanAddressChanges: this.#wanChanges,
      lastReload: this.#lastReload,
    };
  }

  #end(dialogId: string): void {
    const call = this.#calls.get(dialogId);
    if (call === undefined) return;
    this.#calls.delete(dialogId);
    const key = `${call.direction} ${call.isAnswered ? "answered" : "unanswered"}`;
    this.#ended.set(key, (this.#ended.get(key) ?? 0) + 1);
  }
}
