import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { lexConfig, lexSetting } from "./lexer.ts";

function lex(text: string) {
  return lexConfig({ text, fileName: "f" });
}

function entry(key: string, value: string, at: readonly [number, number, number]) {
  const [line, column, valueColumn] = at;
  return { key, value, position: { fileName: "f", line, column }, valueColumn };
}

const lines: readonly (readonly [string, string, ReturnType<typeof entry> | undefined])[] = [
  ["a plain line", "user=nobody", entry("user", "nobody", [1, 1, 6])],
  ["blanks around both", "  user  =  nobody  ", entry("user", "nobody", [1, 3, 12])],
  ["tabs around both", "\tuser\t=\tnobody\t", entry("user", "nobody", [1, 2, 9])],
  ["inner blanks of a value", "ua_string = Two Words", entry("ua_string", "Two Words", [1, 1, 13])],
  ["a comment behind the value", "user = me # you", entry("user", "me", [1, 1, 8])],
  ["a comment without a blank", "user = me#you", entry("user", "me", [1, 1, 8])],
  ["a second = in the value", "a = b=c", entry("a", "b=c", [1, 1, 5])],
  ["an empty value", "user =", entry("user", "", [1, 1, 7])],
  ["a value that is only a comment", "user = # none", entry("user", "", [1, 1, 8])],
  ["CR at the end", "user = me\r", entry("user", "me", [1, 1, 8])],
  ["two CRs at the end", "user = me\r\r", entry("user", "me", [1, 1, 8])],
  ["a byte order mark", "\ufeffuser = me", entry("user", "me", [1, 1, 8])],
  ["a semicolon, which is no comment", "user = a;b", entry("user", "a;b", [1, 1, 8])],
  ["a key with a blank inside", "us er = a", entry("us er", "a", [1, 1, 9])],
  ["a comment line", "# user = me", undefined],
  ["a comment line behind blanks", " \t# user = me", undefined],
  ["an empty line", "", undefined],
  ["blanks only", " \t ", undefined],
];

for (const [name, text, expected] of lines) {
  Deno.test(`lexConfig() reads ${name}`, () => {
    deepStrictEqual(lex(text), { entries: expected === undefined ? [] : [expected], issues: [] });
  });
}

Deno.test("lexConfig() keeps repeated keys in order with their lines", () => {
  deepStrictEqual(lex("a = 1\n# -\n\na = 2\nb = 3").entries, [
    entry("a", "1", [1, 1, 5]),
    entry("a", "2", [4, 1, 5]),
    entry("b", "3", [5, 1, 5]),
  ]);
});

const refusals: readonly (readonly [string, string, number, string])[] = [
  ["if_inbound eth0", "if_inbound", 1, 'Cannot read line: no "=" after "if_inbound"'],
  ["  word # a = b", "word", 3, 'Cannot read line: no "=" after "word"'],
  ["= 5060", "syntax", 1, 'Cannot read line: no key before "="'],
  ["a = b\rc", "syntax", 6, "Cannot read line: control character \\x0d in it"],
  ["a = b\x00", "syntax", 6, "Cannot read line: control character \\x00 in it"],
  ["a = \x1b[31m", "syntax", 5, "Cannot read line: control character \\x1b in it"],
  ["a = \x9b31m", "syntax", 5, "Cannot read line: control character \\x9b in it"],
];

for (const [text, key, column, message] of refusals) {
  Deno.test(`lexConfig() reports ${JSON.stringify(text)}`, () => {
    const { entries, issues } = lex(`ok = 1\n${text}\nok = 2`);
    strictEqual(entries.length, 2);
    deepStrictEqual(issues.map((issue) => [issue.key, issue.position, issue.message]), [
      [key, { fileName: "f", line: 2, column }, message],
    ]);
  });
}

Deno.test("lexConfig() goes on after a lost line, and refuses a control character", () => {
  const severities = lex("no sign\na = \x01").issues.map((
    { severity, effect },
  ) => [severity, effect]);
  deepStrictEqual(severities, [["warning", "line-lost"], ["error", undefined]]);
});

Deno.test("lexConfig() never repeats a password in a message", () => {
  const { issues } = lex("proxy_auth_passwd hunter2\nproxy_auth_passwd = hunter2\x01");
  strictEqual(issues.length, 2);
  strictEqual(issues.some((issue) => issue.message.includes("hunter2")), false);
});

Deno.test("lexConfig() refuses a file of more than 4 MiB in one issue", () => {
  const { entries, issues } = lex("#".repeat(4_194_305));
  deepStrictEqual(entries, []);
  deepStrictEqual(issues.map((issue) => issue.message), [
    "Cannot read file: longer than 4194304 characters",
  ]);
});

Deno.test("lexConfig() stops after ten thousand entries, and after as many issues", () => {
  strictEqual(lex("a = 1\n".repeat(10_001)).entries.length, 10_000);
  strictEqual(lex("word\n".repeat(10_001)).issues.length, 10_000);
});

Deno.test("lexConfig() takes a line of 100 kB whole, where siproxd splits after 1023", () => {
  strictEqual(lex(`a = ${"b".repeat(100_000)}`).entries[0]?.value.length, 100_000);
});

Deno.test("lexSetting() keeps # in the value", () => {
  const position = { fileName: "--set", line: 1, column: 1 };
  deepStrictEqual(lexSetting("proxy_auth_passwd=a#b", position), {
    key: "proxy_auth_passwd",
    value: "a#b",
    position,
    valueColumn: 19,
  });
});

Deno.test("lexSetting() reports an argument without =", () => {
  deepStrictEqual(lexSetting("daemonize", { fileName: "--set", line: 2, column: 1 }), {
    severity: "warning",
    effect: "line-lost",
    key: "daemonize",
    position: { fileName: "--set", line: 2, column: 1 },
    message: 'Cannot read line: no "=" after "daemonize"',
  });
});
