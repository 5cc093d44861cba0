import { readAuthParameters } from "./auth_parameters.ts";

/** What a client says to prove that it knows a password (RFC 7616 §3.4); values without quotes. */
export interface DigestCredentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  /** As written; undefined means MD5. */
  readonly algorithm: string | undefined;
  /** Undefined for clients of RFC 2069. */
  readonly protection: NonceUse | undefined;
}

/** What makes one use of a nonce unlike every other one. */
export interface NonceUse {
  /** As written, `auth` normally. */
  readonly qop: string;
  /** As written, since it is hashed so. */
  readonly nonceCount: string;
  readonly cnonce: string;
}

/** Whose a credentials field is, and whether it can be used. */
export type CredentialsReading =
  | { readonly kind: "digest"; readonly credentials: DigestCredentials }
  /** Another scheme, or another realm: for somebody else. */
  | { readonly kind: "foreign" }
  | { readonly kind: "malformed"; readonly reason: string };

const SCHEME = "digest";

/** Parameters without which nothing can be checked. */
const REQUIRED = ["username", "nonce", "uri", "response"] as const;

/** RFC 7616 §3.4: eight hex digits; some clients write fewer. */
const NONCE_COUNT = /^[0-9a-f]{1,8}$/i;

/**
 * Reads one Proxy-Authorization value.
 *
 * @param value the field value
 * @param realm our realm: credentials of another one are not looked into
 * @returns the credentials, or why they are none of ours
 */
export function readCredentials(value: string, realm: string): CredentialsReading {
  const blank = value.search(/[ \t]/);
  const scheme = blank < 0 ? value : value.slice(0, blank);
  if (scheme.toLowerCase() !== SCHEME) return { kind: "foreign" };
  const { values, problem } = readAuthParameters(value, scheme.length);
  const named = values.get("realm");
  if (named !== undefined && named !== realm) return { kind: "foreign" };
  if (problem !== undefined) return { kind: "malformed", reason: problem };
  return named === undefined ? missing("realm") : complete(values, realm);
}

function complete(values: ReadonlyMap<string, string>, realm: string): CredentialsReading {
  const [username, nonce, uri, response] = REQUIRED.map((name) => values.get(name) ?? "");
  if (!username || !nonce || !uri || !response) {
    return missing(REQUIRED.find((name) => !values.get(name)) ?? "a parameter");
  }
  const common = { username, realm, nonce, uri, response, algorithm: values.get("algorithm") };
  const qop = values.get("qop");
  if (qop === undefined) {
    return { kind: "digest", credentials: { ...common, protection: undefined } };
  }
  const nonceCount = values.get("nc");
  const cnonce = values.get("cnonce");
  if (nonceCount === undefined) return missing("nc");
  if (cnonce === undefined) return missing("cnonce");
  if (!NONCE_COUNT.test(nonceCount)) {
    return { kind: "malformed", reason: "Cannot parse credentials: nc is no hex number" };
  }
  return { kind: "digest", credentials: { ...common, protection: { qop, nonceCount, cnonce } } };
}

function missing(name: string): CredentialsReading {
  return { kind: "malformed", reason: `Cannot use credentials: missing ${name}` };
}

/**
 * Finds the credentials for us among all that a request carries: a phone may hold some for every proxy on the way.
 *
 * @param values the Proxy-Authorization values in order
 * @param realm our realm
 * @returns the first usable ones; else the first malformed ones; else foreign
 */
export function findCredentials(values: readonly string[], realm: string): CredentialsReading {
  const readings = values.map((value) => readCredentials(value, realm));
  return readings.find(({ kind }) => kind === "digest") ??
    readings.find(({ kind }) => kind === "malformed") ?? { kind: "foreign" };
}
