import type { PluginHost, RequestEvent, ResponseEvent } from "../../src/plugin/api.ts";
import {
  headerValue,
  listValues,
  removeHeaders,
  replaceListElements,
} from "../../src/sip/headers.ts";
import type { SipMessage } from "../../src/sip/message.ts";
import { formatNameAddr, parseNameAddr } from "../../src/sip/name_addr.ts";
import { makeSipUri, parseUri, type SipUri } from "../../src/sip/uri.ts";
import type { PhoneProfile } from "./profile.ts";

/** Longest part of a User-Agent that is looked at. */
const MAX_LOOK_LENGTH_CHARS = 256;

/** What the phones of one maker need, applied to what they send. */
export class PhoneQuirks {
  readonly #profile: PhoneProfile;
  readonly #host: PluginHost;

  constructor(profile: PhoneProfile, host: PluginHost) {
    this.#profile = profile;
    this.#host = host;
  }

  /** Gives the message as it should have been; anything that another maker's phone sent stays. */
  edit<Message extends SipMessage>(
    message: Message,
    event: RequestEvent | ResponseEvent,
  ): Message {
    if (event.direction !== "outgoing" || !this.#isMine(message)) return message;
    let edited = message;
    for (const key of this.#profile.remove) edited = removeHeaders(edited, key);
    if (this.#profile.contact !== "registered" || event.checked.cseq.method === "REGISTER") {
      return edited;
    }
    const user = this.#registeredUser(edited, event);
    return user === undefined ? edited : withContactUser(edited, user);
  }

  #isMine(message: SipMessage): boolean {
    const product = headerValue(message, "user-agent") ?? headerValue(message, "server") ?? "";
    const text = product.slice(0, MAX_LOOK_LENGTH_CHARS).toLowerCase();
    return this.#profile.products.some((word) => text.includes(word));
  }

  /** The one user that is registered at the Contact's host and port; undefined when the Contact is right or in doubt. */
  #registeredUser(
    message: SipMessage,
    event: RequestEvent | ResponseEvent,
  ): string | undefined {
    const contact = sipUriIn(listValues(message, "contact")[0]);
    if (contact === undefined) return undefined;
    const users = new Set<string>();
    for (const { contactUri, source } of this.#host.registrations()) {
      const own = sipUriIn(contactUri);
      if (own?.user === undefined || source.address !== event.source.address) continue;
      if (own.host !== contact.host || own.port !== contact.port) continue;
      if (own.user.toLowerCase() === contact.user?.toLowerCase()) return undefined;
      users.add(own.user);
    }
    const [user] = users;
    return users.size === 1 ? user : undefined;
  }
}

function sipUriIn(text: string | undefined): SipUri | undefined {
  if (text === undefined) return undefined;
  const nameAddr = parseNameAddr(text);
  const uri = nameAddr.ok ? nameAddr.value.uri : undefined;
  if (uri?.kind === "sip") return uri;
  const bare = parseUri(text);
  return bare.ok && bare.value.kind === "sip" ? bare.value : undefined;
}

function withContactUser<Message extends SipMessage>(message: Message, user: string): Message {
  return replaceListElements(message, "contact", (element, index) => {
    const nameAddr = parseNameAddr(element);
    if (index > 0 || !nameAddr.ok || nameAddr.value.uri.kind !== "sip") return element;
    return formatNameAddr({ ...nameAddr.value, uri: makeSipUri({ ...nameAddr.value.uri, user }) });
  });
}
