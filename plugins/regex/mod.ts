/**
 * plugin_regex: rewrites dialled numbers by rules.
 * It answers the caller with a redirection to the new number; calls that are up are left alone. The plugin host calls it.
 *
 * @module
 */
import {
  beginsOutgoingCall,
  CONTINUE,
  definePlugin,
  examineRules,
  markRedirected,
  type Plugin,
  readRules,
  redirectTo,
  replaceFirstOrAll,
  RULE_LINES,
  ruleOptions,
  sipUriOf,
  wasRedirectedBy,
} from "../../src/plugin/api.ts";

/** Longest URI that is made: siproxd's buffer. */
const MAX_URI_LENGTH_CHARS = 2048;

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "regex",
  apiVersion: 1,
  description: "Rewrites the targets of outgoing calls by regular expressions",
  options: ruleOptions({
    subject: "the To URI",
    examples: { desc: "00 to +", pattern: "^(sips?:)00", replace: "\\1+" },
  }),
  together: RULE_LINES,
  examine: (config) => examineRules(config, "plugin_regex_pattern"),
  setup(config, host) {
    const rules = readRules(config);
    const say = (level: "error" | "info", text: string) => host.log({ level, event: "rule", text });
    return {
      determineTarget(request) {
        if (!beginsOutgoingCall(request) || wasRedirectedBy(request, "regex")) return CONTINUE;
        const { text } = request.checked.to.uri;
        for (const rule of rules) {
          const replaced = replaceFirstOrAll(text, rule);
          if (replaced === undefined) continue;
          say("info", `Matched rexec rule: ${rule.desc}`);
          const uri = replaced.ok ? sipUriOf(replaced.value) : undefined;
          if (uri === undefined || uri.text.length > MAX_URI_LENGTH_CHARS) {
            say("error", replaced.ok ? `no URI after rule ${rule.desc}` : replaced.error);
            return CONTINUE;
          }
          say("info", `redirecting ${text} -> ${uri.text}`);
          return redirectTo(markRedirected(uri, "regex").text);
        }
        return CONTINUE;
      },
    };
  },
});
