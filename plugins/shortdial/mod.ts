/**
 * plugin_shortdial: short numbers such as *01 for long ones.
 * It answers the caller with a redirection and does not dial by itself. The plugin host calls it.
 *
 * @module
 */
import {
  beginsOutgoingCall,
  CONTINUE,
  type Continue,
  definePlugin,
  type Plugin,
  redirectTo,
  type Reply,
  type RequestEvent,
  sipUriOf,
} from "../../src/plugin/api.ts";
import { withRequestUri } from "../../src/sip/headers.ts";
import type { SipRequest } from "../../src/sip/message.ts";
import { escapeUriUser, makeSipUri, type SipUri, unescapeUri } from "../../src/sip/uri.ts";

/** Where an entry leads: a user part, and a host where it names one. */
interface Entry {
  readonly user: string;
  readonly place: Pick<SipUri, "host" | "port"> | undefined;
}

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "shortdial",
  apiVersion: 1,
  description: "Quick dial: short numbers for long ones",
  options: {
    akey: {
      kind: "string",
      help: "Key character, then as many characters as the short numbers have digits.",
      example: "*00",
      validate: whyNoKey,
    },
    entry: {
      kind: "list",
      help: "Number, or number@host, of the next short number; the first line is 1.",
      example: "17474743246",
      validate: (value) => readEntry(value) === undefined ? "no number or number@host" : undefined,
    },
  },
  examine({ akey, entry }) {
    if (akey !== undefined && entry.length > 0) return [];
    const option = akey === undefined ? "akey" : "entry";
    const message =
      `Cannot dial short: no plugin_shortdial_${option} is set, the plugin does nothing`;
    return [{ option, severity: "warning", message }];
  },
  setup({ akey, entry }, host) {
    const entries = entry.map(readEntry);
    if (akey === undefined || entries.length === 0) return {};
    return {
      determineTarget(request) {
        const dialled = dialledUser(request);
        // The key comes first: most numbers do not begin with it, and to foresee a direction costs more.
        if (dialled === undefined || dialled[0] !== akey[0]) return CONTINUE;
        if (request.direction !== "outgoing") return CONTINUE;
        const escaped = withoutDoubledKey(dialled, akey);
        if (escaped !== undefined) return dialReal(request, escaped);
        const target = entries[shortNumber(dialled, akey) - 1];
        if (target === undefined || !beginsOutgoingCall(request)) return CONTINUE;
        const verdict = redirect(request, target);
        if (verdict.kind !== "reply") return verdict;
        const text = `redirecting ${dialled} -> ${target.user}`;
        host.log({ level: "info", event: "redirect", text });
        return verdict;
      },
    };
  },
});

function whyNoKey(value: string): string | undefined {
  if (value.length < 2 || value.length > 10) return "a key character and 1 … 9 digits are expected";
  return undefined;
}

function readEntry(value: string): Entry | undefined {
  const at = value.indexOf("@");
  const number = at < 0 ? value : value.slice(0, at);
  const place = at < 0 ? "" : value.slice(at + 1);
  const uri = sipUriOf(`sip:${escapeUriUser(number)}@${place === "" ? "none" : place}`);
  if (uri?.user === undefined || uri.user === "" || uri.parameters.length > 0) return undefined;
  return { user: uri.user, place: place === "" ? undefined : { host: uri.host, port: uri.port } };
}

function dialledUser(request: RequestEvent): string | undefined {
  const uri = request.checked.requestUri;
  return uri.kind === "sip" && uri.user !== undefined ? unescapeUri(uri.user) : undefined;
}

/** Position that `*02` names by the key `*00`; 0 for anything else. */
function shortNumber(dialled: string, key: string): number {
  if (dialled.length !== key.length || dialled[0] !== key[0]) return 0;
  let position = 0;
  for (const digit of dialled.slice(1)) {
    if (digit < "0" || digit > "9") return 0;
    position = position * 10 + Number(digit);
  }
  return position;
}

/** `**02` is the real number `*02`. */
function withoutDoubledKey(dialled: string, key: string): string | undefined {
  const rest = dialled.slice(1);
  return dialled[0] === key[0] && rest.length === key.length && shortNumber(rest, key) > 0
    ? rest
    : undefined;
}

/** The ACK to a failure and the CANCEL carry the dialled number too, and must follow their INVITE (RFC 3261 §9.1). */
function dialReal(request: RequestEvent, user: string): Continue<SipRequest> {
  const uri = request.checked.requestUri;
  if (uri.kind !== "sip") return CONTINUE;
  const real = makeSipUri({ ...uri, user: escapeUriUser(user) });
  return { kind: "continue", message: withRequestUri(request.message, real.text) };
}

function redirect(request: RequestEvent, target: Entry): Reply | Continue<SipRequest> {
  const to = request.checked.to.uri;
  if (to.kind !== "sip") return CONTINUE;
  return redirectTo(makeSipUri({ ...to, ...target.place, user: target.user }).text);
}
