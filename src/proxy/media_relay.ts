import type { IpAddress } from "../base/ip_address.ts";
import { shownInFamily } from "../base/side_addresses.ts";
import { otherSide, type Side } from "../base/socket_address.ts";
import { permitTarget } from "../rtp/target_policy.ts";
import type { RelayParty } from "../rtp/relay_command.ts";
import { type AnnouncedAddress, type MediaPlanLine, planMedia } from "../sdp/media_plan.ts";
import { parseSdp } from "../sdp/parse_sdp.ts";
import { rejectMedia } from "../sdp/reject_media.ts";
import { rewriteSdp } from "../sdp/rewrite_sdp.ts";
import type { SdpSession } from "../sdp/sdp_session.ts";
import { type AnyContext, sourceAddress } from "./context.ts";
import type { CallStream, DialogRecord } from "./dialog_table.ts";
import {
  hasMoved,
  type LegFamilies,
  legFamilies,
  type PairsOfLine,
  takePairs,
} from "./media_pairs.ts";
import { isLostBranch } from "./lost_branch.ts";
import { isStranded } from "./stranded_stream.ts";

/** What became of a session description. */
export type MediaOutcome =
  | { readonly kind: "untouched"; readonly reason: string }
  | { readonly kind: "need"; readonly pairs: number; readonly families: LegFamilies }
  | { readonly kind: "no-ports" }
  | { readonly kind: "rewritten"; readonly body: string };

/** How to go on when the port range is empty: say so (an INVITE is refused), or switch the new lines off by port 0. */
export type PortShortage = "refuse" | "switch-off";

/**
 * Puts a relay between the two parties of a leg, for every media line of a session description (RFC 3264, RFC 8866).
 *
 * The party that sent the description is the one whose address it announces; the other one is told ours.
 *
 * @param description the SDP body, latin1, and what to do when ports run out
 * @param context the run; its dialog and actions are extended
 * @returns the body with our addresses, or why there is none
 */
export function relaySdp(
  description: { readonly body: string; readonly shortage: PortShortage },
  context: AnyContext,
): MediaOutcome {
  const { dialog } = context;
  const fromSide: Side = context.direction === "outgoing" ? "lan" : "wan";
  const parsed = parseSdp(description.body);
  if (!parsed.ok) return { kind: "untouched", reason: parsed.error };
  const plan = planMedia(parsed.value);
  const families = legFamilies(plan.ok ? plan.value : [], context);
  const toSide = otherSide(fromSide);
  const shown = shownInFamily(context.env.own, { side: toSide, family: families[toSide] });
  if (shown === undefined) return { kind: "untouched", reason: "no-address" };
  if (dialog === undefined) return withoutLeg(parsed.value, { fromSide, shown });
  if (!plan.ok) return { kind: "untouched", reason: plan.error };
  if (isLostBranch(dialog, context.checked)) {
    return ofLostBranch(parsed.value, { streams: dialog.streams, fromSide, shown });
  }
  const leg = { side: fromSide, family: families[fromSide] };
  const fresh = plan.value.filter((line) => {
    const stream = streamOf(dialog, line.index);
    // Only who offers can move: what is answered must fit the ports that were offered.
    const isOffer = description.shortage === "refuse";
    return stream === undefined ||
      (isOffer && (isStranded(stream, context.env.own) || hasMoved(stream, { line, ...leg })));
  });
  const pairs = takePairs(fresh, { context, families });
  if (pairs === undefined && !context.env.mediaExhausted) {
    return { kind: "need", pairs: fresh.length, families };
  }
  if (pairs === undefined && description.shortage === "refuse") return { kind: "no-ports" };
  const session = pairs === undefined
    ? rejectMedia(parsed.value, fresh.map((line) => line.index))
    : parsed.value;
  const lines = pairs === undefined
    ? plan.value.filter((line) => !fresh.includes(line))
    : plan.value;
  const { shortage } = description;
  const job = { dialog, shortage, lines, session, pairs: pairs ?? new Map() };
  const streams = openStreams(job, context);
  const announced = streams.map((stream) => announce({ stream, lines, fromSide }, context));
  context.dialog = hasSameStreams(dialog, announced) ? dialog : { ...dialog, streams: announced };
  return { kind: "rewritten", body: rewrite({ session, streams: announced, fromSide }, shown) };
}

/**
 * A description that belongs to no leg (its call has just ended, or began before a restart) cannot be relayed: what goes
 * out then hides the phone and offers nothing, what comes in passes as it is.
 */
function withoutLeg(
  session: SdpSession,
  job: { readonly fromSide: Side; readonly shown: IpAddress },
): MediaOutcome {
  if (job.fromSide === "wan") return { kind: "untouched", reason: "no-dialog" };
  const closed = rejectMedia(session, session.media.map((media) => media.index));
  return {
    kind: "rewritten",
    body: rewriteSdp(closed, { connectionAddress: job.shown, media: [] }),
  };
}

/** What a branch says that lost the call is shown as it would be, and moves nothing. */
function ofLostBranch(
  session: SdpSession,
  job: {
    readonly streams: readonly CallStream[];
    readonly fromSide: Side;
    readonly shown: IpAddress;
  },
): MediaOutcome {
  const { streams, fromSide, shown } = job;
  const relayed = new Set(streams.map(({ mediaIndex }) => mediaIndex));
  const others = session.media.map(({ index }) => index).filter((index) => !relayed.has(index));
  const closed = rejectMedia(session, others);
  return { kind: "rewritten", body: rewrite({ session: closed, streams, fromSide }, shown) };
}

function hasSameStreams(dialog: DialogRecord, streams: readonly CallStream[]): boolean {
  return streams.length === dialog.streams.length &&
    streams.every((stream, index) => stream === dialog.streams[index]);
}

function streamOf(dialog: DialogRecord, mediaIndex: number): CallStream | undefined {
  return dialog.streams.find((stream) => stream.mediaIndex === mediaIndex);
}

/**
 * Opens what is new; closes what it replaces, and what is agreed to be off: port 0 in an answer (RFC 3264 §8.2). An offer
 * may be refused, and then everything stays as it was (RFC 3261 §14.1); of a far end that forks another may say yes.
 */
function openStreams(
  job: {
    readonly dialog: DialogRecord;
    readonly shortage: PortShortage;
    readonly lines: readonly MediaPlanLine[];
    readonly session: SdpSession;
    readonly pairs: PairsOfLine;
  },
  context: AnyContext,
): readonly CallStream[] {
  const streams: CallStream[] = [];
  const isAgreed = job.shortage === "switch-off" && job.dialog.phase !== "early";
  for (const stream of job.dialog.streams) {
    const isReplaced = job.pairs.has(stream.mediaIndex);
    const isOff = isAgreed && job.session.media[stream.mediaIndex]?.port === 0;
    if (isReplaced || isOff) {
      const command = { kind: "close", streamId: stream.streamId } as const;
      context.actions.push({ kind: "relay", command });
    } else {
      streams.push(stream);
    }
  }
  for (const line of job.lines) {
    const pair = job.pairs.get(line.index);
    if (pair === undefined) continue;
    const { lan: lanPair, wan: wanPair } = pair;
    const streamId = lanPair.pairId;
    const common = { streamId, mediaIndex: line.index, payload: line.payload };
    const { callId } = job.dialog;
    const ids = { lanPairId: lanPair.pairId, wanPairId: wanPair.pairId };
    context.actions.push({ kind: "relay", command: { kind: "open", callId, ...common, ...ids } });
    streams.push({ ...common, lanPair, wanPair, lanParty: undefined, wanParty: undefined });
  }
  return streams;
}

function announce(
  job: {
    readonly stream: CallStream;
    readonly lines: readonly MediaPlanLine[];
    readonly fromSide: Side;
  },
  context: AnyContext,
): CallStream {
  const { stream, fromSide } = job;
  const line = job.lines.find((candidate) => candidate.index === stream.mediaIndex);
  if (line === undefined) return stream;
  const bound = (fromSide === "lan" ? stream.lanPair : stream.wanPair).address;
  const party: RelayParty = {
    rtp: permitted(line.rtp, { context, bound }),
    rtcp: permitted(line.rtcp, { context, bound }),
    written: `${line.rtp.text}:${line.rtp.port}`,
    flow: line.flow,
    payload: line.payload,
  };
  const known = fromSide === "lan" ? stream.lanParty : stream.wanParty;
  if (known !== undefined && sameParty(known, party)) return stream;
  const { streamId } = stream;
  context.actions.push({
    kind: "relay",
    command: { kind: "announce", streamId, side: fromSide, party },
  });
  return fromSide === "lan" ? { ...stream, lanParty: party } : { ...stream, wanParty: party };
}

/** R23: an address that must not be sent to is left out; the relay then waits for that party's first packet. */
function permitted(
  announced: AnnouncedAddress,
  leg: { readonly context: AnyContext; readonly bound: IpAddress },
): RelayParty["rtp"] {
  const { context, bound } = leg;
  if (announced.address === undefined) return undefined;
  const target = { address: announced.address, port: announced.port };
  const { rtp, sip } = context.config;
  const verdict = permitTarget(target, {
    side: context.direction === "outgoing" ? "lan" : "wan",
    peer: sourceAddress(context),
    own: context.env.own,
    bound,
    ownPorts: { mediaLow: rtp.portLow, mediaHigh: rtp.portHigh + 1, sip: sip.listenPort },
    isRegisteredPhone: (address: IpAddress) => context.state.bindings.isPhone(address),
  });
  return verdict === "wait" ? undefined : target;
}

function sameParty(left: RelayParty, right: RelayParty): boolean {
  return left.flow === right.flow && left.written === right.written &&
    left.payload === right.payload &&
    left.rtp?.address === right.rtp?.address &&
    left.rtp?.port === right.rtp?.port && left.rtcp?.address === right.rtcp?.address &&
    left.rtcp?.port === right.rtcp?.port;
}

function rewrite(
  job: {
    readonly session: SdpSession;
    readonly streams: readonly CallStream[];
    readonly fromSide: Side;
  },
  shown: IpAddress,
): string {
  const toSide = otherSide(job.fromSide);
  const media = job.streams.map((stream) => {
    const pair = toSide === "lan" ? stream.lanPair : stream.wanPair;
    return { index: stream.mediaIndex, rtpPort: pair.rtpPort, rtcpPort: pair.rtpPort + 1 };
  });
  return rewriteSdp(job.session, { connectionAddress: shown, media });
}
