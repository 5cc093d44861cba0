import { deepStrictEqual, match } from "node:assert/strict";
import { startLoopbackDaemon } from "../support/loopback_daemon.ts";
import { SipPeer } from "../support/sip_peer.ts";

/** Longest wait for a new isolate on a busy machine. */
const PATIENCE_MS = 20_000;

const FAILURE = "Plugin 'probe' loaded with failure: the isolate did not survive one of its hooks";

/** A plugin whose hook does not come back from a request that says so: not for ever, since nobody can stop it. */
const SOURCE = `
export const plugin = {
  name: "probe",
  apiVersion: 1,
  description: "Hangs",
  options: {},
  setup: () => ({
    validate(request) {
      const endMs = performance.now() + 5000;
      if (request.checked.callId === "hang") while (performance.now() < endMs) ;
      return { kind: "continue" };
    },
  }),
};
`;

/** Starts a daemon with the plugin and lets it hang. */
async function hang(extra: readonly string[]) {
  const folder = Deno.makeTempDirSync({ prefix: "plugins_" });
  Deno.writeTextFileSync(`${folder}/probe.js`, SOURCE, { mode: 0o644 });
  const lines = [`plugindir = ${folder}`, "load_plugin = probe", "load_plugin = logcall", ...extra];
  const daemon = await startLoopbackDaemon({ lines, modules: { pingIntervalMs: 60 } });
  const phone = new SipPeer("127.11.0.2");
  const said = () =>
    daemon.logs.filter(({ component }) => component === "plugins").map(({ text }) => text);
  const before = await phone.optionsAnswered(daemon.lan, PATIENCE_MS);
  const text = phone.options(daemon.lan).replace(/^Call-ID: .*$/m, "Call-ID: hang");
  await phone.send(text, daemon.lan);
  const end = async () => {
    await daemon.supervisor.stop();
    phone.close();
    Deno.removeSync(folder, { recursive: true });
  };
  return { daemon, phone, said, before, text, end };
}

Deno.test("an external plugin that hangs in a hook is left out of the next isolate, once and for all", async () => {
  const { daemon, phone, said, before, text, end } = await hang([]);
  const after = await phone.optionsAnswered(daemon.lan, PATIENCE_MS);
  // The very message that it hung at is answered now.
  await phone.send(text, daemon.lan);
  const again = await phone.next(PATIENCE_MS);
  await end();
  for (const answer of [before, after, again?.text]) match(answer ?? "", /^SIP\/2\.0 200 /);
  deepStrictEqual(said().filter((line) => line?.includes("probe")), [
    "Plugin 'probe' [Hangs] loaded with success",
    FAILURE,
  ]);
  deepStrictEqual(said().filter((line) => line?.includes("logcall")).length, 2);
  deepStrictEqual(daemon.logs.filter(({ event }) => event === "isolate.lost").length, 1);
  deepStrictEqual(daemon.ends, []);
});

Deno.test("plugin_strict = 1 ends the daemon rather than going on without a plugin that hung", async () => {
  const { daemon, before, end } = await hang(["plugin_strict = 1"]);
  const endMs = performance.now() + PATIENCE_MS;
  while (daemon.ends.length === 0 && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const ends = [...daemon.ends];
  await end();
  match(before ?? "", /^SIP\/2\.0 200 /);
  deepStrictEqual(ends, [FAILURE]);
});
