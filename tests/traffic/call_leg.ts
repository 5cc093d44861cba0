import { bodyOf, header, headers, parameter, statusOf, uriOf } from "../e2e/support/sip_text.ts";
import { type RtpCounts, RtpLeg, type RtpPump } from "./rtp_leg.ts";
import type { Reply, SipAgent } from "./sip_agent.ts";
import type { Place } from "./sip_port.ts";

/** What a call needs of the party that has it. */
export interface CallOwner {
  readonly user: string;
  readonly domain: string;
  readonly contact: string;
  readonly mediaHost: string;
  readonly agent: SipAgent;
  readonly pump: RtpPump;
  readonly totals: RtpCounts;
  forget(leg: CallLeg): void;
}

/** What came of dialing. */
export interface Dialed {
  /** Final status; 0 when there was none. */
  readonly status: number;
  /** Undefined unless the call is up. */
  readonly leg: CallLeg | undefined;
}

let calls = 0;

/** One party's view of one call. */
export class CallLeg {
  readonly callId: string;
  readonly rtp: RtpLeg;
  /** `over` after a BYE of either side. */
  phase: "up" | "over" = "up";
  readonly #owner: CallOwner;
  #local: string;
  #remote = "";
  #target = "";
  #routes: readonly string[] = [];
  #cseq = 1;
  #version = 1;

  private constructor(
    owner: CallOwner,
    start: { readonly callId: string; readonly local: string },
  ) {
    this.#owner = owner;
    this.callId = start.callId;
    this.#local = start.local;
    this.rtp = new RtpLeg(owner.mediaHost, owner.totals);
  }

  /** Calls somebody; both talk when it returns a leg. */
  static async dial(owner: CallOwner, uri: string): Promise<Dialed> {
    const callId = `call-${++calls}-${owner.user}@${owner.mediaHost}`;
    const local = `<sip:${owner.user}@${owner.domain}>;tag=c${calls}`;
    const leg = new CallLeg(owner, { callId, local });
    const response = await owner.agent.request({
      method: "INVITE",
      uri,
      from: local,
      to: `<${uri}>`,
      callId,
      cseq: leg.#cseq,
      extra: [`Contact: <${owner.contact}>`],
      body: leg.#description(),
    });
    const status = response === undefined ? 0 : statusOf(response);
    if (response === undefined || status >= 300) {
      leg.rtp.close();
      return { status, leg: undefined };
    }
    leg.#remote = header(response, "To");
    leg.#routes = headers(response, "Record-Route").toReversed();
    leg.#takePlaces(response);
    leg.#acknowledge();
    owner.pump.add(leg.rtp);
    return { status, leg };
  }

  /** Takes a call. */
  static accept(
    owner: CallOwner,
    request: string,
  ): { readonly leg: CallLeg; readonly reply: Reply } {
    const tag = `t${++calls}`;
    const callId = header(request, "Call-ID");
    const leg = new CallLeg(owner, { callId, local: `${header(request, "To")};tag=${tag}` });
    leg.#remote = header(request, "From");
    leg.#routes = headers(request, "Record-Route");
    leg.#takePlaces(request);
    owner.pump.add(leg.rtp);
    return { leg, reply: leg.#ok({ tag }) };
  }

  /** Offers the same media again, as a session timer or a phone with a new address does; gives the status. */
  async reinvite(): Promise<number> {
    this.#version++;
    const response = await this.#request("INVITE", { body: this.#description() });
    const status = response === undefined ? 0 : statusOf(response);
    if (response === undefined || status >= 300) return status;
    this.#takePlaces(response);
    this.#acknowledge();
    return status;
  }

  /** Answers the other side's new offer. */
  takeReinvite(request: string): Reply {
    this.#takePlaces(request);
    return this.#ok({});
  }

  /** Stops sending, still takes what comes. */
  fallSilent(): void {
    this.#owner.pump.remove(this.rtp);
  }

  /** Hangs up; gives the status of the answer, 0 for none. */
  async hangUp(): Promise<number> {
    this.phase = "over";
    this.fallSilent();
    const response = await this.#request("BYE", { body: undefined });
    this.end();
    return response === undefined ? 0 : statusOf(response);
  }

  /** The call is over. */
  end(): void {
    this.phase = "over";
    this.fallSilent();
    this.rtp.close();
    this.#owner.forget(this);
  }

  #request(
    method: string,
    more: { readonly body: string | undefined },
  ): Promise<string | undefined> {
    this.#cseq++;
    return this.#owner.agent.request({ ...this.#plan(method), ...more });
  }

  #plan(method: string) {
    return {
      method,
      uri: this.#target,
      from: this.#local,
      to: this.#remote,
      callId: this.callId,
      cseq: this.#cseq,
      extra: [
        ...this.#routes.map((route) => `Route: ${route}`),
        ...(method === "INVITE" ? [`Contact: <${this.#owner.contact}>`] : []),
      ],
    };
  }

  #acknowledge(): void {
    this.#owner.agent.sendOnce(this.#plan("ACK"));
  }

  #ok(more: { readonly tag?: string }): Reply {
    const extra = [`Contact: <${this.#owner.contact}>`];
    return { status: "200 OK", options: { ...more, extra, body: this.#description() } };
  }

  #takePlaces(message: string): void {
    this.#target = uriOf(header(message, "Contact")) || this.#target;
    this.rtp.target = mediaPlace(bodyOf(message)) ?? this.rtp.target;
  }

  #description(): string {
    const { hostname, port } = this.rtp.local;
    return [
      "v=0",
      `o=${this.#owner.user} 1 ${this.#version} IN IP4 ${hostname}`,
      "s=-",
      `c=IN IP4 ${hostname}`,
      "t=0 0",
      `m=audio ${port} RTP/AVP 0`,
      "a=sendrecv",
      "",
    ].join("\r\n");
  }
}

function mediaPlace(body: string): Place | undefined {
  const hostname = /^c=IN IP4 (\S+)/m.exec(body)?.[1];
  const port = /^m=audio (\d+)/m.exec(body)?.[1];
  return hostname === undefined || port === undefined
    ? undefined
    : { hostname, port: Number(port) };
}

/** Whether a request belongs to a dialog. */
export function isInDialog(request: string): boolean {
  return parameter(header(request, "To"), "tag") !== "";
}
