/**
 * plugin_defaulttarget: a catch-all for calls to nobody who is registered here.
 * It redirects the caller and routes nothing itself. The plugin host calls it.
 *
 * @module
 */
import {
  CONTINUE,
  definePlugin,
  drop,
  type Plugin,
  redirectTo,
  type RequestEvent,
} from "../../src/plugin/api.ts";
import { parseNameAddr } from "../../src/sip/name_addr.ts";
import type { SipUri } from "../../src/sip/uri.ts";

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "defaulttarget",
  apiVersion: 1,
  description: "Redirects calls to unknown callees to a default target",
  options: {
    target: {
      kind: "string",
      required: true,
      help: "Full SIP URI that callers of nobody are sent to.",
      example: "sip:operator@example.org:5060",
      validate: (value) => readTarget(value) === undefined ? "no SIP URI with a host" : undefined,
    },
    log: { kind: "boolean", default: false, help: "1: log each redirection.", example: "1" },
  },
  setup(config, host) {
    const target = readTarget(config.target);
    if (target === undefined) return {};
    return {
      proxyUnknown(request) {
        const { method } = request.message;
        // The ACK to our 302, from a caller who does not repeat our tag.
        if (method === "ACK") return drop("no-target");
        if (method !== "INVITE" || request.checked.toTag !== undefined) return CONTINUE;
        if (config.log) {
          host.log({ level: "info", event: "redirect", text: describe(request, target) });
        }
        return redirectTo(target.text);
      },
    };
  },
});

/** A Contact value, with or without brackets and display name. */
function readTarget(value: string): SipUri | undefined {
  const nameAddr = parseNameAddr(value);
  return nameAddr.ok && nameAddr.value.uri.kind === "sip" ? nameAddr.value.uri : undefined;
}

function describe(request: RequestEvent, target: SipUri): string {
  const { from, to } = request.checked;
  return `Unknown Target [rcvd IP=${request.source.address}], From: ${from.uri.text}, ` +
    `redirecting To: ${to.uri.text} -> ${target.text}`;
}
