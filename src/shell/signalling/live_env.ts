import type { SocketAddress } from "../../base/socket_address.ts";
import type { HostAnswer, HostQuery } from "../../dns/host_query.ts";
import type { HostTable } from "../../dns/host_table.ts";
import type { Env, OwnAddresses, StreamReach } from "../../proxy/env.ts";
import type { ListenPoint } from "../../proxy/input.ts";

/** What the world is read from. */
export interface LiveEnvParts {
  readonly hosts: HostTable;
  readonly freePairs: Env["freePairs"];
  readonly isUnreachable: (peer: SocketAddress, nowMs: number) => boolean;
  readonly isMediaExhausted: () => boolean;
  readonly listenPoints: () => readonly ListenPoint[];
  readonly connectionTo: (peer: SocketAddress) => number | undefined;
  readonly streamReach: (peer: SocketAddress) => StreamReach;
  readonly keyedHash: (text: string) => string;
  readonly randomHex: (digits: number) => string;
}

const GAVE_UP: HostAnswer = Object.freeze({ kind: "failed", reason: "no answer in time" });

/** The core's view of the world: one object for all runs, so that a message costs none. */
export class LiveEnv implements Env {
  nowMs = 0;
  own: OwnAddresses;
  /** `final`: what is not known now counts as failed, so that the sender gets an answer. */
  patience: "patient" | "final" = "patient";
  /** `behind`: others wait for ports and came first, so that those that are free are theirs. */
  queue: "ahead" | "behind" = "ahead";
  readonly lookUp: Env["lookUp"];
  readonly freePairs: Env["freePairs"];
  readonly connectionTo: Env["connectionTo"];
  readonly keyedHash: Env["keyedHash"];
  readonly randomHex: Env["randomHex"];
  readonly #parts: LiveEnvParts;

  constructor(own: OwnAddresses, parts: LiveEnvParts) {
    this.own = own;
    this.#parts = parts;
    this.lookUp = (query) => this.#lookUp(query);
    this.freePairs = (side, use) => this.queue === "behind" ? [] : parts.freePairs(side, use);
    this.connectionTo = parts.connectionTo;
    this.keyedHash = parts.keyedHash;
    this.randomHex = parts.randomHex;
  }

  get listenPoints(): readonly ListenPoint[] {
    return this.#parts.listenPoints();
  }

  get mediaExhausted(): boolean {
    return this.patience === "final" || this.#parts.isMediaExhausted();
  }

  readonly streams: Env["streams"] = "tcp";

  isResting(peer: SocketAddress): boolean {
    return this.#parts.hosts.isResting(peer, this.nowMs);
  }

  isUnreachable(peer: SocketAddress): boolean {
    return this.#parts.isUnreachable(peer, this.nowMs);
  }

  streamReach(peer: SocketAddress): StreamReach {
    const reach = this.#parts.streamReach(peer);
    return reach === "unknown" && this.patience === "final" ? "refused" : reach;
  }

  #lookUp(query: HostQuery): HostAnswer {
    const answer = this.#parts.hosts.lookUp(query, this.nowMs);
    return answer.kind === "unknown" && this.patience === "final" ? GAVE_UP : answer;
  }
}
