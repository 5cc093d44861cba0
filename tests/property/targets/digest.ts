import { createHash } from "node:crypto";
import { checkDigest, digestResponse } from "../../../src/auth/check_digest.ts";
import { type DigestCredentials, findCredentials } from "../../../src/auth/credentials.ts";
import { parsePasswordFile } from "../../../src/auth/password_file.ts";
import { userPasswords } from "../../../src/auth/passwords.ts";
import { decodeLatin1, encodeLatin1 } from "../../../src/base/text.ts";
import type { Dice } from "../dice.ts";
import { USERS } from "../dictionary.ts";
import { mutate } from "../mutate.ts";
import { broken, type Target } from "../target.ts";

const REALM = "example";
const PASSWORD = "s3cret";
const METHOD = "REGISTER";
const PASSWORDS = userPasswords(
  new Map([["alice", { password: PASSWORD }], ["bob", { ha1Md5: "0".repeat(32) }]]),
);

const PIECES: readonly string[] = [
  'realm="example"',
  'realm="other"',
  "realm=example",
  'nonce="65f1a2b3c4"',
  'uri="sip:192.0.2.10"',
  'uri="sip:a\\"b"',
  "algorithm=MD5",
  "algorithm=SHA-256",
  "algorithm=md5-sess",
  "qop=auth",
  'qop="auth-int"',
  "nc=00000001",
  "nc=0x1",
  'cnonce="0a4f113b"',
  'opaque=""',
  "stale=true",
  'response="00000000000000000000000000000000"',
  "response=",
  ",,",
];

/** Fields as phones write them, the right answer now and then, and such as only an attacker would. */
function fieldText(dice: Dice): string {
  const user = dice.oneIn(3) ? dice.pick(USERS) : "alice";
  if (dice.oneIn(3)) return rightField(user, dice.oneIn(2) ? "auth" : "none");
  const pieces = dice.times(dice.between(0, 9), () => dice.pick(PIECES));
  const scheme = dice.pick(["Digest ", "digest\t", "Digest", "Basic ", "Digest  ,", ""]);
  return `${scheme}${[`username="${user}"`, ...pieces].join(dice.pick([", ", ",", " ,\t"]))}`;
}

function rightField(username: string, qop: "auth" | "none"): string {
  const common = { nonce: "65f1a2b3c4", uri: "sip:192.0.2.10" };
  const protection = qop === "none"
    ? undefined
    : { qop: "auth", nonceCount: "00000001", cnonce: "0a4f113b" };
  const ha1 = createHash("md5").update(`${username}:${REALM}:${PASSWORD}`, "latin1").digest("hex");
  const secrets = { algorithm: "MD5", ha1, method: METHOD } as const;
  const response = digestResponse({ ...common, protection }, secrets);
  const more = qop === "none" ? "" : ', qop=auth, nc=00000001, cnonce="0a4f113b"';
  return `Digest username="${username}", realm="${REALM}", nonce="${common.nonce}", ` +
    `uri="${common.uri}", response="${response}"${more}`;
}

/** Credentials of a request: what is accepted was computed from the password, whatever else the field says. */
export const DIGEST: Target = {
  name: "digest",
  generate(dice) {
    const fields = dice.times(dice.between(1, 3), () => {
      const text = fieldText(dice);
      return dice.oneIn(3) ? text : mutate(text, dice);
    });
    return encodeLatin1(fields.join("\n"));
  },
  run(input): void {
    const text = decodeLatin1(input);
    const reading = findCredentials(text.split("\n"), REALM);
    if (reading.kind === "malformed" && /[\r\n\0]/.test(reading.reason)) {
      broken("a reason has two lines", reading.reason);
    }
    if (reading.kind !== "digest") return;
    const { credentials } = reading;
    if (credentials.realm !== REALM) broken("credentials of another realm are looked into", text);
    for (const name of ["username", "nonce", "uri", "response"] as const) {
      if (credentials[name] === "") broken(`${name} is empty`, text);
    }
    const verdict = checkDigest(credentials, { method: METHOD, passwords: PASSWORDS });
    if (verdict === "right" && credentials.username === "alice" && !isComputed(credentials)) {
      broken("a wrong digest is accepted", text);
    }
    if (verdict === "right" && !["alice", "bob"].includes(credentials.username)) {
      broken("a user that is not listed gets in", text);
    }
    if (checkDigest(credentials, { method: "INVITE", passwords: PASSWORDS }) === "right") {
      broken("a digest of another method is accepted", text);
    }
  },
};

/** The check once more, written from RFC 7616 §3.4.1. */
function isComputed(credentials: DigestCredentials): boolean {
  const { username, nonce, uri, protection, response } = credentials;
  const kind = credentials.algorithm?.toUpperCase() === "SHA-256" ? "sha256" : "md5";
  const hash = (text: string) => createHash(kind).update(text, "latin1").digest("hex");
  const middle = protection === undefined
    ? nonce
    : [nonce, protection.nonceCount, protection.cnonce, protection.qop].join(":");
  const expected = `${hash(`${username}:${REALM}:${PASSWORD}`)}:${middle}:${
    hash(`${METHOD}:${uri}`)
  }`;
  return hash(expected) === response.toLowerCase();
}

/** The password file: whatever is in it, at most one user a line, and no issue tells a word of it. */
export const PASSWORD_FILE: Target = {
  name: "password-file",
  generate(dice) {
    const line = () =>
      dice.pick([
        "alice s3cretword",
        `bob HA1:${"a".repeat(32)}`,
        `bob HA1-SHA256:${"b".repeat(64)}`,
        "# comment",
        `carol HA1:${"z".repeat(32)}`,
        "dave",
        "\t \r",
      ]);
    const text = dice.times(dice.below(8), line).join("\n");
    return encodeLatin1(dice.oneIn(4) ? text : mutate(text, dice));
  },
  run(input): void {
    const text = decodeLatin1(input);
    const { users, issues } = parsePasswordFile(text);
    if (users.size > text.split("\n").length) broken("a line gives two users", text);
    if (users.has("")) broken("a user without a name", text);
    for (const { message } of issues) {
      if (message.includes("s3cretword")) broken("an issue tells a password", message);
    }
  },
};
