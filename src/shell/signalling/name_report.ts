import type { IpAddress } from "../../base/ip_address.ts";
import { hostText } from "../../base/ip_address.ts";
import type { HostAnswer } from "../../dns/host_query.ts";
import type { LogEvent } from "../../log/log_event.ts";

/** What became of a look-up of host_outbound. */
export interface NameOutcome {
  readonly name: string;
  readonly answer: HostAnswer;
  /** What peers outside are told now. */
  readonly advertised: IpAddress | undefined;
}

/** Says of host_outbound as a name what an operator must know, and says it once. */
export class NameReport {
  #name: string | undefined;
  #told: string | undefined;

  /** Whether the name could not be found when it was last looked up. */
  get isLost(): boolean {
    return this.#told === "lost";
  }

  /** Takes the outcome of a look-up; gives what is to be logged of it, which mostly is nothing. */
  note({ name, answer, advertised }: NameOutcome): LogEvent | undefined {
    if (name !== this.#name) this.#told = undefined;
    this.#name = name;
    const before = this.#told;
    const shown = advertised === undefined ? "nothing" : hostText(advertised);
    this.#told = answer.kind === "targets" ? shown : "lost";
    if (this.#told === before) return undefined;
    const common = { component: "dns" } as const;
    if (answer.kind === "targets") {
      const text = `host_outbound ${name} is ${shown}`;
      return { ...common, level: "info", event: "host_outbound.found", text };
    }
    const reason = answer.kind === "failed" ? answer.reason : "no answer from the name server";
    const text = `Cannot resolve host_outbound "${name}": ${reason}; peers outside are told ` +
      `${shown} until it is found`;
    return { ...common, level: "warning", event: "host_outbound.lost", text };
  }
}
