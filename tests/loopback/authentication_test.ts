import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { DigestPhone } from "../support/digest_phone.ts";
import { startLoopbackDaemon } from "../support/loopback_daemon.ts";

const PHONE = "127.11.0.2";

/** A new password must count within five seconds. */
const CHANGE_TIMEOUT_MS = 5000;

function writePasswords(path: string, text: string): void {
  Deno.writeTextFileSync(`${path}.new`, text, { mode: 0o600 });
  Deno.renameSync(`${path}.new`, path);
}

Deno.test("the daemon lets the right password in, and a changed one within five seconds", async () => {
  const path = `${Deno.makeTempDirSync()}/siproxd_passwd.cfg`;
  writePasswords(path, "# accounts\nalice secret\nbroken-line\n");
  const lines = ["proxy_auth_realm = home", `proxy_auth_pwfile = ${path}`];
  const daemon = await startLoopbackDaemon({ lines });
  const phone = new DigestPhone(daemon.lan, { hostname: PHONE });
  const before = [await phone.logIn("secret"), await phone.logIn("changed")];
  writePasswords(path, "alice changed\n");
  const endMs = performance.now() + CHANGE_TIMEOUT_MS;
  while (await phone.logIn("secret") !== "407" && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const after = [await phone.logIn("changed"), await phone.logIn("secret")];
  const { signalling } = await daemon.supervisor.statistics();
  await daemon.supervisor.stop();
  phone.peer.close();
  const told = daemon.logs.map(({ text }) => text ?? "");
  deepStrictEqual([before, after], [["200", "407"], ["200", "407"]]);
  strictEqual(signalling?.counters.get("registrations_refused{wrong-password}"), 3);
  ok(told.includes(`${path}:3: Cannot use line: no password after the user name`));
  ok(told.includes(`proxy authentication failed for alice@${daemon.lan.hostname}`));
  strictEqual(told.some((text) => /secret|changed|broken-line/.test(text)), false);
});

Deno.test("the daemon refuses every REGISTER while the password file cannot be read", async () => {
  const lines = ["proxy_auth_realm = home", "proxy_auth_pwfile = /nonexistent/passwd.cfg"];
  const daemon = await startLoopbackDaemon({ lines });
  const phone = new DigestPhone(daemon.lan, { hostname: PHONE });
  const answer = await phone.register();
  await daemon.supervisor.stop();
  phone.peer.close();
  match(answer, /^SIP\/2\.0 503 /);
  const errors = daemon.logs.filter(({ level }) => level === "error").map(({ text }) => text);
  deepStrictEqual(errors, [
    'Cannot read password file "/nonexistent/passwd.cfg": no such file; ' +
    "every REGISTER that needs a password is refused",
  ]);
});
