/** What every profile has. */
interface ProfileCommon {
  /** Section name, and value of `plugin_profile_name`. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Headers to take out of what phones send, in lower case. */
  readonly remove: readonly string[];
}

/** A network in the form that `PluginHost.isIn` takes. */
export interface ProfileNetwork {
  readonly kind: "address";
  readonly host: string;
  readonly bits: number;
}

/** What a provider needs. */
export interface ProviderProfile extends ProfileCommon {
  readonly kind: "provider";
  /** Its domains in lower case; names below them are meant too. */
  readonly domains: readonly string[];
  /** `srv`: a port beside the domain is not heeded, SRV records decide (RFC 3263 §4.2). */
  readonly locate: "srv" | "port";
  /** Server of the domains; undefined when they are its names. */
  readonly host: string | undefined;
  /** Rest between two keep-alives of registered phones; undefined for none. */
  readonly keepaliveSeconds: number | undefined;
  /** Senders of answers in which our own Via may be spoilt. */
  readonly viaNetworks: readonly ProfileNetwork[];
  /** What is dialled for `+`; numbers that begin with it are written with `+`. Undefined leaves numbers alone. */
  readonly international: string | undefined;
  /** Longest request; undefined for any length. */
  readonly maxMessageLengthBytes: number | undefined;
  /** Headers that go, in this order, as long as a request is too long. */
  readonly spare: readonly string[];
}

/** What a maker's phones need. */
export interface PhoneProfile extends ProfileCommon {
  readonly kind: "phone";
  /** Parts of its User-Agent in lower case. */
  readonly products: readonly string[];
  /** `registered`: a Contact with an unknown user gets the user that is registered from there. */
  readonly contact: "registered" | "sent";
}

/** A profile of either kind. */
export type Profile = ProviderProfile | PhoneProfile;
