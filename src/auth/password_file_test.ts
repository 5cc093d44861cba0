import { deepStrictEqual, doesNotMatch, strictEqual } from "node:assert/strict";
import { parsePasswordFile } from "./password_file.ts";

const MD5 = "939e7578ed9e3c518a452acee763bce9";
const SHA256 = "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232";

function usersOf(text: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(parsePasswordFile(text).users);
}

Deno.test("parsePasswordFile() reads siproxd's file", () => {
  const text = [
    "# username  password",
    "",
    "alice secret",
    "  \tbob\t\t  pass#word \t and more",
    "   # carol comment",
    "dave HASH\r",
    "\t ",
    "eve no-newline",
  ].join("\n");
  deepStrictEqual(parsePasswordFile(text).issues, []);
  deepStrictEqual(usersOf(text), {
    alice: { password: "secret" },
    bob: { password: "pass#word" },
    dave: { password: "HASH" },
    eve: { password: "no-newline" },
  });
});

Deno.test("parsePasswordFile() cuts no line at 127 characters", () => {
  const [user, password] = ["u".repeat(200), "p".repeat(5000)];
  deepStrictEqual(usersOf(`${user} ${password}\n`), { [user]: { password } });
});

Deno.test("parsePasswordFile() takes octets as they are", () => {
  deepStrictEqual(usersOf("j\xc3\xb6rg gr\xfc\xdfe\n"), {
    "j\xc3\xb6rg": { password: "gr\xfc\xdfe" },
  });
});

Deno.test("parsePasswordFile() takes stored hashes, of both kinds for one user", () => {
  const text =
    `alice HA1:${MD5.toUpperCase()}\nbob HA1-SHA256:${SHA256}\nalice HA1-SHA256:${SHA256}\n`;
  deepStrictEqual(usersOf(text), {
    alice: { ha1Md5: MD5, ha1Sha256: SHA256 },
    bob: { ha1Sha256: SHA256 },
  });
  deepStrictEqual(parsePasswordFile(text).issues, []);
});

Deno.test("parsePasswordFile() names the lines it cannot use, and leaves their users out", () => {
  const text = [
    "alice",
    `bob HA1:${MD5.slice(1)}`,
    `carol HA1-SHA256:${MD5}`,
    `dave HA1:${MD5.slice(1)}g`,
    "erin one",
    "erin two",
    `erin HA1:${MD5}`,
    `frank HA1:${MD5}`,
    `frank HA1:${MD5}`,
    "grace HA1:",
  ].join("\n");
  const hash = "Cannot use line: HA1: needs 32 hex digits";
  const twice = "Cannot use line: the user has a password already";
  deepStrictEqual(parsePasswordFile(text).issues, [
    { line: 1, message: "Cannot use line: no password after the user name" },
    { line: 2, message: hash },
    { line: 3, message: "Cannot use line: HA1-SHA256: needs 64 hex digits" },
    { line: 4, message: hash },
    { line: 6, message: twice },
    { line: 7, message: twice },
    { line: 9, message: twice },
    { line: 10, message: hash },
  ]);
  deepStrictEqual(usersOf(text), { erin: { password: "one" }, frank: { ha1Md5: MD5 } });
});

Deno.test("parsePasswordFile() ends at a file of another kind without quoting it", () => {
  const { users, issues } = parsePasswordFile("topsecret\n".repeat(5000));
  strictEqual(users.size, 0);
  strictEqual(issues.length, 21);
  strictEqual(issues.at(-1)?.message, "Cannot use file further: too many mistakes");
  doesNotMatch(JSON.stringify(issues), /topsecret/);
});

Deno.test("parsePasswordFile() holds ten thousand users at most", () => {
  const lines = Array.from({ length: 10_002 }, (_, index) => `user${index} p`);
  const { users, issues } = parsePasswordFile(lines.join("\n"));
  strictEqual(users.size, 10_000);
  deepStrictEqual(issues, [
    { line: 10_001, message: "Cannot use line: more than 10000 users" },
    { line: 10_002, message: "Cannot use line: more than 10000 users" },
  ]);
});
