import type { Parameter } from "./parameters.ts";

/** One `;name=value` of a URI, as written. */
export type UriParameter = Parameter;

/** A `sip:` or `sips:` URI (RFC 3261 §19.1), its parts as written. */
export interface SipUri {
  /** The tag. */
  readonly kind: "sip";
  /** `sip` or `sips`, in lower case. */
  readonly scheme: "sip" | "sips";
  /** User part with its escapes, without the password; undefined when there is none. */
  readonly user: string | undefined;
  /** As written; undefined when there is none. */
  readonly password: string | undefined;
  /** Host as written; IPv6 keeps its brackets. */
  readonly host: string;
  /** Undefined when none is written. */
  readonly port: number | undefined;
  /** URI parameters in their order. */
  readonly parameters: readonly UriParameter[];
  /** Text after `?`, without it. */
  readonly headers: string | undefined;
  /** The whole URI as written. */
  readonly text: string;
}

/** A URI of any other scheme (`tel:`, `urn:` …): carried, compared as text, never looked into. */
export interface OtherUri {
  /** The tag. */
  readonly kind: "other";
  /** Scheme in lower case. */
  readonly scheme: string;
  /** Text after the colon. */
  readonly opaque: string;
  /** The whole URI as written. */
  readonly text: string;
}

/** Any URI that may stand in a SIP message. */
export type AnyUri = SipUri | OtherUri;

/** What a SIP URI is built from; what is left out is not written. */
export interface SipUriParts {
  /** `sip` when left out. */
  readonly scheme?: "sip" | "sips";
  /** With its escapes: see escapeUriUser. */
  readonly user?: string | undefined;
  /** Escaped. */
  readonly password?: string | undefined;
  /** IPv6 with brackets. */
  readonly host: string;
  /** None when left out. */
  readonly port?: number | undefined;
  /** URI parameters in their order. */
  readonly parameters?: readonly UriParameter[];
  /** What follows the `?`. */
  readonly headers?: string | undefined;
}
