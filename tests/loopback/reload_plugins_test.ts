import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { headerValue, placeIn, uriIn } from "../../src/cli/demo/sip_text.ts";
import { startProcess } from "../support/daemon_process.ts";
import { DigestPhone } from "../support/digest_phone.ts";
import { startCall } from "../support/live_call.ts";
import { findProcessPlace, PROCESS_WAN, type ProcessPlace } from "../support/process_place.ts";
import { registerText } from "../support/sip_registrations.ts";
import { SipPeer } from "../support/sip_peer.ts";

const PHONE = "127.12.0.2";

/** A plugin that answers OPTIONS itself, and tells in the reason of its log line which of it does. */
function probeSource(name: string, version: string): string {
  return `let asked = 0;
export const plugin = {
  name: "${name}",
  apiVersion: 1,
  description: "Probes reloads",
  options: { count: { kind: "integer", default: 1, min: 1, max: 9, help: "x", example: "1" } },
  setup(config, host) {
    let seen = 0;
    const say = (text) => host.log({ level: "info", event: "probe", text: "${name}: " + text });
    return {
      validate() {
        seen++;
        say("${version} count=" + config.count + " seen=" + seen);
        return { kind: "continue" };
      },
      dispose() { say("disposed count=" + config.count); },
    };
  },
};
`;
}

/** Two plugins in the folder of a place. */
function makePlugins(place: ProcessPlace) {
  const folder = `${place.folder}/plugins`;
  Deno.mkdirSync(folder, { mode: 0o755 });
  const write = (name: string, version: string) =>
    Deno.writeTextFileSync(`${folder}/${name}.js`, probeSource(name, version), { mode: 0o644 });
  write("one", "first");
  write("two", "first");
  return {
    write,
    lines: [`plugindir = ${folder}`, "load_plugin = one", "load_plugin = two"],
  };
}

Deno.test("SIGHUP sets changed plugins up again, others keep their state, the call and the registration stay", async () => {
  const place = findProcessPlace();
  const plugins = makePlugins(place);
  const config = place.configure(plugins.lines);
  const daemon = startProcess(["-c", config]);
  await daemon.said(" started");
  const call = await startCall(place.lan);
  const talk = call.talk();
  const phone = new SipPeer(PHONE);
  const ask = () => phone.optionsAnswered(place.lan);
  await ask();
  await daemon.said("two: first count=1 seen=");
  place.configure([...plugins.lines, "plugin_one_count = 7"]);
  daemon.child.kill("SIGHUP");
  await daemon.said("plugin_one_count: unset → 7\n");
  await daemon.said("changes: 1\n");
  await ask();
  await daemon.said("one: first count=7 seen=1\n");
  plugins.write("two", "second");
  daemon.child.kill("SIGHUP");
  await daemon.said("nothing changed");
  await ask();
  await daemon.said("two: second count=1 seen=1\n");
  await talk;
  const beforeEnd = daemon.log();
  place.configure([...plugins.lines.slice(0, 2), "plugin_one_count = 7"]);
  daemon.child.kill("SIGHUP");
  await daemon.said("Plugin 'two' ended\n");
  await call.hangUp();
  daemon.child.kill("SIGUSR1");
  await daemon.said("registrations=1 dialogs=");
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  phone.close();
  call.close();
  place.remove();
  strictEqual(code, 0);
  ok(!log.includes("two: second count=7"));
  // The neighbour of what was set up again went on counting.
  const seen = [...beforeEnd.matchAll(/one: first count=7 seen=(\d+)\n/g)].map(([, n]) =>
    Number(n)
  );
  deepStrictEqual(seen, seen.map((_, index) => index + 1));
  ok(seen.length >= 2, beforeEnd);
  deepStrictEqual(
    [...log.matchAll(/(one|two): disposed count=\d/g)].map(([text]) => text),
    [
      "one: disposed count=1",
      "two: disposed count=1",
      "two: disposed count=1",
      "one: disposed count=7",
    ],
  );
});

const refusals: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    "an option of a built-in plugin that cannot be used",
    ["load_plugin = guard", "plugin_guard_max_calls = many"],
    /ERROR:siproxd \S+siproxd\.conf:\d+:\d+: error: plugin_guard_max_calls: [^\n]*\n[^]*new configuration refused: 1 error in it; /,
  ],
  [
    "an option of a plugin file that cannot be used",
    ["plugin_one_count = 70"],
    /new configuration refused: plugin one: \S+siproxd\.conf:9: plugin_one_count: Cannot use number "70": highest is 9; /,
  ],
];

for (const [what, bad, expected] of refusals) {
  Deno.test(`SIGHUP is refused as a whole for ${what}`, async () => {
    const place = findProcessPlace();
    const plugins = makePlugins(place);
    const config = place.configure(plugins.lines);
    const daemon = startProcess(["-c", config]);
    await daemon.said(" started");
    const phone = new SipPeer(PHONE);
    await phone.optionsAnswered(place.lan);
    place.configure([...plugins.lines, ...bad, `hosts_deny_sip = ${PHONE}/32`]);
    daemon.child.kill("SIGHUP");
    await daemon.said("the old one stays in force");
    phone.clear();
    const answer = await phone.optionsAnswered(place.lan);
    daemon.child.kill("SIGTERM");
    const { code, log } = await daemon.ended;
    phone.close();
    place.remove();
    strictEqual(code, 0);
    match(answer ?? "no answer", /^SIP\/2\.0 200 /);
    match(log, expected);
    // Nothing was set up again: the counting goes on.
    ok(/one: first count=1 seen=2\n/.test(log), log);
  });
}

Deno.test("SIGHUP is refused while a plugin file is broken, and taken when it is mended", async () => {
  const place = findProcessPlace();
  const plugins = makePlugins(place);
  const config = place.configure(plugins.lines);
  const daemon = startProcess(["-c", config]);
  await daemon.said(" started");
  Deno.writeTextFileSync(`${place.folder}/plugins/one.js`, "export const plugin = {");
  daemon.child.kill("SIGHUP");
  await daemon.said("new configuration refused: plugin one: TypeError: ");
  plugins.write("one", "mended");
  daemon.child.kill("SIGHUP");
  await daemon.said("nothing changed");
  const phone = new SipPeer(PHONE);
  await phone.optionsAnswered(place.lan);
  await daemon.said("one: mended count=1 seen=1\n");
  daemon.child.kill("SIGTERM");
  const { code } = await daemon.ended;
  phone.close();
  place.remove();
  strictEqual(code, 0);
});

Deno.test("SIGHUP is refused without the password file, and the passwords stay", async () => {
  const place = findProcessPlace();
  const path = `${place.folder}/passwd.cfg`;
  const lines = (file: string) => ["proxy_auth_realm = home", `proxy_auth_pwfile = ${file}`];
  Deno.writeTextFileSync(path, "alice secret\n", { mode: 0o600 });
  const config = place.configure(lines(path));
  const daemon = startProcess(["-c", config]);
  await daemon.said(" started");
  const phone = new DigestPhone(place.lan, { hostname: PHONE });
  const answers = [await phone.logIn("secret")];
  place.configure([...lines(`${path}.other`), `hosts_deny_sip = ${PHONE}/32`]);
  daemon.child.kill("SIGHUP");
  const refused = (name: string) =>
    `SIGHUP: new configuration refused: Cannot read password file "${name}": no such file; ` +
    "the old one stays in force";
  await daemon.said(refused(`${path}.other`));
  answers.push(await phone.logIn("secret"), await phone.logIn("other"));
  Deno.writeTextFileSync(`${path}.other`, "alice other\n", { mode: 0o600 });
  place.configure(lines(`${path}.other`));
  daemon.child.kill("SIGHUP");
  await daemon.said("changes: 1");
  answers.push(await phone.logIn("secret"), await phone.logIn("other"));
  daemon.child.kill("SIGTERM");
  const { code, log } = await daemon.ended;
  phone.peer.close();
  place.remove();
  strictEqual(code, 0);
  deepStrictEqual(answers, ["200", "200", "407", "407", "200"]);
  strictEqual(/alice (secret|other)/.test(log), false);
});

/** The host that the provider sees in alice's Contact. */
async function contactHost(
  place: ProcessPlace,
  peers: { readonly phone: SipPeer; readonly registrar: SipPeer },
): Promise<string> {
  await peers.phone.send(registerText(peers.phone, peers.registrar), place.lan);
  const request = await peers.registrar.next(10_000);
  return placeIn(uriIn(headerValue(request?.text ?? "", "Contact"))).hostname;
}

Deno.test("SIGHUP that ends a plugin takes back the public address that it found", async () => {
  const place = findProcessPlace();
  Deno.mkdirSync(`${place.folder}/plugins`, { mode: 0o755 });
  const source = `export const plugin = {
    name: "finder", apiVersion: 1, description: "finds an address", options: {},
    setup: (_config, host) => ({ onTimer() { host.advertise("203.0.113.9"); } }),
  };`;
  Deno.writeTextFileSync(`${place.folder}/plugins/finder.js`, source, { mode: 0o644 });
  const folder = `plugindir = ${place.folder}/plugins`;
  const daemon = startProcess(["-c", place.configure([folder, "load_plugin = finder"])]);
  await daemon.said(" started");
  const peers = { phone: new SipPeer(PHONE), registrar: new SipPeer("127.22.0.2") };
  const hosts = [];
  // The timer runs twice a second.
  for (let tries = 0; tries < 100 && hosts.at(-1) !== "203.0.113.9"; tries++) {
    hosts.push(await contactHost(place, peers));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  place.configure([folder]);
  daemon.child.kill("SIGHUP");
  await daemon.said("Plugin 'finder' ended\n");
  await daemon.said("changes: 1\n");
  const after = await contactHost(place, peers);
  daemon.child.kill("SIGTERM");
  const { code } = await daemon.ended;
  for (const peer of Object.values(peers)) peer.close();
  place.remove();
  deepStrictEqual([code, hosts.at(-1), after], [0, "203.0.113.9", PROCESS_WAN]);
});

Deno.test("a plugin that is set up again finds what it stored a moment ago", async () => {
  const place = findProcessPlace();
  Deno.mkdirSync(`${place.folder}/plugins`, { mode: 0o755 });
  const source = `export const plugin = {
    name: "keeper", apiVersion: 1, description: "keeps a number",
    options: { step: { kind: "integer", default: 1, min: 1, max: 9, help: "x", example: "1" } },
    setup(config, host) {
      const last = Number(host.store.get("n") ?? 0);
      host.log({ level: "info", event: "kept", text: "kept " + last + " step " + config.step });
      host.store.set("n", String(last + config.step));
      return {};
    },
  };`;
  Deno.writeTextFileSync(`${place.folder}/plugins/keeper.js`, source, { mode: 0o644 });
  const lines = [`plugindir = ${place.folder}/plugins`, "load_plugin = keeper"];
  const daemon = startProcess(["-c", place.configure(lines)]);
  await daemon.said("kept 0 step 1\n");
  await daemon.said(" started");
  place.configure([...lines, "plugin_keeper_step = 4"]);
  daemon.child.kill("SIGHUP");
  await daemon.said("kept 1 step 4\n");
  place.configure(lines);
  daemon.child.kill("SIGHUP");
  await daemon.said("kept 5 step 1\n");
  daemon.child.kill("SIGTERM");
  const { code } = await daemon.ended;
  place.remove();
  strictEqual(code, 0);
});

Deno.test({
  name: "SIGHUP is obeyed by a user who may not read the password file, while that is the same",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    const place = findProcessPlace();
    const path = `${place.folder}/passwd.cfg`;
    Deno.writeTextFileSync(path, "alice secret\n", { mode: 0o600 });
    const lines = ["user = nobody", "proxy_auth_realm = home", `proxy_auth_pwfile = ${path}`];
    const daemon = startProcess(["-c", place.configure(lines)]);
    await daemon.said(" started");
    place.configure([...lines, "ua_string = new"]);
    daemon.child.kill("SIGHUP");
    await daemon.said("ua_string: unset → new\n");
    const phone = new DigestPhone(place.lan, { hostname: PHONE });
    const answer = await phone.logIn("secret");
    Deno.writeTextFileSync(`${path}.new`, "alice other\n", { mode: 0o600 });
    Deno.renameSync(`${path}.new`, path);
    daemon.child.kill("SIGHUP");
    await daemon.said(`refused: Cannot read password file "${path}": permission denied; `);
    daemon.child.kill("SIGTERM");
    const { code } = await daemon.ended;
    phone.peer.close();
    place.remove();
    deepStrictEqual([code, answer], [0, "200"]);
  },
});
