import type { PluginHost, RequestEvent, ResponseEvent, Steer } from "../../src/plugin/api.ts";
import { hostText } from "../../src/base/ip_address.ts";
import { detachText } from "../../src/base/text.ts";
import type { SocketAddress } from "../../src/base/socket_address.ts";
import { removeHeaders, replaceListElements, withRequestUri } from "../../src/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../src/sip/message.ts";
import {
  type AnyUri,
  escapeUriUser,
  makeSipUri,
  parseUri,
  unescapeUri,
} from "../../src/sip/uri.ts";
import { formatVia } from "../../src/sip/via.ts";
import type { ProviderProfile } from "./profile.ts";

/** Names of one provider that are kept alive: as many as a household has accounts, and more. */
const MAX_KEPT_HOSTS = 16;

/** RFC 5626 §4.4.1: two empty lines, which any server passes over. */
const KEEP_ALIVE = new Uint8Array([13, 10, 13, 10]);

/** What one provider needs, applied. */
export class ProviderQuirks {
  readonly #profile: ProviderProfile;
  readonly #host: PluginHost;
  #keptAliveAtMs: number;

  constructor(profile: ProviderProfile, host: PluginHost) {
    this.#profile = profile;
    this.#host = host;
    this.#keptAliveAtMs = host.nowMs();
  }

  /** A number that is dialled with the international prefix goes out with `+`; INVITE, CANCEL and ACK alike. */
  writeNumber(request: RequestEvent): SipRequest {
    const { international } = this.#profile;
    const { message, checked } = request;
    const uri = checked.requestUri;
    const isCall = ["INVITE", "ACK", "CANCEL"].includes(message.method);
    if (international === undefined || !isCall || !this.#isMine(uri)) return message;
    if (uri.kind !== "sip" || uri.user === undefined) return message;
    const user = unescapeUri(uri.user);
    if (!user.startsWith(international) || !isDigits(user)) return message;
    const number = escapeUriUser(`+${user.slice(international.length)}`);
    return withRequestUri(message, makeSipUri({ ...uri, user: number }).text);
  }

  /** Where a request goes whose host or port would lead it astray. */
  steer(request: RequestEvent): Pick<Steer, "nextHop"> {
    const uri = request.checked.requestUri;
    if (uri.kind !== "sip" || !this.#isMine(uri)) return {};
    const { locate, host, domains } = this.#profile;
    const isBareDomain = host !== undefined && domains.includes(uri.host.toLowerCase());
    if (!isBareDomain && (locate !== "srv" || uri.port === undefined)) return {};
    const [nextHop] = this.#serversOf(isBareDomain ? host : uri.host);
    return nextHop === undefined ? {} : { nextHop };
  }

  /** Takes spare headers out until the request is short enough. */
  shorten(request: RequestEvent): SipRequest {
    const { maxMessageLengthBytes, spare } = this.#profile;
    let { message } = request;
    if (maxMessageLengthBytes === undefined || !this.#concerns(request)) return message;
    for (const key of spare) {
      if (this.#host.textOf(message).length <= maxMessageLengthBytes) return message;
      message = removeHeaders(message, key);
    }
    return message;
  }

  /** Puts our own address back into the topmost Via of an answer. */
  restoreVia(response: ResponseEvent): SipResponse {
    const { message, checked, source, direction } = response;
    const { viaNetworks } = this.#profile;
    const { advertised, listenPort } = this.#host.addresses(source.address);
    if (viaNetworks.length === 0 || direction !== "incoming" || advertised === undefined) {
      return message;
    }
    if (!this.#host.isIn(viaNetworks, source.address)) return message;
    const [written] = this.#host.lookUp(checked.topmostVia.host);
    if (written === undefined || !this.#host.isIn(viaNetworks, written)) return message;
    const via = formatVia({ ...checked.topmostVia, host: hostText(advertised), port: listenPort });
    return replaceListElements(message, "via", (element, index) => index === 0 ? via : element);
  }

  /** Keeps the way to the servers of registered phones open. */
  keepAlive(): void {
    const { keepaliveSeconds } = this.#profile;
    const nowMs = this.#host.nowMs();
    if (keepaliveSeconds === undefined) return;
    if (nowMs - this.#keptAliveAtMs < keepaliveSeconds * 1000) return;
    this.#keptAliveAtMs = nowMs;
    for (const name of this.#registeredHosts()) {
      const [server] = this.#serversOf(name);
      if (server !== undefined) this.#host.sendDatagram(KEEP_ALIVE, server);
    }
  }

  #registeredHosts(): readonly string[] {
    const names = new Set<string>();
    for (const { addressOfRecordUri } of this.#host.registrations()) {
      const uri = parseUri(addressOfRecordUri);
      if (!uri.ok || uri.value.kind !== "sip" || !this.#isMine(uri.value)) continue;
      if (names.size < MAX_KEPT_HOSTS) names.add(detachText(uri.value.host));
    }
    const { host } = this.#profile;
    return names.size > 0 && host !== undefined ? [host] : [...names];
  }

  #serversOf(name: string): readonly SocketAddress[] {
    return this.#host.locate(name, { port: undefined, service: "sip" })
      .filter(({ address }) => this.#host.addresses(address).wan !== undefined);
  }

  #concerns({ checked, direction }: RequestEvent): boolean {
    return direction === "outgoing" &&
      (this.#isMine(checked.requestUri) || this.#isMine(checked.from.uri));
  }

  #isMine(uri: AnyUri): boolean {
    if (uri.kind !== "sip") return false;
    const host = uri.host.toLowerCase();
    return this.#profile.domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
  }
}

function isDigits(text: string): boolean {
  for (const character of text) if (character < "0" || character > "9") return false;
  return true;
}
