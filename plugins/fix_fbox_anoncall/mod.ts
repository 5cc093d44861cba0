/**
 * plugin_fix_fbox_anoncall: gives calls of a FRITZ!Box that hides its number the Contact it is registered with.
 * It changes the user part of the Contact alone. The plugin host calls it.
 *
 * @module
 */
import {
  CONTINUE,
  definePlugin,
  type Plugin,
  type PluginHost,
  type RequestEvent,
  type ResponseEvent,
} from "../../src/plugin/api.ts";
import { listValues, replaceListElements } from "../../src/sip/headers.ts";
import { formatNameAddr, parseNameAddr } from "../../src/sip/name_addr.ts";
import { makeSipUri, parseUri, type SipUri, uriParameter } from "../../src/sip/uri.ts";

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "fix_fbox_anoncall",
  apiVersion: 1,
  description: "Fixes Contact headers of anonymous calls from a FRITZ!Box",
  options: {
    networks: {
      kind: "networks",
      help: "Addresses of the FRITZ!Boxes.",
      example: "192.168.178.1/32",
    },
  },
  examine: ({ networks }) =>
    networks.length > 0 ? [] : [{
      option: "networks",
      severity: "warning",
      message: "Cannot fix anything: no plugin_fix_fbox_anoncall_networks is set",
    }],
  setup({ networks }, host) {
    const userFor = (event: RequestEvent | ResponseEvent): string | undefined => {
      if (event.direction !== "outgoing" || !host.isIn(networks, event.source.address)) {
        return undefined;
      }
      const contact = contactOf(event);
      return contact === undefined ? undefined : registeredUser(contact, { event, host });
    };
    return {
      preProxy(request) {
        const user = userFor(request);
        return user === undefined
          ? CONTINUE
          : { kind: "continue", message: withContactUser(request.message, user) };
      },
      preProxyResponse(response) {
        const user = userFor(response);
        return user === undefined
          ? CONTINUE
          : { kind: "continue", message: withContactUser(response.message, user) };
      },
    };
  },
});

function contactOf(event: RequestEvent | ResponseEvent): SipUri | undefined {
  const nameAddr = parseNameAddr(listValues(event.message, "contact")[0] ?? "");
  return nameAddr.ok && nameAddr.value.uri.kind === "sip" ? nameAddr.value.uri : undefined;
}

/** The box marks all its Contacts of one account with the same `uniq`; the called number tells the account else. */
function registeredUser(
  contact: SipUri,
  from: { readonly event: RequestEvent | ResponseEvent; readonly host: PluginHost },
): string | undefined {
  const { event, host } = from;
  const to = event.checked.to.uri;
  const toUser = to.kind === "sip" ? to.user : undefined;
  const byUniq: string[] = [];
  const uniq = uriParameter(contact, "uniq");
  for (const { contactUri } of host.registrations()) {
    const own = parseUri(contactUri);
    if (!own.ok || own.value.kind !== "sip" || own.value.host !== contact.host) continue;
    const { user } = own.value;
    if (user === undefined) continue;
    if (user.toLowerCase() === contact.user?.toLowerCase()) return undefined;
    if (uniq !== undefined && uriParameter(own.value, "uniq") === uniq) byUniq.push(user);
    else if (user === toUser) return byUniq.length === 1 ? byUniq[0] : user;
  }
  if (byUniq.length === 1) return byUniq[0];
  host.log({
    level: "debug",
    event: "no-match",
    text: `no registration for Contact ${contact.text}`,
  });
  return undefined;
}

function withContactUser<Message extends RequestEvent["message"] | ResponseEvent["message"]>(
  message: Message,
  user: string,
): Message {
  return replaceListElements(message, "contact", (element, index) => {
    const nameAddr = parseNameAddr(element);
    if (index > 0 || !nameAddr.ok || nameAddr.value.uri.kind !== "sip") return element;
    return formatNameAddr({ ...nameAddr.value, uri: makeSipUri({ ...nameAddr.value.uri, user }) });
  });
}
