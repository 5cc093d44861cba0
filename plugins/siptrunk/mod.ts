/**
 * plugin_siptrunk: delivers calls to a block of numbers to the one account that is registered for it.
 * It leaves the dialled number in the Request-URI, so that the PBX sees it. The plugin host calls it.
 *
 * @module
 */
import {
  compilePattern,
  CONTINUE,
  definePlugin,
  type Pattern,
  type Plugin,
  type RequestEvent,
  sipUriOf,
} from "../../src/plugin/api.ts";
import { compareUris, parseUri, type SipUri } from "../../src/sip/uri.ts";

interface Trunk {
  readonly name: string;
  readonly account: SipUri;
  readonly numbers: Pattern;
}

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "siptrunk",
  apiVersion: 1,
  description: "Delivers calls to number blocks to their SIP trunk account",
  options: {
    name: { kind: "list", help: "Name of the trunk, for the log.", example: "office" },
    account: {
      kind: "list",
      help: "Account that the PBX registers, a SIP URI.",
      example: "sip:trunk@sip.example.org",
      validate: (value) => sipUriOf(value) === undefined ? "no SIP URI" : undefined,
    },
    numbers_regex: {
      kind: "list",
      help: "POSIX extended regular expression that the dialled numbers match.",
      example: "^4930123[0-9]+$",
      validate: (value) => {
        const pattern = compilePattern(value);
        return pattern.ok ? undefined : pattern.error;
      },
    },
  },
  together: [["name", "account", "numbers_regex"]],
  examine: ({ name }) =>
    name.length > 0 ? [] : [{
      option: "name",
      severity: "warning",
      message: "Cannot deliver anything: no plugin_siptrunk_name is set",
    }],
  setup(config, host) {
    const trunks = config.name.flatMap((name, index) => {
      const account = sipUriOf(config.account[index] ?? "");
      const numbers = compilePattern(config.numbers_regex[index] ?? "");
      return account === undefined || !numbers.ok
        ? []
        : [{ name, account, numbers: numbers.value }];
    });
    return {
      preProxy(request) {
        if (request.direction !== undefined) return CONTINUE;
        const trunk = trunks.find((candidate) => matches(candidate, request));
        if (trunk === undefined) return CONTINUE;
        const pbx = host.registrations().find(({ addressOfRecordUri }) => {
          const uri = parseUri(addressOfRecordUri);
          return uri.ok && compareUris(uri.value, trunk.account);
        });
        if (pbx === undefined) {
          const text = `trunk ${trunk.name}: account ${trunk.account.text} is not registered`;
          host.log({ level: "warning", event: "trunk.absent", text });
          return CONTINUE;
        }
        const phone = { bindingId: pbx.bindingId, requestUri: "keep" } as const;
        return { kind: "continue", direction: "incoming", phone };
      },
    };
  },
});

function matches(trunk: Trunk, request: RequestEvent): boolean {
  const { requestUri, to } = request.checked;
  return [requestUri, to.uri].some((uri) =>
    uri.kind === "sip" && uri.user !== undefined && trunk.numbers.exec(uri.user) !== undefined
  );
}
