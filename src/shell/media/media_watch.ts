import { LoopLag } from "../../metrics/loop_lag.ts";
import type { RelayEnd } from "../../rtp/relay_end.ts";
import { RelayTally, type RelayTallyFigures } from "../../rtp/relay_tally.ts";
import type { RelayStream } from "../../rtp/relay_stream.ts";

/** What is watched of the media isolate over all its streams. */
export interface MediaWatchFigures {
  readonly tally: RelayTallyFigures;
  readonly loopLagMs: number;
}

/** Watches how sources are learnt, how well media comes, and how late the isolate is. */
export class MediaWatch {
  readonly #tally = new RelayTally();
  #lag = new LoopLag(Infinity);

  /** The timer has another interval from now on. */
  pace(intervalMs: number): void {
    this.#lag = new LoopLag(intervalMs);
  }

  /** The timer has come. */
  beat(nowMs: number): void {
    this.#lag.beat(nowMs);
  }

  /** An end has learnt its source. */
  lock(end: RelayEnd): void {
    this.#tally.lock(end);
  }

  /** A stream has ended. */
  end(stream: RelayStream): void {
    this.#tally.end(stream);
  }

  /** Reads everything. */
  figures(nowMs: number): MediaWatchFigures {
    return { tally: this.#tally.figures(), loopLagMs: this.#lag.worstMs(nowMs) };
  }
}
