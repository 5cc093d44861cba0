/** Digest authentication as a client does it (RFC 2617, MD5, with and without qop). */

import { createHash } from "node:crypto";

/** Who answers a challenge, and for what. */
export interface DigestOptions {
  readonly method: string;
  readonly uri: string;
  readonly user: string;
  readonly password: string;
}

/** Value for Authorization or Proxy-Authorization, made from the value of the challenge. */
export function authorization(challenge: string, options: DigestOptions): string {
  const realm = quoted(challenge, "realm");
  const nonce = quoted(challenge, "nonce");
  const ha1 = md5(`${options.user}:${realm}:${options.password}`);
  const ha2 = md5(`${options.method}:${options.uri}`);
  const common = `Digest username="${options.user}", realm="${realm}", nonce="${nonce}", ` +
    `uri="${options.uri}"`;
  if (!/qop/i.test(challenge)) return `${common}, response="${md5(`${ha1}:${nonce}:${ha2}`)}"`;
  const cnonce = md5(`${nonce}:${options.uri}`).slice(0, 16);
  const response = md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${ha2}`);
  return `${common}, qop=auth, nc=00000001, cnonce="${cnonce}", response="${response}"`;
}

function quoted(challenge: string, name: string): string {
  return new RegExp(`${name}="([^"]*)"`, "i").exec(challenge)?.[1] ?? "";
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
