import { createHash } from "node:crypto";

/** Whose password answers a challenge, and for what request. */
export interface DigestAnswer {
  readonly user: string;
  readonly password: string;
  readonly uri: string;
  readonly method?: string;
  /** 1 by default; a client of before qop when `none`. */
  readonly nonceCount?: number | "none";
  readonly cnonce?: string;
}

/** Makes the Proxy-Authorization value that a phone answers a Proxy-Authenticate value with. */
export function answerChallenge(challenge: string, answer: DigestAnswer): string {
  const { user, password, uri, method = "REGISTER", nonceCount = 1, cnonce = "0a4f113b" } = answer;
  const realm = challengeValue(challenge, "realm");
  const nonce = challengeValue(challenge, "nonce");
  const algorithm = /algorithm=([A-Z0-9-]+)/.exec(challenge)?.[1];
  const hash = (text: string) =>
    createHash(algorithm === "SHA-256" ? "sha256" : "md5").update(text).digest("hex");
  const ha1 = hash(`${user}:${realm}:${password}`);
  const ha2 = hash(`${method}:${uri}`);
  const head = `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}"`;
  const named = algorithm === undefined ? head : `${head}, algorithm=${algorithm}`;
  if (nonceCount === "none" || !challenge.includes("qop=")) {
    return `${named}, response="${hash(`${ha1}:${nonce}:${ha2}`)}"`;
  }
  const count = nonceCount.toString(16).padStart(8, "0");
  const response = hash(`${ha1}:${nonce}:${count}:${cnonce}:auth:${ha2}`);
  return `${named}, qop=auth, nc=${count}, cnonce="${cnonce}", response="${response}"`;
}

/** Cuts a quoted value out of a challenge. */
export function challengeValue(challenge: string, name: string): string {
  return new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? "";
}
