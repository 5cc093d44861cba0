import type { SdpLine } from "./sdp_line.ts";

/** Address of an `o=`, `c=` or `a=rtcp` line. */
export interface SdpAddress {
  /** `IP4`, `IP6`, or what else stood there. */
  readonly addressType: string;
  /** Literal or name as written, without the `/ttl` of a multicast address (RFC 8866 §5.7). */
  readonly address: string;
}

/** Where a party wants its RTCP, by `a=rtcp` (RFC 3605 §2.1). */
export interface SdpRtcp {
  readonly port: number;
  /** Undefined when the line names a port only: then it is the address of the media. */
  readonly address: SdpAddress | undefined;
}

/** One `m=` section. */
export interface SdpMedia {
  /** Position among the m= lines, from 0. */
  readonly index: number;
  /** `audio`, `video`, `image`, `application` … */
  readonly media: string;
  /** 0 … 65535; 0 is a refused or switched-off line (RFC 3264 §6). */
  readonly port: number;
  /** The `/n` after the port; 1 when there is none. */
  readonly portCount: number;
  /** Such as `RTP/AVP`. */
  readonly protocol: string;
  readonly formats: readonly string[];
  /** Its own `c=`, the first one if there are several. */
  readonly connection: SdpAddress | undefined;
  /** Address of its own `c=`, else of the session's. */
  readonly effectiveAddress: string | undefined;
  /** Type of the effective address. */
  readonly addressType: string | undefined;
  /** `held` by 0.0.0.0, `::`, sendonly or inactive: media is not expected both ways (RFC 3264 §8.4). */
  readonly flow: "active" | "held";
  readonly rtcp: SdpRtcp | undefined;
  /** Whether RTP and RTCP may share the port (RFC 5761 §5.1.1). */
  readonly rtcpMux: "offered" | "none";
}

/** A session description as an ordered list of lines, with what a relay must know decoded. */
export interface SdpSession {
  readonly lines: readonly SdpLine[];
  readonly origin: SdpAddress | undefined;
  /** The session's `c=`. */
  readonly connection: SdpAddress | undefined;
  readonly media: readonly SdpMedia[];
}

/**
 * Tells the old form of hold, an unspecified address (RFC 3264 §8.4), which is never rewritten and never sent to.
 *
 * @param address text of a c= line
 * @returns true for 0.0.0.0 and every way to write `::`
 */
export function isUnspecifiedText(address: string): boolean {
  if (address === "0.0.0.0") return true;
  if (!address.includes(":")) return false;
  for (let index = 0; index < address.length; index++) {
    const code = address.charCodeAt(index);
    if (code !== 0x30 && code !== 0x3a) return false;
  }
  return true;
}
