import type { DemoMedia } from "./demo_media.ts";
import type { DemoParty, Place } from "./demo_party.ts";
import {
  bodyOf,
  type HeaderLine,
  headerValue,
  headerValues,
  methodOf,
  placeIn,
  responseTo,
  sipText,
  statusOf,
  uriIn,
} from "./sip_text.ts";

/** Who a phone is and where it sends everything. */
export interface DemoAccount {
  readonly user: string;
  /** Host and port of the provider, as they stand in URIs. */
  readonly domain: string;
  /** Outbound proxy of a phone behind the daemon; the provider of the other one. */
  readonly outboundProxy: Place;
}

/** What a phone knows of the call that is up: enough for requests inside it (RFC 3261 §12.2.1.1). */
export interface DemoCall {
  readonly local: string;
  readonly remote: string;
  readonly callId: string;
  readonly remoteTarget: string;
  readonly routes: readonly string[];
  readonly remoteDescription: string;
}

/** A simulated phone. */
export class DemoPhone {
  readonly #party: DemoParty;
  readonly #media: DemoMedia;
  readonly #account: DemoAccount;
  #cseq = 0;

  constructor(
    parts: { readonly party: DemoParty; readonly media: DemoMedia },
    account: DemoAccount,
  ) {
    this.#party = parts.party;
    this.#media = parts.media;
    this.#account = account;
  }

  /** Registers; throws when the answer is not 200. */
  async register(): Promise<void> {
    const { user, domain, outboundProxy } = this.#account;
    const identity = `<sip:${user}@${domain}>`;
    const headers: readonly HeaderLine[] = [
      ["From", `${identity};tag=${user}-reg`],
      ["To", identity],
      ["Call-ID", `register-${user}@demo`],
      ["Contact", this.#contact()],
      ["Expires", "600"],
    ];
    const request = this.#request(`REGISTER sip:${domain}`, { headers });
    await this.#party.send(request, outboundProxy);
    await this.#final("REGISTER");
  }

  /** Calls another user; ends when the call is up on this side. */
  async call(callee: string): Promise<DemoCall> {
    const { user, domain, outboundProxy } = this.#account;
    const local = `<sip:${user}@${domain}>;tag=${user}-1`;
    const callId = `call-${crypto.randomUUID()}@demo`;
    const uri = `sip:${callee}@${domain}`;
    const headers: readonly HeaderLine[] = [
      ["From", local],
      ["To", `<${uri}>`],
      ["Call-ID", callId],
      ["Contact", this.#contact()],
      ["Content-Type", "application/sdp"],
    ];
    const invite = this.#request(`INVITE ${uri}`, { headers, body: this.#media.description() });
    await this.#party.send(invite, outboundProxy);
    const answer = await this.#final("INVITE");
    const call: DemoCall = {
      local,
      remote: headerValue(answer, "To"),
      callId,
      remoteTarget: uriIn(headerValue(answer, "Contact")),
      routes: [...headerValues(answer, "Record-Route")].reverse(),
      remoteDescription: bodyOf(answer),
    };
    await this.#inside(call, "ACK");
    return call;
  }

  /** Waits for a call and takes it; ends when the other side's ACK came. */
  async answer(): Promise<DemoCall> {
    const { text: invite, from } = await this.#party.expect("INVITE", isRequest("INVITE"));
    const toTag = `${this.#account.user}-2`;
    await this.#party.send(responseTo(invite, { status: "180 Ringing", toTag }), from);
    const headers: readonly HeaderLine[] = [
      ["Contact", this.#contact()],
      ["Content-Type", "application/sdp"],
    ];
    const body = this.#media.description();
    await this.#party.send(responseTo(invite, { status: "200 OK", toTag, headers, body }), from);
    await this.#party.expect("ACK", isRequest("ACK"));
    return {
      local: `${headerValue(invite, "To")};tag=${toTag}`,
      remote: headerValue(invite, "From"),
      callId: headerValue(invite, "Call-ID"),
      remoteTarget: uriIn(headerValue(invite, "Contact")),
      routes: headerValues(invite, "Record-Route"),
      remoteDescription: bodyOf(invite),
    };
  }

  /** Ends a call; throws when the answer to BYE is not 200. */
  async hangUp(call: DemoCall): Promise<void> {
    await this.#inside(call, "BYE");
    await this.#final("BYE");
  }

  /** Waits until the other side ends the call. */
  async awaitHangUp(): Promise<void> {
    const { text, from } = await this.#party.expect("BYE", isRequest("BYE"));
    await this.#party.send(responseTo(text, { status: "200 OK" }), from);
  }

  /** Sends what a second of speech is. */
  talk(call: DemoCall): Promise<void> {
    return this.#media.talk(call.remoteDescription);
  }

  async #inside(call: DemoCall, method: "ACK" | "BYE"): Promise<void> {
    const headers: readonly HeaderLine[] = [
      ...call.routes.map((route): HeaderLine => ["Route", route]),
      ["From", call.local],
      ["To", call.remote],
      ["Call-ID", call.callId],
    ];
    if (method === "ACK") this.#cseq--;
    const firstRoute = call.routes[0];
    const place = placeIn(firstRoute === undefined ? call.remoteTarget : uriIn(firstRoute));
    await this.#party.send(this.#request(`${method} ${call.remoteTarget}`, { headers }), place);
  }

  #request(
    methodAndUri: string,
    { headers, body = "" }: { readonly headers: readonly HeaderLine[]; readonly body?: string },
  ): string {
    const { hostname, port } = this.#party.address;
    const branch = `z9hG4bK${crypto.randomUUID()}`;
    const [method = ""] = methodAndUri.split(" ");
    const all: readonly HeaderLine[] = [
      ["Via", `SIP/2.0/UDP ${hostname}:${port};branch=${branch};rport`],
      ["Max-Forwards", "70"],
      ...headers,
      ["CSeq", `${++this.#cseq} ${method}`],
    ];
    return sipText(`${methodAndUri} SIP/2.0`, { headers: all, body });
  }

  async #final(method: string): Promise<string> {
    const isFinal = (text: string) =>
      (statusOf(text) ?? 0) >= 200 && headerValue(text, "CSeq").endsWith(method);
    const { text } = await this.#party.expect(`an answer to ${method}`, isFinal);
    if (statusOf(text) !== 200) {
      throw new Error(`${this.#party.name}: ${method} was answered ${text.split("\r\n", 1)[0]}`);
    }
    return text;
  }

  #contact(): string {
    const { hostname, port } = this.#party.address;
    return `<sip:${this.#account.user}@${hostname}:${port}>`;
  }
}

function isRequest(method: string): (text: string) => boolean {
  return (text) => methodOf(text) === method;
}
