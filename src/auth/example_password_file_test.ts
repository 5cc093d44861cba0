import { deepStrictEqual } from "node:assert/strict";
import { digestHex } from "./digest_algorithm.ts";
import { parsePasswordFile } from "./password_file.ts";

Deno.test("parsePasswordFile() takes every line of the example, whose hashes are those of its comments", () => {
  const place = new URL("../../fixtures/config/siproxd_passwd.cfg.example", import.meta.url);
  const { users, issues } = parsePasswordFile(Deno.readTextFileSync(place));
  const hash = (algorithm: "MD5" | "SHA-256", user: string, password: string) =>
    digestHex(algorithm, `${user}:Authentication_Realm:${password}`);
  deepStrictEqual(issues, []);
  deepStrictEqual([...users], [
    ["alice", { password: "wonderland" }],
    ["bob", { ha1Md5: hash("MD5", "bob", "builder") }],
    ["carol", { ha1Sha256: hash("SHA-256", "carol", "singer") }],
    ["dave", {
      ha1Md5: hash("MD5", "dave", "lister"),
      ha1Sha256: hash("SHA-256", "dave", "lister"),
    }],
  ]);
});
