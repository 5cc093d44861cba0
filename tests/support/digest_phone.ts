import type { Place } from "../../src/cli/demo/demo_party.ts";
import { headerValue, sipText } from "../../src/cli/demo/sip_text.ts";
import { answerChallenge } from "./digest_client.ts";
import { SipPeer } from "./sip_peer.ts";

/** A phone of a test: registers as alice with a password in two steps, as phones do. */
export class DigestPhone {
  readonly peer: SipPeer;
  readonly #daemon: Place;
  /** Host of the registrar; the daemon itself unless told otherwise. */
  readonly #registrar: Place;
  #cseq = 0;

  constructor(daemon: Place, from: { readonly hostname: string; readonly registrar?: Place }) {
    this.peer = new SipPeer(from.hostname);
    this.#daemon = daemon;
    this.#registrar = from.registrar ?? daemon;
  }

  /** Sends a REGISTER and gives the answer; empty when none comes. */
  async register(credentials?: string): Promise<string> {
    const { hostname, port } = this.#registrar;
    const place = `${this.peer.hostname}:${this.peer.port}`;
    const text = sipText(`REGISTER sip:${hostname}:${port} SIP/2.0`, {
      headers: [
        ["Via", `SIP/2.0/UDP ${place};branch=z9hG4bK${crypto.randomUUID()}`],
        ["Max-Forwards", "70"],
        ["From", `<sip:alice@${hostname}>;tag=1`],
        ["To", `<sip:alice@${hostname}>`],
        ["Call-ID", `call-${this.peer.port}`],
        ["CSeq", `${++this.#cseq} REGISTER`],
        ["Contact", `<sip:alice@${place}>`],
        ...(credentials === undefined ? [] : [["Proxy-Authorization", credentials] as const]),
      ],
    });
    await this.peer.send(text, this.#daemon);
    return (await this.peer.next())?.text ?? "";
  }

  /** Registers with a password; gives the status code of the last answer. */
  async logIn(password: string): Promise<string> {
    const { hostname, port } = this.#registrar;
    const challenge = headerValue(await this.register(), "Proxy-Authenticate");
    const uri = `sip:${hostname}:${port}`;
    const answer = await this.register(
      answerChallenge(challenge, { user: "alice", password, uri }),
    );
    return answer.split(" ")[1] ?? "";
  }
}
