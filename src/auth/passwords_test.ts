import { deepStrictEqual } from "node:assert/strict";
import {
  canCheck,
  commonAlgorithms,
  configuredPasswords,
  findSecret,
  offeredAlgorithms,
  userPasswords,
  type UserSecret,
} from "./passwords.ts";

function offered(...secrets: readonly UserSecret[]): readonly string[] {
  const users = secrets.map((secret, index) => [`u${index}`, secret] as const);
  return offeredAlgorithms(userPasswords(new Map(users)));
}

Deno.test("configuredPasswords() lets the file win and opens nothing when there is none", () => {
  const [password, passwordFile] = ["geheim\xc3\x9f", "/etc/siproxd_passwd.cfg"];
  deepStrictEqual(
    [
      configuredPasswords({ password, passwordFile: undefined }),
      configuredPasswords({ password, passwordFile }),
      configuredPasswords({ password: undefined, passwordFile }),
      configuredPasswords({ password: undefined, passwordFile: undefined }),
    ],
    [
      { kind: "one", password: "geheim\xc3\x9f" },
      { kind: "unavailable" },
      { kind: "unavailable" },
      { kind: "unavailable" },
    ],
  );
});

Deno.test("findSecret() compares user names by case and knows nobody without passwords", () => {
  const listed = userPasswords(new Map([["alice", { password: "a" }]]));
  deepStrictEqual(
    [
      findSecret(listed, "alice"),
      findSecret(listed, "Alice"),
      findSecret(listed, "__proto__"),
      findSecret({ kind: "one", password: "p" }, "anybody"),
      findSecret({ kind: "unavailable" }, "alice"),
    ],
    [{ password: "a" }, undefined, undefined, { password: "p" }, undefined],
  );
});

Deno.test("offeredAlgorithms() offers MD5 alone unless the file's hashes ask for SHA-256", () => {
  const clear = { password: "p" };
  const md5 = { ha1Md5: "0" };
  const sha256 = { ha1Sha256: "0" };
  const both = { ...md5, ...sha256 };
  deepStrictEqual(
    [
      offered(),
      offered(clear),
      offered(clear, md5),
      offered(both, clear),
      offered(both, both),
      offered(sha256, clear),
      offered(sha256, both),
      offered(md5, sha256),
      offeredAlgorithms({ kind: "one", password: "p" }),
    ],
    [
      ["MD5"],
      ["MD5"],
      ["MD5"],
      ["MD5"],
      ["SHA-256", "MD5"],
      ["SHA-256"],
      ["SHA-256"],
      ["MD5", "SHA-256"],
      ["MD5"],
    ],
  );
});

Deno.test("commonAlgorithms() is empty where hashes of two kinds exclude each other", () => {
  const users = (...secrets: readonly UserSecret[]) =>
    new Map(secrets.map((secret, index) => [`u${index}`, secret] as const));
  deepStrictEqual(
    [
      commonAlgorithms(users()),
      commonAlgorithms(users({ password: "p" }, { ha1Md5: "0" })),
      commonAlgorithms(users({ ha1Sha256: "0" }, { ha1Md5: "0" })),
    ],
    [["MD5", "SHA-256"], ["MD5"], []],
  );
});

Deno.test("canCheck() needs clear text or the hash of that algorithm", () => {
  deepStrictEqual(
    [{ password: "" }, { ha1Md5: "0" }, { ha1Sha256: "0" }, {}].map((
      secret,
    ) => [canCheck(secret, "MD5"), canCheck(secret, "SHA-256")]),
    [[true, true], [true, false], [false, true], [false, false]],
  );
});
