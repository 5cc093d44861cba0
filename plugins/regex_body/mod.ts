/**
 * plugin_regex_body: rewrites message bodies by rules.
 * It knows nothing of SDP: each rule is applied to the whole body as text. The plugin host calls it.
 *
 * @module
 */
import {
  CONTINUE,
  definePlugin,
  examineRules,
  type NamedRule,
  type Plugin,
  type PluginHost,
  readRules,
  replaceFirstOrAll,
  RULE_LINES,
  ruleOptions,
} from "../../src/plugin/api.ts";
import { withBody } from "../../src/sip/headers.ts";
import type { SipMessage } from "../../src/sip/message.ts";

/** Longest body that is looked at: matching costs body × steps of the pattern, and offers are a tenth of this. */
const MAX_BODY_LENGTH_CHARS = 8192;

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "regex_body",
  apiVersion: 1,
  description: "Rewrites message bodies by regular expressions",
  options: ruleOptions({
    subject: "the body",
    examples: { desc: "no rport", pattern: "a=ptime:10", replace: "a=ptime:20" },
  }),
  together: RULE_LINES,
  examine: (config) => examineRules(config, "plugin_regex_body_pattern"),
  setup(config, host) {
    const rules = readRules(config);
    const edit = <Message extends SipMessage>(message: Message): Message => {
      const body = rewrite(message.body, { rules, host });
      return body === message.body ? message : withBody(message, body);
    };
    return {
      determineTarget: ({ message }) =>
        message.body === "" ? CONTINUE : { kind: "continue", message: edit(message) },
      determineTargetResponse: ({ message }) =>
        message.body === "" ? CONTINUE : { kind: "continue", message: edit(message) },
    };
  },
});

/** All rules in order, each on what the ones before left; a rule that fails leaves the body as it came. */
function rewrite(
  original: string,
  job: { readonly rules: readonly NamedRule[]; readonly host: PluginHost },
): string {
  if (original.length > MAX_BODY_LENGTH_CHARS) return original;
  let body = original;
  for (const rule of job.rules) {
    const replaced = replaceFirstOrAll(body, rule);
    if (replaced === undefined) continue;
    if (!replaced.ok || replaced.value.length > MAX_BODY_LENGTH_CHARS) {
      const reason = replaced.ok ? "the body grows too long" : replaced.error;
      job.host.log({ level: "error", event: "rule", text: `rule ${rule.desc}: ${reason}` });
      return original;
    }
    body = replaced.value;
  }
  return body;
}
