import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import { err, ok, type Result } from "../base/result.ts";
import type { SdpMedia, SdpSession } from "./sdp_session.ts";

/** An address and port that a party announced, as text and, where it is a literal, decoded. */
export interface AnnouncedAddress {
  /** As written in the c= or a=rtcp line. */
  readonly text: string;
  /** Undefined for a name or anything else that is no literal: it can't be sent to. */
  readonly address: IpAddress | undefined;
  /** 1 … 65535. */
  readonly port: number;
}

/** One media line that wants a relay. */
export interface MediaPlanLine {
  /** Position of the m= line, from 0. */
  readonly index: number;
  /** `rtp` packets carry a header that can be checked; `other` (UDPTL, BFCP) pass as they are. */
  readonly payload: "rtp" | "other";
  readonly rtp: AnnouncedAddress;
  /** RTP port + 1 unless `a=rtcp` says otherwise (RFC 3605 §2.1). */
  readonly rtcp: AnnouncedAddress;
  readonly flow: "active" | "held";
}

/**
 * Lists what has to be relayed: every media line with a port, whatever its protocol.
 *
 * @param session what {@linkcode parseSdp} gave
 * @returns the lines, or why the body must stay untouched: a media line that is on and has no address
 */
export function planMedia(session: SdpSession): Result<readonly MediaPlanLine[]> {
  const lines: MediaPlanLine[] = [];
  for (const media of session.media) {
    // Many answers give a line that they switch off no address either (RFC 3264 §6 wants but the port).
    if (media.port === 0) continue;
    const text = media.effectiveAddress;
    if (text === undefined) {
      return err(`Cannot relay media ${media.index}: neither it nor the session has a c= line`);
    }
    lines.push(planLine(media, text));
  }
  return ok(lines);
}

function planLine(media: SdpMedia, text: string): MediaPlanLine {
  const rtcp = media.rtcp;
  const defaultPort = media.port < 65535 ? media.port + 1 : media.port;
  const rtcpPort = rtcp === undefined || rtcp.port === 0 ? defaultPort : rtcp.port;
  return {
    index: media.index,
    payload: payloadOf(media.protocol),
    rtp: announced(text, media.port),
    rtcp: announced(rtcp?.address?.address ?? text, rtcpPort),
    flow: media.flow,
  };
}

function announced(text: string, port: number): AnnouncedAddress {
  return { text, address: parseIpAddress(text), port };
}

/** RTP/AVP, RTP/SAVPF, UDP/TLS/RTP/SAVP … have an RTP part; udptl, TCP/BFCP, UDP/DTLS/SCTP have none. */
function payloadOf(protocol: string): "rtp" | "other" {
  return protocol.toUpperCase().split("/").includes("RTP") ? "rtp" : "other";
}
