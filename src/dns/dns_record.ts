/** The record types that locating a SIP server takes (RFC 3263 §4). */
export type DnsRecordType = "NAPTR" | "SRV" | "A" | "AAAA";

/** One question to a name server. */
export interface DnsQuestion {
  readonly type: DnsRecordType;
  /** Lower case, without the final dot. */
  readonly name: string;
}

/** A server selection record (RFC 2782). */
export interface SrvRecord {
  /** Lower is tried first. */
  readonly priority: number;
  /** Share among records of one priority. */
  readonly weight: number;
  readonly port: number;
  /** A host name; `.` or an empty text says that the service does not exist. */
  readonly target: string;
}

/** A naming authority pointer (RFC 3403) as far as RFC 3263 §4.1 uses it. */
export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  /** Such as `SIP+D2U`. */
  readonly services: string;
  readonly replacement: string;
}

/** What came back; no records, a name that does not exist and a server that failed look alike. */
export type DnsAnswer =
  | { readonly type: "NAPTR"; readonly records: readonly NaptrRecord[] }
  | { readonly type: "SRV"; readonly records: readonly SrvRecord[] }
  | { readonly type: "A" | "AAAA"; readonly records: readonly string[] };

/** Answers by {@linkcode questionKey}; a question that nobody answers stands there with no records. */
export type DnsAnswers = ReadonlyMap<string, DnsAnswer>;

/**
 * Names a question in a map.
 *
 * @param question the question
 * @returns such as `SRV _sip._udp.example.com`
 */
export function questionKey(question: DnsQuestion): string {
  return `${question.type} ${question.name}`;
}
