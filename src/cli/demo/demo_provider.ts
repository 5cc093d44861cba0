import type { DemoParty, Received } from "./demo_party.ts";
import { headerValue, methodOf, placeIn, responseTo, statusOf, uriIn } from "./sip_text.ts";

/** Users a demo has. */
const MAX_USERS = 10;

/** A provider's registrar and stateless proxy, just enough for one call between two of its users. */
export class DemoProvider {
  readonly #party: DemoParty;
  readonly #contacts = new Map<string, string>();
  #branch = 0;

  constructor(party: DemoParty) {
    this.#party = party;
    party.onMessage = (received) => {
      if (statusOf(received.text) === undefined) this.#serve(received);
      else this.#passBack(received.text);
    };
  }

  /** The Contact a user has registered, or an empty text. */
  contactOf(user: string): string {
    return this.#contacts.get(user) ?? "";
  }

  #serve(received: Received): void {
    const { text, from } = received;
    if (methodOf(text) === "REGISTER") {
      const user = userIn(headerValue(text, "To"));
      const contact = headerValue(text, "Contact");
      if (this.#contacts.size < MAX_USERS) this.#contacts.set(user, uriIn(contact));
      const bound = `<${uriIn(contact)}>;expires=600`;
      const headers = [["Contact", bound]] as const;
      this.#party.send(responseTo(text, { status: "200 OK", toTag: "provider", headers }), from);
      return;
    }
    const contact = this.contactOf(userIn(text.split(" ")[1] ?? ""));
    if (contact === "") {
      if (methodOf(text) === "ACK") return;
      this.#party.send(responseTo(text, { status: "404 Not Found", toTag: "provider" }), from);
      return;
    }
    this.#forward(received, contact);
  }

  #forward({ text, from }: Received, contact: string): void {
    const [startLine = "", ...rest] = text.split("\r\n");
    const { hostname, port } = this.#party.address;
    const via = `Via: SIP/2.0/UDP ${hostname}:${port};branch=z9hG4bKprovider${++this.#branch}`;
    const line = startLine.replace(/ \S+ /, ` ${contact} `);
    // The way back is the topmost Via's; behind it stands where the request really came from.
    const remembered = rest.map((one, index) =>
      index === firstVia(rest) ? `${one};x-from=${from.hostname}:${from.port}` : one
    );
    this.#party.send([line, via, ...remembered].join("\r\n"), placeIn(contact));
  }

  #passBack(response: string): void {
    const lines = response.split("\r\n");
    lines.splice(firstVia(lines), 1);
    const at = firstVia(lines);
    const back = /;x-from=([\d.]+):(\d+)/.exec(lines[at] ?? "");
    if (back === null) return;
    lines[at] = (lines[at] ?? "").replace(back[0], "");
    this.#party.send(lines.join("\r\n"), { hostname: back[1] ?? "", port: Number(back[2]) });
  }
}

function firstVia(lines: readonly string[]): number {
  return lines.findIndex((line) => /^via\s*:/i.test(line));
}

function userIn(nameAddr: string): string {
  return /sip:([^@>]*)@/.exec(nameAddr)?.[1] ?? "";
}
