/**
 * plugin_demo: the skeleton to begin a plugin of your own with.
 * It changes nothing; it says in the log when it is called. The plugin host calls it.
 *
 * @module
 */
import { CONTINUE, definePlugin, type Plugin } from "../../src/plugin/api.ts";

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "demo",
  apiVersion: 1,
  description: "This is just a demo plugin without any purpose",
  options: {
    string: {
      kind: "string",
      help: "A text that the plugin says in the log when it is loaded.",
      example: "This_is_a_string_passed_to_the_demo_plugin",
    },
  },
  setup(config, host) {
    const say = (event: string, text: string) => host.log({ level: "info", event, text });
    say("start", `plugin_demo is initialized (sent string: "${config.string ?? ""}")`);
    // The numbers are those of siproxd's stage bits.
    const isCalled = (stage: number) => say("stage", `plugin_demo: processing - stage ${stage}`);
    return {
      determineTarget() {
        isCalled(0x20);
        return CONTINUE;
      },
      determineTargetResponse() {
        isCalled(0x20);
        return CONTINUE;
      },
      preProxy() {
        isCalled(0x40);
        return CONTINUE;
      },
      preProxyResponse() {
        isCalled(0x40);
        return CONTINUE;
      },
      dispose: () => say("end", "plugin_demo ends here"),
    };
  },
});
