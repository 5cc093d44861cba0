/**
 * plugin_prefix: puts a prefix before every number that is dialled.
 * It answers the caller with a redirection; calls that are up are left alone. The plugin host calls it.
 *
 * @module
 */
import {
  beginsOutgoingCall,
  CONTINUE,
  definePlugin,
  markRedirected,
  type Plugin,
  redirectTo,
  wasRedirectedBy,
} from "../../src/plugin/api.ts";
import { escapeUriUser, makeSipUri } from "../../src/sip/uri.ts";

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "prefix",
  apiVersion: 1,
  description: "Adds a prefix to outgoing dial strings",
  options: {
    akey: {
      kind: "string",
      required: true,
      help: "Text that is put before the dialled number.",
      example: "0",
      validate: (value) => value.length > 32 ? "at most 32 characters are expected" : undefined,
    },
  },
  setup: ({ akey }, host) => ({
    determineTarget(request) {
      const dialled = request.checked.requestUri;
      const to = request.checked.to.uri;
      if (!beginsOutgoingCall(request) || wasRedirectedBy(request, "prefix")) return CONTINUE;
      if (dialled.kind !== "sip" || dialled.user === undefined || to.kind !== "sip") {
        return CONTINUE;
      }
      const user = `${escapeUriUser(akey)}${dialled.user}`;
      const target = markRedirected(makeSipUri({ ...to, user }), "prefix");
      const text = `redirecting ${dialled.user} -> ${user}`;
      host.log({ level: "info", event: "redirect", text });
      return redirectTo(target.text);
    },
  }),
});
