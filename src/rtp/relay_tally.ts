import { addFigures, Distribution, type DistributionFigures } from "../base/distribution.ts";
import type { Side } from "../base/socket_address.ts";
import { CLAIM_ANY, CLAIM_EXACT, CLAIM_HOST, type RelayEnd } from "./relay_end.ts";
import { rtpQuality } from "./rtp_quality.ts";
import type { RelayStream } from "./relay_stream.ts";

/** Loss from "not worth mentioning" to "nobody understands a word". */
const LOSS_RATIOS: readonly number[] = [0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];

/** Jitter from a local network's to what no dejitter of a phone evens out. */
const JITTER_SECONDS: readonly number[] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1];

/** How a source was learnt. */
export type LockWord = "announced" | "other_port" | "any_source" | "rebound";

/** What was noticed of streams since the start. */
export interface RelayTallyFigures {
  readonly locks: Readonly<Record<LockWord, number>>;
  /** Of the RTP that each side sent, told at a stream's end. */
  readonly lossRatio: Readonly<Record<Side, DistributionFigures>>;
  readonly jitterSeconds: Readonly<Record<Side, DistributionFigures>>;
}

/** Counts how sources were learnt, and how well the media of streams came, for those who watch over many calls. */
export class RelayTally {
  readonly #locks: Record<LockWord, number> = {
    announced: 0,
    other_port: 0,
    any_source: 0,
    rebound: 0,
  };
  readonly #loss = { lan: new Distribution(LOSS_RATIOS), wan: new Distribution(LOSS_RATIOS) };
  readonly #jitter = {
    lan: new Distribution(JITTER_SECONDS),
    wan: new Distribution(JITTER_SECONDS),
  };

  /** An end has learnt its source. */
  lock(end: RelayEnd): void {
    this.#locks[lockWord(end)]++;
  }

  /** A stream has ended. */
  end(stream: RelayStream): void {
    for (const side of ["lan", "wan"] as const) {
      const quality = rtpQuality(stream[side].rtp.quality);
      if (quality === undefined) continue;
      this.#loss[side].observe(quality.lossRatio);
      if (quality.jitterMs !== undefined) this.#jitter[side].observe(quality.jitterMs / 1000);
    }
  }

  /** Reads everything. */
  figures(): RelayTallyFigures {
    const { lan, wan } = this.#loss;
    return {
      locks: { ...this.#locks },
      lossRatio: { lan: lan.figures(), wan: wan.figures() },
      jitterSeconds: { lan: this.#jitter.lan.figures(), wan: this.#jitter.wan.figures() },
    };
  }
}

function lockWord(end: RelayEnd): LockWord {
  switch (end.lockedBy) {
    case CLAIM_EXACT:
      return "announced";
    case CLAIM_HOST:
      return "other_port";
    case CLAIM_ANY:
      return "any_source";
  }
  return "rebound";
}

/**
 * Adds up what two tables noticed.
 *
 * @param left one
 * @param right the other
 * @returns a new sum
 */
export function addTallies(left: RelayTallyFigures, right: RelayTallyFigures): RelayTallyFigures {
  const bySide = (of: "lossRatio" | "jitterSeconds") => ({
    lan: addFigures(left[of].lan, right[of].lan),
    wan: addFigures(left[of].wan, right[of].wan),
  });
  return {
    locks: {
      announced: left.locks.announced + right.locks.announced,
      other_port: left.locks.other_port + right.locks.other_port,
      any_source: left.locks.any_source + right.locks.any_source,
      rebound: left.locks.rebound + right.locks.rebound,
    },
    lossRatio: bySide("lossRatio"),
    jitterSeconds: bySide("jitterSeconds"),
  };
}
