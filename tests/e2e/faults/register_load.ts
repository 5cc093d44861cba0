import { SipAgent } from "../../traffic/sip_agent.ts";
import type { Party } from "../../traffic/party.ts";
import { UdpSipPort } from "../../traffic/sip_port.ts";
import { statusOf } from "../support/sip_text.ts";
import { PLACES, SIP_PORT } from "./places.ts";

/** A registration whose 200 has reached its phone. */
export interface KnownRegistration {
  readonly user: string;
  readonly atMs: number;
}

/** REGISTER requests under way at once: the load follows what the daemon can do. */
const AT_ONCE = 4;

/** Pause of each, so that the machine has room for others: some 100 registrations a second. */
const PAUSE_MS = 40;

/** Lifetime: longer than the whole run of kills. */
const EXPIRES_SECONDS = 3_600;

/** Longest wait for an answer: the daemon is killed while some wait. */
const ANSWER_TIMEOUT_MS = 1_000;

/** New phones that register one after the other by one socket; each answers whoever asks. */
export class RegisterLoad {
  /** Registrations that were granted. */
  total = 0;
  readonly #agent: SipAgent;
  readonly #domain: string;
  #known: KnownRegistration[] = [];
  #count = 0;
  #state: "running" | "idle" = "idle";
  #running: Promise<unknown> = Promise.resolve();

  constructor(provider: Party) {
    this.#domain = provider.domain;
    this.#agent = new SipAgent(new UdpSipPort({ hostname: PLACES.phones, port: 0 }), {
      proxy: { hostname: PLACES.lan, port: SIP_PORT },
      onRequest: () => ({ status: "200 OK", options: { tag: "x" } }),
    });
  }

  /** Begins to register phones. */
  start(): void {
    this.#state = "running";
    this.#running = Promise.all(Array.from({ length: AT_ONCE }, () => this.#registerAll()));
  }

  /** Ends it; nothing is under way when it returns. */
  async stop(): Promise<void> {
    this.#state = "idle";
    await this.#running;
  }

  /** Registrations that must be remembered. */
  known(): readonly KnownRegistration[] {
    return this.#known;
  }

  /** Some of those that are in the file. */
  pick(kept: ReadonlySet<string>, count: number): readonly string[] {
    const users = this.#known.map(({ user }) => user).filter((user) => kept.has(user));
    return Array.from(
      { length: Math.min(count, users.length) },
      () => users[Math.floor(Math.random() * users.length)] ?? "",
    );
  }

  /** What was lost with a kill is no longer known; the rest must still be there after the next one. */
  forget(kept: ReadonlySet<string>): void {
    this.#known = this.#known.filter(({ user }) => kept.has(user));
  }

  /** Closes the socket. */
  close(): void {
    this.#agent.close();
  }

  async #registerAll(): Promise<void> {
    while (this.#state === "running") {
      await this.#register(`k${this.#count++}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async #register(user: string): Promise<void> {
    const { hostname, port } = this.#agent.port.local;
    const aor = `<sip:${user}@${this.#domain}>`;
    const response = await this.#agent.request({
      method: "REGISTER",
      uri: `sip:${this.#domain}`,
      from: `${aor};tag=k`,
      to: aor,
      callId: `reg-${user}@${hostname}`,
      cseq: 1,
      extra: [`Contact: <sip:${user}@${hostname}:${port}>`, `Expires: ${EXPIRES_SECONDS}`],
    }, ANSWER_TIMEOUT_MS);
    if (response === undefined || statusOf(response) !== 200) return;
    this.total++;
    this.#known.push({ user, atMs: performance.now() });
  }
}
