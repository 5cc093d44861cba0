/** Compact forms of header names: RFC 3261 §7.3.3 and the IANA registry of SIP header fields. */
const COMPACT_FORMS: Readonly<Record<string, string>> = {
  a: "accept-contact",
  b: "referred-by",
  c: "content-type",
  d: "request-disposition",
  e: "content-encoding",
  f: "from",
  i: "call-id",
  j: "reject-contact",
  k: "supported",
  l: "content-length",
  m: "contact",
  n: "identity-info",
  o: "event",
  r: "refer-to",
  s: "subject",
  t: "to",
  u: "allow-events",
  v: "via",
  x: "session-expires",
  y: "identity",
};

/** Usual spellings; a hit saves lower-casing, which is half of the cost of scanning a header line. */
const USUAL_SPELLINGS: readonly string[] = [
  "Accept",
  "Allow",
  "Allow-Events",
  "Authorization",
  "CSeq",
  "Call-ID",
  "Contact",
  "Content-Disposition",
  "Content-Length",
  "Content-Type",
  "Date",
  "Event",
  "Expires",
  "From",
  "Max-Forwards",
  "Min-SE",
  "P-Asserted-Identity",
  "Path",
  "Proxy-Authenticate",
  "Proxy-Authorization",
  "Proxy-Require",
  "Record-Route",
  "Refer-To",
  "Require",
  "Route",
  "Server",
  "Service-Route",
  "Session-Expires",
  "Subscription-State",
  "Supported",
  "To",
  "User-Agent",
  "Via",
  "WWW-Authenticate",
];

const keyBySpelling: ReadonlyMap<string, string> = buildSpellings();

function buildSpellings(): Map<string, string> {
  const keys = new Map<string, string>();
  for (const spelling of USUAL_SPELLINGS) keys.set(spelling, spelling.toLowerCase());
  for (const [letter, key] of Object.entries(COMPACT_FORMS)) {
    keys.set(letter, key).set(letter.toUpperCase(), key);
  }
  return keys;
}

/**
 * Gives the canonical name of a header: lower case, compact forms expanded, so that no spelling escapes a rule (R8).
 *
 * @param name the name as written, without blanks
 * @returns the key that all functions of headers.ts take
 * @example Compact form
 * ```ts
 * import { headerKey } from "./header_name.ts";
 * if (headerKey("v") !== "via" || headerKey("CALL-ID") !== "call-id") throw new Error("unexpected");
 * ```
 */
export function headerKey(name: string): string {
  return keyBySpelling.get(name) ?? name.toLowerCase();
}
