import {
  beginsOutgoingCall,
  CONTINUE,
  type PluginHost,
  type Proceed,
  type Reply,
  reply,
  type RequestEvent,
} from "../../src/plugin/api.ts";
import { detachText } from "../../src/base/text.ts";
import { CallRate } from "./call_rate.ts";
import { dialledNumber } from "./dialled_number.ts";
import { NumberRules, type NumberRuleTexts } from "./number_rules.ts";

/** RFC 3261 §21.4.4: asking again does not help. */
const FORBIDDEN = 403;

/** RFC 3261 §21.4.24: the phone plays its busy tone. */
const BUSY = 486;

/** The options that concern calls of our own phones. */
export interface InsideSettings extends NumberRuleTexts {
  /** 0: no limit. */
  readonly max_calls: number;
  /** 0: no limit. */
  readonly calls_per_minute: number;
  readonly simulate: boolean;
}

/** Keeps a stolen password or a broken phone from costing a fortune. */
export class InsideGuard {
  readonly #settings: InsideSettings;
  readonly #host: PluginHost;
  readonly #rules: NumberRules;
  readonly #rate: CallRate = new CallRate();

  constructor(settings: InsideSettings, host: PluginHost) {
    this.#settings = settings;
    this.#host = host;
    this.#rules = new NumberRules(settings);
  }

  /** A request before its way is decided. */
  judge(request: RequestEvent): Proceed | Reply {
    if (!beginsOutgoingCall(request)) return CONTINUE;
    const { address } = request.source;
    const number = dialledNumber(request.checked.requestUri, this.#settings.international);
    const verdict = number === undefined ? "allowed" : this.#rules.judge(number);
    if (verdict === "emergency") return CONTINUE;
    if (verdict === "forbidden") {
      return this.#refuse("forbidden", {
        statusCode: FORBIDDEN,
        text: `${address} dials ${number}`,
      });
    }
    const { max_calls, calls_per_minute } = this.#settings;
    const { callId } = request.checked;
    const nowMs = this.#host.nowMs();
    if (calls_per_minute > 0 && this.#rate.count(address, { callId, nowMs }) >= calls_per_minute) {
      const text = `${address} begins over ${calls_per_minute} calls a minute`;
      return this.#refuse("rate", { statusCode: BUSY, text });
    }
    if (max_calls > 0 && this.#callsOf(request) >= max_calls) {
      const text = `${address} has ${max_calls} calls already`;
      return this.#refuse("calls", { statusCode: BUSY, text });
    }
    return CONTINUE;
  }

  /** A request that is sent: only now it is a call. */
  note(request: RequestEvent): void {
    if (!beginsOutgoingCall(request)) return;
    const number = dialledNumber(request.checked.requestUri, this.#settings.international);
    if (number !== undefined && this.#rules.judge(number) === "emergency") return;
    const callId = detachText(request.checked.callId);
    this.#rate.begin(request.source.address, { callId, nowMs: this.#host.nowMs() });
  }

  #callsOf(request: RequestEvent): number {
    return this.#host.calls().filter((call) =>
      call.method === "INVITE" && call.direction === "outgoing" && call.phase !== "ending" &&
      call.phoneAddress === request.source.address && call.callId !== request.checked.callId
    ).length;
  }

  #refuse(
    reason: string,
    why: { readonly statusCode: number; readonly text: string },
  ): Proceed | Reply {
    this.#host.count(reason);
    const { simulate } = this.#settings;
    const text = simulate
      ? `${why.text}, it would be refused (simulate=1)`
      : `${why.text}, refused`;
    this.#host.log({ level: "warning", event: reason, text });
    return simulate ? CONTINUE : reply(why.statusCode);
  }
}
