import { deepStrictEqual, doesNotMatch, strictEqual } from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import type { Passwords } from "../../auth/passwords.ts";
import type { AuthConfig } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { PasswordSource } from "./password_source.ts";

interface Bench {
  readonly source: PasswordSource;
  readonly path: string;
  readonly said: () => readonly string[];
  readonly write: (text: string) => void;
}

/** A source over a file that is not there yet. */
function makeBench(algorithms: AuthConfig["algorithms"] = undefined): Bench {
  const path = `${Deno.makeTempDirSync()}/passwd.cfg`;
  const logs: LogEvent[] = [];
  const settings = {
    realm: "home",
    password: "shared",
    passwordFile: path,
    scope: "local",
    algorithms,
  } as const;
  const source = new PasswordSource(settings, { onLog: (event) => logs.push(event) });
  return {
    source,
    path,
    said: () => logs.map(({ level, text }) => `${level} ${text?.replaceAll(path, "FILE")}`),
    // Another inode each time, as editors do it: times of a file may be too coarse for a test.
    write: (text) => {
      Deno.writeTextFileSync(`${path}.new`, text, { mode: 0o600 });
      Deno.renameSync(`${path}.new`, path);
    },
  };
}

function usersOf(passwords: Passwords): readonly string[] | string {
  return passwords.kind === "users" ? [...passwords.users.keys()] : passwords.kind;
}

Deno.test("PasswordSource reads no file unless a realm and a file are set", async () => {
  const onLog = () => {
    throw new Error("nothing to say");
  };
  const base = {
    realm: "home",
    password: "p",
    passwordFile: "/none",
    scope: "local",
    algorithms: undefined,
  } as const;
  const off = new PasswordSource({ ...base, realm: undefined }, { onLog });
  const one = new PasswordSource({ ...base, passwordFile: undefined }, { onLog });
  await off.open();
  await one.open();
  one.follow(onLog);
  deepStrictEqual([off.passwords, one.passwords], [
    { kind: "unavailable" },
    { kind: "one", password: "p" },
  ]);
});

Deno.test("PasswordSource.open() takes a byte order mark for no part of the first name", async () => {
  const bench = makeBench();
  bench.write("\ufeffalice secret\n");
  await bench.source.open();
  deepStrictEqual(usersOf(bench.source.passwords), ["alice"]);
});

Deno.test("PasswordSource.open() reads the file and lists what it cannot use, without quoting it", async () => {
  const bench = makeBench();
  bench.write("alice secret\nhunter2\nbob HA1:hunter2\n");
  await bench.source.open();
  deepStrictEqual(usersOf(bench.source.passwords), ["alice"]);
  deepStrictEqual(bench.said(), [
    "warning FILE:2: Cannot use line: no password after the user name",
    "warning FILE:3: Cannot use line: HA1: needs 32 hex digits",
    "info passwords read from FILE, users: 1",
  ]);
  doesNotMatch(bench.said().join(), /hunter2|secret/);
});

Deno.test("PasswordSource.open() lets nobody in when the file cannot be used, and says so once", async () => {
  const missing = makeBench();
  await missing.source.open();
  await missing.source.open();
  strictEqual(missing.source.passwords.kind, "unavailable");
  const folder = makeBench();
  Deno.mkdirSync(folder.path);
  await folder.source.open();
  const large = makeBench();
  large.write("x".repeat(2_097_153));
  await large.source.open();
  const tail = "; every REGISTER that needs a password is refused";
  deepStrictEqual([missing.said(), folder.said(), large.said()], [
    [`error Cannot read password file "FILE": no such file${tail}`],
    [`error Cannot read password file "FILE": it is no file${tail}`],
    [`error Cannot read password file "FILE": longer than 2097152 bytes${tail}`],
  ]);
});

Deno.test("PasswordSource keeps the passwords when the file goes away later", async () => {
  const bench = makeBench();
  bench.write("alice secret\n");
  await bench.source.open();
  Deno.removeSync(bench.path);
  await bench.source.open();
  deepStrictEqual(usersOf(bench.source.passwords), ["alice"]);
  strictEqual(
    bench.said().at(-1),
    'warning Cannot read password file "FILE": no such file; the passwords read before stay',
  );
});

Deno.test("PasswordSource warns of a file that everybody can read", async () => {
  const bench = makeBench();
  bench.write("alice secret\n");
  Deno.chmodSync(bench.path, 0o644);
  await bench.source.open();
  deepStrictEqual(bench.said(), [
    'warning Protect password file "FILE": everybody can read it (chmod 600)',
    "info passwords read from FILE, users: 1",
  ]);
});

Deno.test("PasswordSource warns of hashes that exclude each other", async () => {
  const bench = makeBench();
  bench.write(`alice HA1:${"0".repeat(32)}\nbob HA1-SHA256:${"0".repeat(64)}\n`);
  await bench.source.open();
  deepStrictEqual(bench.said(), [
    "warning Cannot offer one algorithm to all users of FILE: give every user a line of one kind",
    "info passwords read from FILE, users: 2",
  ]);
});

Deno.test("PasswordSource.successor() reads what changed and nothing else", async () => {
  const bench = makeBench();
  const settings = {
    realm: "home",
    password: "one",
    scope: "local",
    algorithms: undefined,
  } as const;
  const sameFile = { ...settings, passwordFile: bench.path };
  bench.write("alice secret\n");
  await bench.source.open();
  const same = await bench.source.successor(sameFile);
  bench.write("bob secret\n");
  const changed = await bench.source.successor(sameFile);
  const shared = await bench.source.successor({ ...settings, passwordFile: undefined });
  const found = [same, changed, shared].map((one) =>
    one.ok ? usersOf(one.value.passwords) : one.error
  );
  deepStrictEqual(found, [["alice"], ["bob"], "one"]);
  deepStrictEqual(bench.said(), [
    "info passwords read from FILE, users: 1",
    "info passwords read from FILE, users: 1",
  ]);
});

Deno.test("PasswordSource.successor() gives the reason where there is no file, and the passwords stay", async () => {
  const bench = makeBench();
  const settings = {
    realm: "home",
    password: undefined,
    scope: "local",
    algorithms: undefined,
  } as const;
  bench.write("alice secret\n");
  await bench.source.open();
  Deno.removeSync(bench.path);
  const sameFile = await bench.source.successor({ ...settings, passwordFile: bench.path });
  const other = await bench.source.successor({ ...settings, passwordFile: `${bench.path}.none` });
  deepStrictEqual([sameFile, other], [
    { ok: false, error: `Cannot read password file "${bench.path}": no such file` },
    { ok: false, error: `Cannot read password file "${bench.path}.none": no such file` },
  ]);
  deepStrictEqual(usersOf(bench.source.passwords), ["alice"]);
  deepStrictEqual(bench.said().length, 1);
});

Deno.test("PasswordSource.follow() tells of a change within five seconds, and of none without one", async () => {
  const bench = makeBench();
  bench.write("alice secret\n");
  await bench.source.open();
  const time = new FakeTime();
  const changed = Promise.withResolvers<Passwords>();
  const heard: Passwords[] = [];
  bench.source.follow((passwords) => {
    heard.push(passwords);
    changed.resolve(passwords);
  });
  bench.write("alice secret\nbob other\n");
  time.tick(5000);
  time.restore();
  deepStrictEqual(usersOf(await changed.promise), ["alice", "bob"]);
  // A further look of the same file changes nothing.
  await bench.source.open();
  bench.source.close();
  strictEqual(heard.length, 1);
});

Deno.test("PasswordSource warns of hashes that proxy_auth_algorithm has no use for", async () => {
  const md5 = `HA1:${"0".repeat(32)}`;
  const warning =
    "warning Cannot check SHA-256 for all users of FILE: proxy_auth_algorithm asks for " +
    "what the hashes of some do not have";
  for (
    const [algorithms, line, warned] of [
      [["SHA-256"], `alice ${md5}`, true],
      [["SHA-256"], "alice secret", false],
      [["SHA-256", "MD5"], `alice ${md5}`, false],
      [undefined, `alice ${md5}`, false],
    ] as const
  ) {
    const bench = makeBench(algorithms);
    bench.write(`${line}\n`);
    await bench.source.open();
    strictEqual(bench.said().includes(warning), warned, `${algorithms} ${line}`);
  }
});
