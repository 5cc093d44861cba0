/** The place of the brand in the type; no value has it. */
export declare const brandName: unique symbol;

/** A value that passed a check once, so that the type remembers it: `Brand<string, "IpAddress">`. */
export type Brand<Base, Name extends string> = Base & { readonly [brandName]: Name };

/** An IPv4 dotted quad or an IPv6 text in RFC 5952 form, without brackets; IPv4-mapped is folded to IPv4. */
export type IpAddress = Brand<string, "IpAddress">;

/**
 * Marks a text as an address; only `ip_address.ts` calls it, after its strict parser said yes.
 *
 * @param canonicalText a dotted quad or an RFC 5952 text
 * @returns the same text, branded
 */
export function brandIpAddress(canonicalText: string): IpAddress {
  return canonicalText as IpAddress;
}
