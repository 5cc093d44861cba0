/** Plugins of the plugin folder in the compiled daemon: the tutorial's, and one that tries everything. */

import assert from "node:assert/strict";
import { connect, hangUp } from "../support/conversation.ts";
import { ADDRESSES } from "../support/namespace.ts";
import { type PluginStage, withPlugins } from "../support/plugin_stage.ts";
import { makeDirectory } from "../support/work_directory.ts";

/** A case without its time limit. */
interface PluginCase {
  readonly name: string;
  readonly run: (stage: PluginStage) => Promise<void>;
}

const WAN: string = ADDRESSES.wan;

/** The module and the configuration as the tutorial prints them. */
async function tutorial(): Promise<
  { readonly source: string; readonly options: readonly string[] }
> {
  const text = await Deno.readTextFile(new URL("../../../plugins/README.md", import.meta.url));
  const source =
    text.split(/```js[^\n]*\n/).find((part) => part.startsWith("export const plugin")) ?? "";
  const conf = text.split("```conf\n")[1]?.split("```")[0] ?? "";
  const options = conf.split("\n").flatMap((line) => {
    const [key, value] = line.split(" = ");
    return key === "plugin_costly_prefix" && value !== undefined ? [value] : [];
  });
  return { source: source.split("```")[0] ?? "", options };
}

async function writePlugin(name: string, source: string): Promise<string> {
  const folder = await makeDirectory(`plugindir-${name}`);
  await Deno.chmod(folder, 0o755);
  await Deno.writeTextFile(`${folder}/${name}.js`, source, { mode: 0o644 });
  return folder;
}

async function asTheTutorialSays(stage: PluginStage): Promise<void> {
  const { source, options } = await tutorial();
  const directives = {
    plugindir: await writePlugin("costly", source),
    load_plugin: "costly",
    plugin_costly_prefix: options,
  };
  await withPlugins(stage, {
    name: "costly",
    directives,
    run: async (proxy) => {
      await proxy.process.waitForLog(
        /Plugin 'costly' \[Refuses calls to costly numbers\] loaded with success/,
        5000,
      );
      const { alice, carol } = stage;
      await alice.dial(`sip:0900123@${WAN}`);
      assert.match(await alice.waitFor("CALL_CLOSED"), /^403 /);
      await proxy.process.waitForLog(/refused a call to 0900123/, 5000);
      await connect({ caller: alice, callee: carol });
      await hangUp({ caller: alice, callee: carol, hangsUp: "caller" });
    },
  });
}

const EVIL = `
const tries = {
  file: () => Deno.readTextFileSync("/etc/passwd"),
  write: () => Deno.writeTextFileSync("/tmp/evil", "x"),
  environment: () => Deno.env.get("HOME"),
  program: () => new Deno.Command("/bin/true").outputSync(),
  library: () => Deno.dlopen("libc.so.6", {}),
};
function attempt(name) {
  try {
    tries[name]();
    return name + " done";
  } catch (error) {
    return name + " " + error.name;
  }
}
const fail = () => { throw new Error("evil to the end"); };
export const plugin = {
  name: "evil",
  apiVersion: 1,
  description: "Tries everything",
  options: {},
  setup(config, host) {
    for (const name of Object.keys(tries)) {
      host.log({ level: "info", event: "try", text: attempt(name) });
    }
    fetch("file:///etc/passwd").then(
      () => host.log({ level: "info", event: "try", text: "fetch done" }), () => {});
    import("file:///etc/passwd").then(
      () => host.log({ level: "info", event: "try", text: "import done" }), () => {});
    return {
      onTimer: fail, onStatistics: fail, processRaw: fail, validate: fail, validateResponse: fail,
      determineTarget: fail, determineTargetResponse: fail, preProxy: fail, preProxyResponse: fail,
      proxyUnknown: fail, postProxy: fail, postProxyResponse: fail, dispose: fail,
    };
  },
};
`;

async function triesEverything(stage: PluginStage): Promise<void> {
  const directives = { plugindir: await writePlugin("evil", EVIL), load_plugin: "evil" };
  await withPlugins(stage, {
    name: "evil",
    directives,
    run: async (proxy) => {
      const { alice, carol } = stage;
      await connect({ caller: alice, callee: carol });
      await hangUp({ caller: alice, callee: carol, hangsUp: "callee" });
      proxy.process.signal("SIGUSR1");
      await proxy.process.waitForLog(/Plugin 'evil' is switched off after 10 failures/, 10_000);
      const log = await proxy.log();
      for (const name of ["file", "write", "environment", "program", "library"]) {
        assert.match(log, new RegExp(`${name} NotCapable`));
      }
      assert.doesNotMatch(log, /\b(file|write|environment|program|library|fetch|import) done/);
      assert.match(log, /Plugin 'evil' failed in \w+: Error: evil to the end; the message goes on/);
      await connect({ caller: carol, callee: alice });
      await hangUp({ caller: carol, callee: alice, hangsUp: "caller" });
    },
  });
}

const LOOP = `
export const plugin = {
  name: "loop", apiVersion: 1, description: "Hangs when it is asked", options: {},
  setup: () => ({ onStatistics() { for (;;) ; } }),
};
`;

/** Longest time until a hanging isolate is replaced: five questions without an answer, with room for a busy machine. */
const REPLACE_TIMEOUT_MS = 20_000;

async function loopsDuringACall(stage: PluginStage): Promise<void> {
  const directives = { plugindir: await writePlugin("loop", LOOP), load_plugin: "loop" };
  await withPlugins(stage, {
    name: "loop",
    directives,
    run: async (proxy) => {
      const { alice, carol } = stage;
      await connect({ caller: alice, callee: carol });
      proxy.process.signal("SIGUSR1");
      await proxy.process.waitForLog(/The signalling isolate hangs/, REPLACE_TIMEOUT_MS);
      await proxy.process.waitForLog(
        /hangs[^]*Plugin 'loop'[^\n]*the isolate did not survive one of its hooks/,
        REPLACE_TIMEOUT_MS,
      );
      // The call that was up all the while ends as any other.
      await hangUp({ caller: alice, callee: carol, hangsUp: "callee" });
      await connect({ caller: alice, callee: carol });
      await hangUp({ caller: alice, callee: carol, hangsUp: "caller" });
    },
  });
}

function broken(
  name: string,
  plan: { readonly source: string; readonly said: RegExp },
): PluginCase {
  return {
    name: `an external plugin with ${name} is left out, and calls go on`,
    run: async (stage) => {
      const directives = {
        plugindir: await writePlugin("broken", plan.source),
        load_plugin: "broken",
      };
      await withPlugins(stage, {
        name: "broken",
        directives,
        run: async (proxy) => {
          await proxy.process.waitForLog(plan.said, 20_000);
          const { alice, carol } = stage;
          await connect({ caller: alice, callee: carol });
          await hangUp({ caller: alice, callee: carol, hangsUp: "caller" });
        },
      });
    },
  };
}

const HEAD =
  'export const plugin = { name: "broken", apiVersion: 1, description: "x", options: {},';

/** External plugins. */
export const EXTERNAL_PLUGIN_CASES: readonly PluginCase[] = [
  { name: "an external plugin as the tutorial says refuses costly calls", run: asTheTutorialSays },
  { name: "an external plugin that tries everything is contained", run: triesEverything },
  { name: "an endless loop in a hook leaves the call in progress alone", run: loopsDuringACall },
  broken("an endless setup", {
    source: `${HEAD} setup() { for (;;) ; } };`,
    said: /Plugin 'broken' loaded with failure: the isolate did not survive its setup/,
  }),
  broken("a throwing setup", {
    source: `${HEAD} setup() { throw new Error("oh no"); } };`,
    said: /Plugin 'broken' loaded with failure: setup failed: Error: oh no/,
  }),
  broken("a syntax error", {
    source: "export const plugin = {",
    said: /Plugin 'broken' loaded with failure: SyntaxError: .*broken\.js/,
  }),
];
