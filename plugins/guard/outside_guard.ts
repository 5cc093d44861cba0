import {
  type CheckedHeaders,
  CONTINUE,
  type Drop,
  drop,
  type PluginHost,
  type Proceed,
  type ReplyEvent,
  type RequestEvent,
  type ResponseEvent,
} from "../../src/plugin/api.ts";
import { detachText } from "../../src/base/text.ts";
import { getHeaders, headerValue } from "../../src/sip/headers.ts";
import type { SipMessage } from "../../src/sip/message.ts";
import { SCANNERS } from "./scanners.ts";
import { SourceScores } from "./source_scores.ts";

/** What scanners and guessers of passwords earn; a busy phone or one that does not answer is no failure. */
const FAILURES: ReadonlySet<number> = new Set([401, 403, 404, 407, 484, 604]);

/** What siproxd itself answers to those: with `compat_responses` it says 408, which of a phone means that nobody came. */
const OWN_FAILURES: ReadonlySet<number> = new Set([...FAILURES, 408]);

/** Servers that phones of ours are registered with; more is no household. */
const MAX_SERVERS = 256;

/** Longest part of a header that words are looked for in. */
const MAX_LOOK_LENGTH_CHARS = 256;

/** The options that concern the outside. */
export interface OutsideSettings {
  readonly failures: number;
  readonly window: number;
  readonly block: number;
  readonly trusted: Parameters<PluginHost["isIn"]>[0];
  readonly scanner: readonly string[];
  readonly simulate: boolean;
}

/** An answer that may be one. */
interface Failure {
  readonly statusCode: number;
  readonly message: SipMessage;
  readonly toTag: string | undefined;
}

/** Shuts out sources on the Internet side that fail again and again, and scanners that name themselves. */
export class OutsideGuard {
  readonly #settings: OutsideSettings;
  readonly #host: PluginHost;
  readonly #scores: SourceScores;
  readonly #words: readonly string[];
  readonly #servers = new Set<string>();

  constructor(settings: OutsideSettings, host: PluginHost) {
    this.#settings = settings;
    this.#host = host;
    this.#words = [...SCANNERS, ...settings.scanner].map((word) => word.toLowerCase());
    this.#scores = new SourceScores({
      failures: settings.failures,
      windowMs: settings.window * 1000,
      blockMs: settings.block * 1000,
    });
  }

  /** Any request from outside. */
  validate(request: RequestEvent): Proceed | Drop {
    const { address } = request.source;
    if (request.side !== "wan" || this.#isTrusted(request)) return CONTINUE;
    const scanner = this.#scannerWord(request.message);
    if (scanner !== undefined) {
      return this.#shutOut("scanner", `${address} scans (${scanner})`);
    }
    if (this.#scores.isBlocked(address, this.#host.nowMs())) {
      return this.#shutOut("blocked", `${address} is blocked`);
    }
    this.#takeProof(request);
    return CONTINUE;
  }

  /** An answer of siproxd's own: to a request for nobody, from somebody who may not call, or without a password. */
  ownReply({ request, message, toTag }: ReplyEvent): void {
    const { statusCode } = message;
    if (request.side !== "wan" || !OWN_FAILURES.has(statusCode) || this.#isTrusted(request)) return;
    this.#judge(request, { statusCode, message, toTag });
  }

  /** An answer on its way. */
  answer(response: ResponseEvent): void {
    const { message, checked, nextHop, source } = response;
    const { statusCode } = message;
    if (response.side === "wan") {
      const isRegistered = checked.cseq.method === "REGISTER" && statusCode >= 200 &&
        statusCode < 300;
      if (isRegistered && this.#servers.size < MAX_SERVERS) this.#servers.add(source.address);
      return;
    }
    if (nextHop === undefined || response.direction !== "outgoing") return;
    if (!FAILURES.has(statusCode)) return;
    const { toTag } = checked;
    this.#judge({ checked, source: nextHop }, { statusCode, message, toTag });
  }

  /** A failure that goes to an address outside: has that shown, or will it show, that it gets it? */
  #judge(
    { checked, source }: Pick<RequestEvent, "source"> & { readonly checked: CheckedHeaders },
    { statusCode, message, toTag }: Failure,
  ): void {
    const { address } = source;
    const to = { address, nowMs: this.#host.nowMs() };
    // A first challenge is no failure: every honest client gets one.
    const isChallenge = statusCode === 401 || statusCode === 407;
    if (this.#scores.proves(requestToken(checked, "credentials"), to)) {
      this.#fail(address);
    } else if (!isChallenge && this.#scores.proves(requestToken(checked, "connection"), to)) {
      this.#fail(address);
    } else if (!isChallenge && checked.cseq.method === "INVITE") {
      this.#scores.expect(ackToken(checked.callId, toTag), to);
    }
    const nonce = nonceOf(message, ["www-authenticate", "proxy-authenticate"]);
    if (nonce !== undefined) this.#scores.expect(`nonce ${nonce}`, to);
  }

  /** An ACK brings back the To tag of a failure, credentials bring back a nonce. */
  #takeProof(request: RequestEvent): void {
    const { message, source } = request;
    const by = { address: source.address, nowMs: this.#host.nowMs() };
    if (message.method === "ACK") {
      const { callId, toTag } = request.checked;
      if (this.#scores.proves(ackToken(callId, toTag), by)) this.#fail(source.address);
      return;
    }
    const nonce = nonceOf(message, ["authorization", "proxy-authorization"]);
    const hasConnection = request.transport !== "udp";
    const isProved = nonce !== undefined && this.#scores.proves(`nonce ${nonce}`, by);
    if (isProved || (nonce !== undefined && hasConnection)) {
      this.#scores.expect(requestToken(request.checked, "credentials"), by);
    } else if (hasConnection) {
      this.#scores.expect(requestToken(request.checked, "connection"), by);
    }
  }

  #fail(address: string): void {
    if (this.#scores.fail(detachText(address), this.#host.nowMs()) === "counted") return;
    this.#host.count("blocked-source");
    const text = `${address} is blocked for ${this.#settings.block} s after repeated failures`;
    this.#host.log({ level: "warning", event: "block", text });
  }

  #isTrusted({ source }: RequestEvent): boolean {
    return this.#servers.has(source.address) ||
      this.#host.isIn(this.#settings.trusted, source.address);
  }

  #scannerWord(message: SipMessage): string | undefined {
    const product = (headerValue(message, "user-agent") ?? "").slice(0, MAX_LOOK_LENGTH_CHARS)
      .toLowerCase();
    return product === "" ? undefined : this.#words.find((word) => product.includes(word));
  }

  #shutOut(reason: string, text: string): Proceed | Drop {
    this.#host.count(reason);
    const said = this.#settings.simulate ? `${text}, it would be dropped (simulate=1)` : text;
    this.#host.log({ level: "info", event: reason, text: said });
    return this.#settings.simulate ? CONTINUE : drop(reason);
  }
}

function ackToken(callId: string, toTag: string | undefined): string {
  return detachText(`tag ${callId} ${toTag ?? ""}`);
}

/** Names a request whose source has proved itself, so that its answer can be told from others. */
function requestToken(
  { callId, cseq }: Pick<CheckedHeaders, "callId" | "cseq">,
  proof: "credentials" | "connection",
): string {
  return detachText(`${proof} ${cseq.number} ${cseq.method} ${callId}`);
}

/** The nonce of the first challenge or credentials; one that is not quoted is none (RFC 7616 §3.3). */
function nonceOf(message: SipMessage, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    for (const { value } of getHeaders(message, key)) {
      const begin = value.toLowerCase().indexOf('nonce="');
      // `cnonce` is the client's own and proves nothing.
      if (begin < 0 || value[begin - 1]?.toLowerCase() === "c") continue;
      const from = begin + 'nonce="'.length;
      const end = value.indexOf('"', from);
      if (end > from) return detachText(value.slice(from, end));
    }
  }
  return undefined;
}
