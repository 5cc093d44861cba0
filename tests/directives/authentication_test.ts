import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { headerValue } from "../../src/cli/demo/sip_text.ts";
import { DigestPhone } from "../support/digest_phone.ts";
import { type DirectiveBench, PHONE, statusIn } from "./directive_bench.ts";
import { effects } from "./effect.ts";

/** What a REGISTER at the daemon itself is answered with, and the realm it asks for. */
async function firstAnswer(bench: DirectiveBench): Promise<readonly [string | undefined, string]> {
  const phone = new DigestPhone(bench.lan, { hostname: PHONE });
  const answer = await phone.register();
  phone.peer.close();
  const realm = /realm="([^"]*)"/.exec(headerValue(answer, "Proxy-Authenticate"))?.[1] ?? "";
  return [statusIn(answer), realm];
}

/** What a phone with this password hears. */
async function logIn(bench: DirectiveBench, password: string): Promise<string> {
  const phone = new DigestPhone(bench.lan, { hostname: PHONE });
  const status = await phone.logIn(password);
  phone.peer.close();
  return status;
}

effects("authentication", [
  {
    directive: "proxy_auth_realm",
    change: "unset → home",
    seen: "a REGISTER without a password is challenged for that realm",
    run: async (bench) => {
      await bench.obey([]);
      const before = await firstAnswer(bench);
      await bench.obey(["proxy_auth_realm = home", "proxy_auth_passwd = tulip"]);
      deepStrictEqual([before, await firstAnswer(bench)], [
        ["200 OK", ""],
        ["407 Proxy Authentication Required", "home"],
      ]);
    },
  },
  {
    directive: "proxy_auth_passwd",
    change: "tulip → crocus",
    seen: "a phone with the second password is let in",
    run: async (bench) => {
      await bench.obey(["proxy_auth_realm = home", "proxy_auth_passwd = tulip"]);
      const before = await logIn(bench, "crocus");
      await bench.obey(["proxy_auth_realm = home", "proxy_auth_passwd = crocus"]);
      deepStrictEqual([before, await logIn(bench, "crocus")], ["407", "200"]);
    },
  },
  {
    directive: "proxy_auth_pwfile",
    change: "unset → a file",
    seen: "the password in the file counts, over the common one",
    run: async (bench) => {
      const path = `${bench.place.folder}/passwd.cfg`;
      Deno.writeTextFileSync(path, "alice violet\n", { mode: 0o600 });
      const common = ["proxy_auth_realm = home", "proxy_auth_passwd = tulip"];
      await bench.obey(common);
      const before = await logIn(bench, "violet");
      await bench.obey([...common, `proxy_auth_pwfile = ${path}`]);
      deepStrictEqual([before, await logIn(bench, "violet")], ["407", "200"]);
    },
  },
  {
    directive: "proxy_auth_algorithm",
    change: "auto → sha-256",
    seen: "the challenge names that hash alone",
    run: async (bench) => {
      const common = ["proxy_auth_realm = home", "proxy_auth_passwd = tulip"];
      const algorithm = async () => {
        const phone = new DigestPhone(bench.lan, { hostname: PHONE });
        const challenge = headerValue(await phone.register(), "Proxy-Authenticate");
        phone.peer.close();
        return /algorithm=(.*)$/.exec(challenge)?.[1];
      };
      await bench.obey(common);
      const before = await algorithm();
      await bench.obey([...common, "proxy_auth_algorithm = sha-256"]);
      // A phone that left challenges unanswered gets the old form, which names none.
      strictEqual(before === "SHA-256", false);
      deepStrictEqual([await algorithm(), await logIn(bench, "tulip")], ["SHA-256", "200"]);
    },
  },
  {
    directive: "proxy_auth_scope",
    change: "local → all",
    seen: "a REGISTER for the provider is challenged and does not reach it",
    run: async (bench) => {
      const common = ["proxy_auth_realm = home", "proxy_auth_passwd = tulip"];
      await bench.obey(common);
      const before = await bench.register();
      await bench.obey([...common, "proxy_auth_scope = all"]);
      const after = await bench.register({ wanted: "silence" });
      deepStrictEqual([before.at !== undefined, statusIn(before.answer)], [true, "200 OK"]);
      deepStrictEqual([after.at, statusIn(after.answer)], [
        undefined,
        "407 Proxy Authentication Required",
      ]);
    },
  },
]);
