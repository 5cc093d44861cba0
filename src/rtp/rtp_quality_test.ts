import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  createRtpQuality,
  noteRtp,
  pauseRtp,
  rtpQuality,
  type RtpQualityFigures,
} from "./rtp_quality.ts";

/** One packet: sequence number, timestamp, when it came; payload type 0 of source 7 unless it says otherwise. */
interface Rtp {
  readonly sequence: number;
  readonly stamp: number;
  readonly atMs: number;
  readonly type?: number;
  readonly source?: number;
}

function packetOf({ sequence, stamp, type = 0, source = 7 }: Rtp): Uint8Array {
  const packet = new Uint8Array(172);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, type);
  view.setUint16(2, sequence & 0xffff);
  view.setUint32(4, stamp >>> 0);
  view.setUint32(8, source);
  return packet;
}

function qualityOf(packets: readonly Rtp[]): RtpQualityFigures | undefined {
  const quality = createRtpQuality();
  for (const rtp of packets) noteRtp(quality, packetOf(rtp), rtp.atMs);
  return rtpQuality(quality);
}

/** Speech in packets of 20 ms, as it should come. */
function speech(count: number, change: Partial<Rtp> & { readonly hz?: number } = {}): Rtp[] {
  const { hz = 8_000, ...rest } = change;
  return Array.from({ length: count }, (_, index) => ({
    ...rest,
    sequence: (change.sequence ?? 100) + index,
    stamp: (change.stamp ?? 5_000) + index * hz / 50,
    atMs: (change.atMs ?? 1_000) + index * 20,
  }));
}

/** Ratio and jitter rounded to a thousandth. */
function rounded(figures: RtpQualityFigures | undefined): readonly (number | undefined)[] {
  const round = (value: number | undefined) =>
    value === undefined ? undefined : Math.round(value * 1000) / 1000;
  return [round(figures?.lossRatio), round(figures?.jitterMs)];
}

Deno.test("rtpQuality() says nothing of less than a second", () => {
  strictEqual(qualityOf([]), undefined);
  strictEqual(qualityOf(speech(49)), undefined);
  deepStrictEqual(qualityOf(speech(50)), { lossRatio: 0, jitterMs: 0 });
});

Deno.test("rtpQuality() counts what never came", () => {
  const heard = speech(100).filter((_, index) => index % 10 !== 5);
  deepStrictEqual(rounded(qualityOf(heard)), [0.1, 0]);
});

Deno.test("rtpQuality() counts over the wrap of sequence numbers and timestamps", () => {
  const packets = speech(100, { sequence: 65_500, stamp: 0xffff_f000 });
  deepStrictEqual(qualityOf(packets), { lossRatio: 0, jitterMs: 0 });
});

Deno.test("rtpQuality() takes a late packet for received, and a doubled one for no gain", () => {
  const [first, second, third, ...others] = speech(60);
  if (first === undefined || second === undefined || third === undefined) throw new Error("short");
  const swapped = qualityOf([first, third, { ...second, atMs: 1_045 }, ...others]);
  strictEqual(swapped?.lossRatio, 0);
  strictEqual(qualityOf([first, second, second, third, ...others])?.lossRatio, 0);
});

Deno.test("rtpQuality() begins anew with another source and after a jump, without a loss", () => {
  const first = speech(60);
  const other = speech(60, { source: 9, sequence: 40_000, stamp: 77, atMs: 5_000 });
  const jumped = speech(60, { sequence: 20_000, stamp: 99, atMs: 5_000 });
  deepStrictEqual(qualityOf([...first, ...other]), { lossRatio: 0, jitterMs: 0 });
  deepStrictEqual(qualityOf([...first, ...jumped]), { lossRatio: 0, jitterMs: 0 });
});

Deno.test("pauseRtp() forgives what passes elsewhere", () => {
  const quality = createRtpQuality();
  pauseRtp(quality);
  for (const rtp of speech(30)) noteRtp(quality, packetOf(rtp), rtp.atMs);
  pauseRtp(quality);
  for (const rtp of speech(30, { sequence: 900, stamp: 133_000, atMs: 17_000 })) {
    noteRtp(quality, packetOf(rtp), rtp.atMs);
  }
  deepStrictEqual(rtpQuality(quality), { lossRatio: 0, jitterMs: 0 });
});

Deno.test("rtpQuality() keeps the loss of an earlier source", () => {
  const first = speech(60).filter((_, index) => index < 10 || index >= 30);
  const other = speech(60, { source: 9, sequence: 7 });
  deepStrictEqual(rounded(qualityOf([...first, ...other])), [0.167, 0]);
});

Deno.test("rtpQuality() tells jitter in milliseconds, whatever the clock of the payload", () => {
  for (
    const [type, hz] of [[0, 8_000], [9, 8_000], [96, 48_000], [97, 16_000], [98, 90_000]] as const
  ) {
    const shaken = speech(400, { type, hz }).map((rtp, index) => {
      return { ...rtp, atMs: rtp.atMs + (index % 2) * 5 };
    });
    deepStrictEqual(rounded(qualityOf(shaken)), [0, 5], `payload type ${type}`);
  }
});

Deno.test("rtpQuality() knows no jitter before the clock of a dynamic payload can be told", () => {
  deepStrictEqual(qualityOf(speech(50, { type: 96, hz: 48_000 })), {
    lossRatio: 0,
    jitterMs: undefined,
  });
});

Deno.test("rtpQuality() does not take pauses, pictures and dialled digits for jitter", () => {
  const pause = [
    ...speech(60),
    ...speech(60, { sequence: 160, stamp: 5_000 + 160 * 160, atMs: 1_000 + 160 * 20 }),
  ];
  deepStrictEqual(qualityOf(pause), { lossRatio: 0, jitterMs: 0 });
  const picture = speech(60).flatMap((rtp, index) =>
    [0, 1, 2].map((part) => ({
      ...rtp,
      sequence: 3 * index + part,
      type: 26,
      stamp: index * 1_800,
    }))
  );
  deepStrictEqual(qualityOf(picture), { lossRatio: 0, jitterMs: 0 });
  const digit = speech(60).map((rtp, index) =>
    index > 20 && index < 30 ? { ...rtp, type: 101, stamp: 8_200 } : rtp
  );
  deepStrictEqual(qualityOf(digit), { lossRatio: 0, jitterMs: 0 });
});
