import { err, ok, type Result } from "../base/result.ts";
import type { UserSecret } from "./passwords.ts";

/** Something a password file says that cannot be used; it quotes nothing, since it might be a password. */
export interface PasswordFileIssue {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** What a password file holds. */
export interface PasswordFile {
  readonly users: ReadonlyMap<string, UserSecret>;
  readonly issues: readonly PasswordFileIssue[];
}

/** Users of one file: registrations end at a tenth of it by default, and the table stays below some megabytes. */
const MAX_USERS = 10_000;

/** Issues told of one file: a file of another kind has one in every line. */
const MAX_ISSUES = 20;

/** Stored hashes, by what stands before their digits. */
const HASH_PREFIXES = [
  { prefix: "HA1-SHA256:", key: "ha1Sha256", digits: 64 },
  { prefix: "HA1:", key: "ha1Md5", digits: 32 },
] as const;

/**
 * Reads siproxd's password file: `username password` a line, separated and led by blanks or tabs; `#` begins a comment
 * line, what follows the second word is ignored, lines may be of any length.
 *
 * In place of the password there may be a hash over `username:realm:password`, so that the file gives no password away:
 * `HA1:` and 32 hex digits of MD5, or `HA1-SHA256:` and 64 of SHA-256; a user with a line of each can use both.
 *
 * @param text the file as latin1 text
 * @returns the users, and what could not be used
 * @example Clear text and a stored hash
 * ```ts
 * import { parsePasswordFile } from "./password_file.ts";
 * const { users } = parsePasswordFile("alice secret\nbob HA1:0123456789abcdef0123456789abcdef\n");
 * if (users.get("alice")?.password !== "secret" || !users.get("bob")?.ha1Md5) throw new Error("unexpected");
 * ```
 */
export function parsePasswordFile(text: string): PasswordFile {
  const users = new Map<string, UserSecret>();
  const issues: PasswordFileIssue[] = [];
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    const [username = "", word] = line.split(/[ \t\r]+/).filter((part) => part !== "");
    if (username === "" || username.startsWith("#")) continue;
    const problem = addUser(users, { username, word });
    if (problem === undefined) continue;
    issues.push({ line: index + 1, message: problem });
    if (issues.length === MAX_ISSUES) {
      issues.push({ line: index + 1, message: "Cannot use file further: too many mistakes" });
      break;
    }
  }
  return { users, issues };
}

function addUser(
  users: Map<string, UserSecret>,
  entry: { readonly username: string; readonly word: string | undefined },
): string | undefined {
  const { username, word } = entry;
  if (word === undefined) return "Cannot use line: no password after the user name";
  const secret = readSecret(word);
  if (!secret.ok) return secret.error;
  const known = users.get(username);
  if (known === undefined && users.size >= MAX_USERS) {
    return `Cannot use line: more than ${MAX_USERS} users`;
  }
  const merged = known === undefined ? secret.value : mergeSecrets(known, secret.value);
  if (merged === undefined) return "Cannot use line: the user has a password already";
  users.set(username, merged);
  return undefined;
}

function readSecret(word: string): Result<UserSecret> {
  const kind = HASH_PREFIXES.find(({ prefix }) => word.startsWith(prefix));
  if (kind === undefined) return ok({ password: word });
  const hash = word.slice(kind.prefix.length).toLowerCase();
  if (hash.length !== kind.digits || !/^[0-9a-f]+$/.test(hash)) {
    return err(`Cannot use line: ${kind.prefix} needs ${kind.digits} hex digits`);
  }
  return ok({ [kind.key]: hash });
}

/** A hash of each kind makes one user; a second password, or a second hash of one kind, contradicts the first. */
function mergeSecrets(first: UserSecret, second: UserSecret): UserSecret | undefined {
  const isClear = first.password !== undefined || second.password !== undefined;
  const isTwice = Object.keys(second).some((key) => Object.hasOwn(first, key));
  return isClear || isTwice ? undefined : { ...first, ...second };
}
