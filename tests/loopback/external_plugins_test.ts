import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { configOf, startLoopbackDaemon } from "../support/loopback_daemon.ts";
import { SipPeer } from "../support/sip_peer.ts";

/** A plugin folder with one file. */
function folderWith(name: string, source: string): string {
  const folder = Deno.makeTempDirSync({ prefix: "plugins_" });
  Deno.writeTextFileSync(`${folder}/${name}.js`, source, { mode: 0o644 });
  return folder;
}

function pluginSource(
  parts: { readonly setup: string; readonly head?: string; readonly version?: number },
): string {
  return `${parts.head ?? ""}
export const plugin = {
  name: "probe",
  apiVersion: ${parts.version ?? 1},
  description: "Probes the daemon",
  options: { word: { kind: "string", default: "none", help: "A word.", example: "hello" } },
  setup(config, host) { ${parts.setup} },
};
`;
}

interface Outcome {
  /** Lines about plugins. */
  readonly said: readonly string[];
  /** First line of the answer to an OPTIONS. */
  readonly answer: string | undefined;
}

async function run(source: string, extra: readonly string[] = []): Promise<Outcome> {
  const folder = folderWith("probe", source);
  const lines = [`plugindir = ${folder}`, "load_plugin = probe", ...extra];
  const daemon = await startLoopbackDaemon({ lines, modules: { pingIntervalMs: 60 } });
  const phone = new SipPeer("127.11.0.2");
  const answer = await phone.optionsAnswered(daemon.lan, 5000);
  await daemon.supervisor.stop();
  phone.close();
  Deno.removeSync(folder, { recursive: true });
  const said = daemon.logs.filter(({ component }) => component.startsWith("plugin"))
    .map(({ text, event }) => text ?? event);
  return { said, answer };
}

Deno.test("an external plugin is loaded, reads its option and sees messages", async () => {
  const setup = `
    host.log({ level: "info", event: "word", text: "word is " + config.word });
    return { validate(request) {
      host.log({ level: "info", event: "seen", text: "seen " + request.message.method });
      return { kind: "continue" };
    } };`;
  const { said, answer } = await run(pluginSource({ setup }), ["plugin_probe_word = hello"]);
  match(answer ?? "", /^SIP\/2\.0 200 /);
  // A slow daemon is asked more than once.
  deepStrictEqual([...new Set(said)], [
    "word is hello",
    "Plugin 'probe' [Probes the daemon] loaded with success",
    "seen OPTIONS",
  ]);
});

const contained: readonly (readonly [string, string, string])[] = [
  [
    "a syntax error",
    "export const plugin = {",
    "TypeError: The module's source code could not be parsed",
  ],
  ["no plugin export", "export const other = 1;", 'the module has no export named "plugin"'],
  [
    "another API version",
    pluginSource({ setup: "return {};", version: 99 }),
    "it is written for API version 99",
  ],
  [
    "a throwing setup",
    pluginSource({ setup: 'throw new Error("oh no");' }),
    "setup failed: Error: oh no",
  ],
  ["a throwing module", `throw new Error("at once");`, "Error: at once"],
  [
    "a read of a file",
    pluginSource({ setup: 'Deno.readTextFileSync("/etc/passwd"); return {};' }),
    "setup failed: NotCapable: ",
  ],
  [
    "a read of the environment",
    pluginSource({ setup: 'Deno.env.get("HOME"); return {};' }),
    "setup failed: NotCapable: ",
  ],
  [
    "a subprocess",
    pluginSource({ setup: 'new Deno.Command("/bin/true").spawn(); return {};' }),
    "setup failed: NotCapable: ",
  ],
  [
    "an import of a file",
    pluginSource({ head: 'import "file:///etc/hostname.js";', setup: "return {};" }),
    "",
  ],
];

for (const [what, source, reason] of contained) {
  Deno.test(`an external plugin with ${what} is left out and the daemon serves`, async () => {
    const { said, answer } = await run(source);
    match(answer ?? "", /^SIP\/2\.0 200 /);
    strictEqual(said.length, 1, said.join("\n"));
    ok(said[0]?.startsWith(`Plugin 'probe' loaded with failure: ${reason}`), said[0]);
  });
}

Deno.test("an external plugin whose setup never ends is left out of the next isolate", async () => {
  const { said, answer } = await run(pluginSource({ setup: "for (;;) ;" }));
  match(answer ?? "", /^SIP\/2\.0 200 /);
  deepStrictEqual(said, [
    "Plugin 'probe' loaded with failure: the isolate did not survive its setup",
  ]);
});

Deno.test("a reload whose plugin never ends its setup costs the isolate, and is obeyed by the next one", async () => {
  const folder = folderWith("probe", pluginSource({ setup: "for (;;) ;" }));
  const daemon = await startLoopbackDaemon({ modules: { pingIntervalMs: 60 } });
  const lines = [...daemon.lines, `plugindir = ${folder}`, "load_plugin = probe"];
  const reloaded = await daemon.supervisor.reload(configOf(lines));
  const phone = new SipPeer("127.11.0.2");
  const answer = await phone.optionsAnswered(daemon.lan, 10_000);
  await daemon.supervisor.stop();
  phone.close();
  Deno.removeSync(folder, { recursive: true });
  strictEqual(reloaded.ok, true);
  match(answer ?? "", /^SIP\/2\.0 200 /);
  const said = daemon.logs.filter(({ component }) => component === "plugins");
  deepStrictEqual(said.map(({ text }) => text), [
    "Plugin 'probe' loaded with failure: the isolate did not survive its setup",
  ]);
});

Deno.test("an external plugin that fetches a file is refused at the fetch, and the daemon serves (R29, R30)", async () => {
  const setup = `fetch("file:///etc/passwd").then(
      () => host.log({ level: "error", event: "open", text: "the file was open" }),
      () => {});
    return {};`;
  const { said, answer } = await run(pluginSource({ setup }));
  match(answer ?? "", /^SIP\/2\.0 200 /);
  deepStrictEqual(said, ["Plugin 'probe' [Probes the daemon] loaded with success"]);
});

Deno.test("plugin_strict = 1 refuses the start for a plugin that cannot be loaded", async () => {
  const lines = ["plugindir = /nonexistent/", "load_plugin = nobody", "plugin_strict = 1"];
  const reason = await startLoopbackDaemon({ lines }).then(
    () => "started",
    (error: unknown) => error instanceof Error ? error.message : String(error),
  );
  match(
    reason,
    /^Plugin 'nobody' loaded with failure: Cannot load plugin "nobody": it is neither built in nor/,
  );
});

Deno.test("blacklist keeps its rows over a restart", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "blacklist_" });
  const lines = [
    "load_plugin = blacklist",
    `plugin_blacklist_dbpath = ${folder}/list.sqlite`,
  ];
  for (const _ of [1, 2]) {
    const daemon = await startLoopbackDaemon({ lines });
    await daemon.supervisor.stop();
    const said = daemon.logs.filter(({ component }) => component === "plugins");
    deepStrictEqual(said.map(({ text }) => text), [
      "Plugin 'blacklist' [Blocks UACs that fail to register repeatedly] loaded with success",
    ]);
  }
  ok(Deno.statSync(`${folder}/list.sqlite`).size > 0);
  Deno.removeSync(folder, { recursive: true });
});
