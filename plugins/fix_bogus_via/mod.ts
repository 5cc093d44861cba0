/**
 * plugin_fix_bogus_via: puts the real address into the Via of callers that write a private one.
 * It touches incoming requests only. The plugin host calls it.
 *
 * @module
 */
import { CONTINUE, definePlugin, type Plugin, type RequestEvent } from "../../src/plugin/api.ts";
import { hostText, type IpAddress } from "../../src/base/ip_address.ts";
import { replaceListElements } from "../../src/sip/headers.ts";
import type { SipRequest } from "../../src/sip/message.ts";
import { formatVia } from "../../src/sip/via.ts";

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "fix_bogus_via",
  apiVersion: 1,
  description: "Fixes bogus (private) Via headers of incoming requests",
  options: {
    networks: {
      kind: "networks",
      help: "Via addresses that cannot be right when they come from outside.",
      example: "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
    },
  },
  examine: ({ networks }) =>
    networks.length > 0 ? [] : [{
      option: "networks",
      severity: "warning",
      message: "Cannot fix anything: no plugin_fix_bogus_via_networks is set",
    }],
  setup: ({ networks }, host) => ({
    preProxy(request) {
      if (request.direction !== "incoming") return CONTINUE;
      const [address] = host.lookUp(request.checked.topmostVia.host);
      if (address === undefined || !host.isIn(networks, address)) return CONTINUE;
      if (isRight(request, address)) return CONTINUE;
      return { kind: "continue", message: withSource(request) };
    },
  }),
});

function isRight(request: RequestEvent, address: IpAddress): boolean {
  return address === request.source.address;
}

function withSource(request: RequestEvent): SipRequest {
  const { source, checked, message } = request;
  const via = formatVia({
    ...checked.topmostVia,
    host: hostText(source.address),
    port: source.port,
  });
  return replaceListElements(message, "via", (element, index) => index === 0 ? via : element);
}
