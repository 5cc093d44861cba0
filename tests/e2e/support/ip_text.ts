/** Addresses as URIs, programs' arguments and configurations write them. */

/** Gives an address as a host: IPv6 in brackets. */
export function hostOf(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
