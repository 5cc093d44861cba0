/**
 * plugin_logcall: one line in the log for each INVITE, ACK, BYE and CANCEL.
 * It changes nothing and keeps no list of calls. The plugin host calls it.
 *
 * @module
 */
import { CONTINUE, definePlugin, type Plugin, type RequestEvent } from "../../src/plugin/api.ts";
import { hostText } from "../../src/base/ip_address.ts";
import type { AnyUri } from "../../src/sip/uri.ts";

/** What siproxd writes where something is missing. */
const MISSING = "*NULL*";

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "logcall",
  apiVersion: 1,
  description: "Logs call requests",
  options: {},
  setup: (_config, host) => ({
    preProxy(request) {
      const kind = callKind(request);
      if (kind !== undefined) {
        host.log({ level: "info", event: "call", text: `${kind} Call: ${describe(request)}` });
      }
      return CONTINUE;
    },
  }),
});

function callKind(request: RequestEvent): string | undefined {
  switch (request.message.method) {
    case "INVITE":
      return request.direction === "incoming" ? "Incoming (INVITE)" : "Outgoing (INVITE)";
    case "ACK":
      return "Acknowledging (ACK)";
    case "BYE":
      return "Ending (BYE)";
    case "CANCEL":
      return "Ending (CANCEL)";
    default:
      return undefined;
  }
}

function describe(request: RequestEvent): string {
  const { from, to, requestUri, callId } = request.checked;
  const { address, port } = request.source;
  const at = callId.indexOf("@");
  const number = at < 0 ? callId : callId.slice(0, at);
  const host = at < 0 ? MISSING : callId.slice(at + 1);
  return `${party(from.uri)} -> ${party(to.uri)} [Req: ${party(requestUri)}] ` +
    `[IP: ${hostText(address)}:${port}] [CID: ${number}@${host}]`;
}

function party(uri: AnyUri): string {
  if (uri.kind !== "sip") return `${uri.opaque}@${MISSING}`;
  return `${uri.user ?? MISSING}@${uri.host}`;
}
