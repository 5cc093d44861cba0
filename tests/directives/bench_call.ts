import { headerValue, responseTo, statusOf } from "../../src/cli/demo/sip_text.ts";
import type { Place } from "../../src/cli/demo/demo_party.ts";
import { SipPeer } from "../support/sip_peer.ts";
import { PATIENCE_MS, PHONE, PROVIDER, sdpLines, type SipBench } from "./directive_bench.ts";

/** A call that is up: what its parties know, and their media sockets. */
export interface BenchCall {
  readonly callId: string;
  readonly media: { readonly phone: SipPeer; readonly provider: SipPeer };
  /** Where each party was told to send media. */
  readonly told: { readonly phone: Place; readonly provider: Place };
  readonly close: () => void;
}

/** Lines of a session description besides those that name the place. */
export interface Described {
  readonly attribute?: "inactive" | "sendrecv";
}

/** An audio description of a place. */
export function audioAt(place: Place, { attribute = "sendrecv" }: Described = {}): string {
  const { hostname, port } = place;
  const lines = ["v=0", `o=- 1 1 IN IP4 ${hostname}`, "s=-", `c=IN IP4 ${hostname}`, "t=0 0"];
  return [...lines, `m=audio ${port} RTP/AVP 0`, `a=${attribute}`, ""].join("\r\n");
}

/** Place of the media that a message describes. */
export function mediaPlace(text: string | undefined): Place {
  const hostname = sdpLines(text, "c")[0]?.split(" ").at(-1) ?? "";
  return { hostname, port: Number(sdpLines(text, "m")[0]?.split(" ")[1] ?? 0) };
}

/** Rings the provider for alice; gives the INVITE that it got, or the status that she heard in its place. */
export async function ring(bench: SipBench, body: string): Promise<{
  readonly invite: string | undefined;
  readonly refusal: number | undefined;
}> {
  await bench.phone.send(bench.request("INVITE", { body }), bench.lan);
  const endMs = performance.now() + PATIENCE_MS;
  while (performance.now() < endMs) {
    const invite = await bench.provider.next(20);
    if (invite !== undefined) return { invite: invite.text, refusal: undefined };
    const status = statusOf((await bench.phone.next(1))?.text ?? "");
    if (status !== undefined && status >= 300) return { invite: undefined, refusal: status };
  }
  return { invite: undefined, refusal: undefined };
}

/** The provider does not take a call; its ports are free again when the phone has heard of it. */
export async function refuse(bench: SipBench, invite: string | undefined): Promise<void> {
  if (invite === undefined) return;
  await bench.provider.send(responseTo(invite, { status: "486 Busy Here", toTag: "b" }), bench.wan);
  while (statusOf((await bench.phone.next(PATIENCE_MS))?.text ?? "") === 100);
}

/** A call of alice's that the provider takes. */
export async function call(bench: SipBench, described: Described = {}): Promise<BenchCall> {
  const media = { phone: new SipPeer(PHONE), provider: new SipPeer(PROVIDER) };
  await bench.register();
  bench.forget();
  const { invite, refusal } = await ring(bench, audioAt(media.phone, described));
  if (invite === undefined) throw new Error(`the call is refused: ${refusal ?? "no answer"}`);
  const answer = responseTo(invite, {
    status: "200 OK",
    toTag: "b",
    headers: [["Contact", `<sip:bob@${bench.domain}>`], ["Content-Type", "application/sdp"]],
    body: audioAt(media.provider, described),
  });
  await bench.provider.send(answer, bench.wan);
  let heard = await bench.phone.next(PATIENCE_MS);
  while (statusOf(heard?.text ?? "") === 100) heard = await bench.phone.next(PATIENCE_MS);
  return {
    callId: headerValue(heard?.text ?? "", "Call-ID"),
    media,
    told: { phone: mediaPlace(heard?.text), provider: mediaPlace(invite) },
    close: () => {
      media.phone.close();
      media.provider.close();
    },
  };
}

/** Who sends media to whom. */
export type Way = "in" | "out";

let packets = 0;

/** Sends one RTP packet and gives the time that it took; undefined when it does not come. */
export async function sendMedia(
  one: BenchCall,
  plan: { readonly way: Way; readonly patienceMs: number },
): Promise<number | undefined> {
  const sentAtMs = performance.now();
  const { mark, hearer } = await sendPacket(one, plan.way);
  const endMs = sentAtMs + plan.patienceMs;
  while (performance.now() < endMs) {
    const heard = await hearer.next(endMs - performance.now());
    if (heard?.text.includes(mark) === true) return performance.now() - sentAtMs;
  }
  return undefined;
}

/** Sends until something is heard: the relay learns the parties of a new call in a moment. */
export async function sendUntilHeard(one: BenchCall, way: Way): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (performance.now() < endMs) {
    const { hearer } = await sendPacket(one, way);
    if (await hearer.next(50) !== undefined) return;
  }
}

async function sendPacket({ media, told }: BenchCall, way: Way) {
  const [from, hearer, via] = way === "in"
    ? [media.provider, media.phone, told.provider]
    : [media.phone, media.provider, told.phone];
  const mark = `packet ${++packets};`;
  await from.send(rtpPacket(mark), via);
  return { mark, hearer };
}

/** RTP header of G.711 (RFC 3550 §5.1), then the mark. */
function rtpPacket(mark: string): Uint8Array {
  const packet = new Uint8Array(172);
  const view = new DataView(packet.buffer);
  view.setUint16(0, 0x8000);
  view.setUint16(2, packets);
  view.setUint32(4, packets * 160);
  new TextEncoder().encodeInto(mark, packet.subarray(12));
  return packet;
}
