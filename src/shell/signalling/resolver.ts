import type { DnsAnswer, DnsAnswers, DnsQuestion } from "../../dns/dns_record.ts";
import { questionKey } from "../../dns/dns_record.ts";
import type { HostQuery } from "../../dns/host_query.ts";
import type { HostTable } from "../../dns/host_table.ts";
import {
  type AddressFamilies,
  type Located,
  type LocateStep,
  nextLocateStep,
} from "../../dns/locate.ts";
import { askNameServer, type AskQuestion } from "./ask_name_server.ts";

/** Names looked up at once; one more ends the oldest, which is the slowest: a quick name server is never in the way. */
const MAX_LOOKUPS = 128;

/** How long a caller waits: within a phone's patience, well below timer B. */
const DEFAULT_TIMEOUT_MS = 5_000;

/** How long an unanswered look-up goes on behind the back of its caller, to fill the cache for the next message. */
const LATE_TIMEOUT_MS = 30_000;

/** Rest given to NAPTR and AAAA questions once all the others of a round are answered: some routers swallow those types. */
const STRAGGLER_MS = 500;

/** Rounds of questions: NAPTR, then SRV, then addresses. */
const MAX_ROUNDS = 3;

const NO_ANSWER = "no answer from the name server";

/** What a resolver works with. */
export interface ResolverOptions {
  readonly table: HostTable;
  /** Monotonic clock. */
  readonly nowMs: () => number;
  /** Number from 0 up to, not including, 1. */
  readonly random: () => number;
  readonly ask?: AskQuestion;
  /** Families to ask for at this moment, best first; both, IPv4 first, when it is left out. */
  readonly families?: () => AddressFamilies;
  readonly timeoutMs?: number;
  /** Called once for each look-up that ended without an answer. */
  readonly onFailure?: (query: HostQuery, reason: string) => void;
}

interface LookUp {
  /** Ends for the callers: found, failed or too long. */
  readonly done: Promise<void>;
  readonly giveUp: (reason: string) => void;
  /** Whether the callers were let go without an answer. */
  readonly isLate: () => boolean;
}

/**
 * Fills the host table: one look-up a name however many ask, none waits for another's, each has a bound.
 *
 * It belongs to the signalling isolate and needs the net permission only.
 */
export class Resolver {
  readonly #options: ResolverOptions;
  readonly #ask: AskQuestion;
  readonly #lookUps = new Map<string, LookUp>();

  constructor(options: ResolverOptions) {
    this.#options = options;
    this.#ask = options.ask ?? askNameServer();
  }

  /** Number of look-ups under way, those that nobody waits for any more included. */
  get size(): number {
    return this.#lookUps.size;
  }

  /**
   * Looks a name up and stores what comes of it; afterwards the table has an answer to this query.
   *
   * @param query what the table said `unknown` to
   * @returns when the table is filled or the bound is over; it never rejects
   */
  resolve(query: HostQuery): Promise<void> {
    const key = `${query.method} ${query.service ?? "sip"} ${query.transport ?? ""} ${
      query.port ?? ""
    } ${query.host}`
      .toLowerCase();
    const running = this.#lookUps.get(key);
    if (running !== undefined) {
      // A name that is asked for again while its answer is overdue goes on resting.
      if (running.isLate()) this.#storeFailure(query, NO_ANSWER);
      return running.done;
    }
    for (const oldest of this.#lookUps.values()) {
      if (this.#lookUps.size < MAX_LOOKUPS) break;
      oldest.giveUp("too many look-ups");
    }
    return this.#start(key, query);
  }

  /** Ends all look-ups. */
  close(): void {
    for (const lookUp of [...this.#lookUps.values()]) lookUp.giveUp("shutting down");
  }

  #start(key: string, query: HostQuery): Promise<void> {
    const { promise: done, resolve: release } = Promise.withResolvers<void>();
    const abort = new AbortController();
    let state: "awaited" | "late" | "ended" = "awaited";
    const fail = (reason: string) => {
      if (state === "awaited") this.#fail(query, reason);
      state = "late";
      release();
    };
    const end = () => {
      state = "ended";
      for (const bound of bounds) clearTimeout(bound);
      this.#lookUps.delete(key);
      release();
    };
    const giveUp = (reason: string) => {
      fail(reason);
      abort.abort();
      end();
    };
    const bounds = [
      setTimeout(fail, this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS, NO_ANSWER),
      setTimeout(giveUp, LATE_TIMEOUT_MS, NO_ANSWER),
    ];
    this.#lookUps.set(key, { done, giveUp, isLate: () => state === "late" });
    this.#run(query, abort.signal).then((step) => {
      if (state === "ended") return;
      if (step.kind === "found") this.#store(query, step.located);
      else fail(step.kind === "failed" ? step.reason : "too many referrals");
      end();
    });
    return done;
  }

  #store(query: HostQuery, located: Located): void {
    this.#options.table.store(query, { located, nowMs: this.#options.nowMs() });
  }

  #fail(query: HostQuery, reason: string): void {
    this.#storeFailure(query, reason);
    this.#options.onFailure?.(query, reason);
  }

  #storeFailure(query: HostQuery, reason: string): void {
    this.#options.table.storeFailure(query, { reason, nowMs: this.#options.nowMs() });
  }

  async #run(query: HostQuery, signal: AbortSignal): Promise<LocateStep> {
    const answers = new Map<string, DnsAnswer>();
    const { families = () => [4, 6], random } = this.#options;
    const context = { answers, families: families(), random };
    let step = nextLocateStep(query, context);
    for (let round = 0; step.kind === "ask" && round < MAX_ROUNDS; round++) {
      for (const [key, answer] of await this.#askAll(step.questions, signal)) {
        answers.set(key, answer);
      }
      if (signal.aborted) break;
      step = nextLocateStep(query, context);
    }
    return step;
  }

  /** Asks a round of questions at once; those that some name servers never answer get a short rest only. */
  async #askAll(questions: readonly DnsQuestion[], signal: AbortSignal): Promise<DnsAnswers> {
    const round = new AbortController();
    const both = AbortSignal.any([signal, round.signal]);
    const answers = new Map<string, DnsAnswer>();
    const ask = async (question: DnsQuestion) => {
      answers.set(questionKey(question), await this.#ask(question, both));
    };
    const asksIpv4 = questions.some(({ type }) => type === "A");
    const isOptional = ({ type }: DnsQuestion) => type === "NAPTR" || (type === "AAAA" && asksIpv4);
    const optional = Promise.all(questions.filter(isOptional).map(ask));
    await Promise.all(questions.filter((question) => !isOptional(question)).map(ask));
    const straggler = setTimeout(() => round.abort(), STRAGGLER_MS);
    await optional;
    clearTimeout(straggler);
    return answers;
  }
}
