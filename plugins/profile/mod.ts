/**
 * plugin_profile: what providers and phones of a maker need, by one line of the configuration.
 * It registers nothing and knows no password. The plugin host calls it.
 *
 * @module
 */
import { CONTINUE, definePlugin, type Plugin } from "../../src/plugin/api.ts";
import { PhoneQuirks } from "./phone_quirks.ts";
import { PROFILES } from "./profiles.ts";
import { ProviderQuirks } from "./provider_quirks.ts";

const NAMES: readonly string[] = PROFILES.map(({ name }) => name);

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "profile",
  apiVersion: 1,
  description: "Profiles of providers and phones",
  options: {
    name: {
      kind: "list",
      required: true,
      help: `Profile of a provider or of phones: ${NAMES.join(", ")}.`,
      example: "telekom",
      validate: (value) =>
        NAMES.includes(value.toLowerCase()) ? undefined : `${NAMES.join(" or ")} is expected`,
    },
  },
  examine: ({ name }) =>
    name.flatMap((value, index) =>
      name.findIndex((other) => other.toLowerCase() === value.toLowerCase()) === index ? [] : [{
        option: "name",
        index,
        severity: "warning",
        message: `Cannot use profile "${value}" twice: this line has no effect`,
      }]
    ),
  setup({ name }, host) {
    const wanted = new Set(name.map((value) => value.toLowerCase()));
    const chosen = PROFILES.filter((profile) => wanted.has(profile.name));
    const providers = chosen.flatMap((profile) =>
      profile.kind === "provider" ? [new ProviderQuirks(profile, host)] : []
    );
    const phones = chosen.flatMap((profile) =>
      profile.kind === "phone" ? [new PhoneQuirks(profile, host)] : []
    );
    return {
      determineTarget(request) {
        if (request.side !== "lan") return CONTINUE;
        for (const provider of providers) {
          const message = provider.writeNumber(request);
          if (message !== request.message) return { kind: "continue", message };
        }
        return CONTINUE;
      },
      preProxy(request) {
        let { message } = request;
        for (const phone of phones) message = phone.edit(message, request);
        const steered = request.direction === "outgoing"
          ? providers.map((provider) => provider.steer(request)).find(({ nextHop }) =>
            nextHop !== undefined
          )
          : undefined;
        if (message === request.message && steered === undefined) return CONTINUE;
        return { kind: "continue", message, ...steered };
      },
      postProxy(request) {
        for (const provider of providers) {
          const message = provider.shorten(request);
          if (message !== request.message) return { kind: "continue", message };
        }
        return CONTINUE;
      },
      preProxyResponse(response) {
        let { message } = response;
        for (const phone of phones) message = phone.edit(message, response);
        for (const provider of providers) {
          message = provider.restoreVia({ ...response, message });
        }
        return message === response.message ? CONTINUE : { kind: "continue", message };
      },
      onTimer() {
        for (const provider of providers) provider.keepAlive();
      },
    };
  },
});
