import { match, ok, strictEqual } from "node:assert/strict";
import { configOf, startLoopbackDaemon } from "../support/loopback_daemon.ts";
import { SipPeer } from "../support/sip_peer.ts";

const readme = Deno.readTextFileSync(new URL("../../plugins/README.md", import.meta.url));

/** The code blocks of the tutorial, by language. */
function blocks(language: string): readonly string[] {
  return readme.split(`\`\`\`${language}\n`).slice(1).map((rest) => rest.split("```")[0] ?? "");
}

function tutorialFolder(): string {
  const folder = Deno.makeTempDirSync({ prefix: "tutorial_" });
  const [plugin = "", test = ""] = blocks("js ignore");
  Deno.writeTextFileSync(`${folder}/costly.js`, plugin, { mode: 0o644 });
  Deno.writeTextFileSync(`${folder}/costly_test.js`, test, { mode: 0o644 });
  return folder;
}

Deno.test("plugins/README.md: the plugin of step 1 passes the test of step 2", async () => {
  const folder = tutorialFolder();
  const args = ["test", "--quiet", "--no-config", "--no-lock", folder];
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } })
    .output();
  Deno.removeSync(folder, { recursive: true });
  const text = new TextDecoder().decode(stdout);
  strictEqual(code, 0, text);
  ok(text.includes("2 passed | 0 failed"), text);
});

Deno.test("plugins/README.md: the plugin of step 1 is loaded by the lines of step 3 and refuses", async () => {
  const folder = tutorialFolder();
  const [conf = ""] = blocks("conf");
  const lines = conf.trim().split("\n").map((line) =>
    line.startsWith("plugindir") ? `plugindir = ${folder}` : line
  );
  strictEqual(configOf(lines).plugins.options.length, 2);
  const daemon = await startLoopbackDaemon({ lines });
  const phone = new SipPeer("127.11.0.2");
  const loaded = daemon.logs.map(({ text }) => text ?? "").find((text) =>
    text.startsWith("Plugin")
  );
  match(await phone.optionsAnswered(daemon.lan) ?? "", /^SIP\/2\.0 200 /);
  await daemon.supervisor.stop();
  phone.close();
  Deno.removeSync(folder, { recursive: true });
  strictEqual(loaded, blocks("text")[0]?.trim());
});
