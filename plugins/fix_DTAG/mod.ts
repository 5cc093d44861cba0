/**
 * plugin_fix_DTAG: restores our own Via in the answers of a provider that rewrites it.
 * It touches incoming responses only, and only the address in the Via, never its branch. The plugin host calls it.
 *
 * @module
 */
import { CONTINUE, definePlugin, type Plugin } from "../../src/plugin/api.ts";
import { hostText } from "../../src/base/ip_address.ts";
import { replaceListElements } from "../../src/sip/headers.ts";
import { formatVia } from "../../src/sip/via.ts";

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "fix_DTAG",
  apiVersion: 1,
  description: "Restores Via headers that the provider has broken",
  options: {
    networks: {
      kind: "networks",
      help: "Addresses of the provider, both as sender and in the Via.",
      example: "217.0.0.0/13",
    },
  },
  examine: ({ networks }) =>
    networks.length > 0 ? [] : [{
      option: "networks",
      severity: "warning",
      message: "Cannot fix anything: no plugin_fix_DTAG_networks is set",
    }],
  setup: ({ networks }, host) => ({
    preProxyResponse({ message, checked, source, direction }) {
      if (direction !== "incoming" || !host.isIn(networks, source.address)) return CONTINUE;
      const { advertised, listenPort } = host.addresses(source.address);
      if (advertised === undefined) return CONTINUE;
      const [address] = host.lookUp(checked.topmostVia.host);
      if (address === undefined || !host.isIn(networks, address)) return CONTINUE;
      const via = formatVia({
        ...checked.topmostVia,
        host: hostText(advertised),
        port: listenPort,
      });
      const fixed = replaceListElements(
        message,
        "via",
        (element, index) => index === 0 ? via : element,
      );
      return { kind: "continue", message: fixed };
    },
  }),
});
