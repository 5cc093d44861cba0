/** Judging whether two phones heard each other. */

import assert from "node:assert/strict";
import type { Phone } from "./baresip.ts";

/** Least share of the sent packets that has to arrive: start and end of a call cost a few. */
const LEAST_SHARE = 0.8;
/** Packets a phone sends in a second (20 ms each). */
const PACKETS_PER_SECOND = 50;

/** Counts of finished calls before a call, to be able to tell its own counts afterwards. */
export interface CountsBefore {
  readonly phone: Phone;
  readonly calls: number;
}

/** Notes how many calls each phone has already counted. */
export async function countsBefore(
  phones: readonly Phone[],
  media: "audio" | "video" = "audio",
): Promise<readonly CountsBefore[]> {
  return await Promise.all(
    phones.map(async (phone) => ({ phone, calls: await phone.callsCounted(media) })),
  );
}

/**
 * Asserts that each of the two phones received what the other sent, for a call of `seconds`.
 * The phones' own counts are taken, so packets count only if they reached the right socket.
 */
export async function assertHeardEachOther(
  before: readonly CountsBefore[],
  options: { readonly seconds: number },
): Promise<void> {
  const counts = await Promise.all(
    before.map(async ({ phone, calls }) => ({
      user: phone.options.user,
      ...await phone.rtpCounts("audio", calls + 1),
    })),
  );
  const [one, other] = counts;
  if (one === undefined || other === undefined) {
    throw new Error("Cannot compare: two phones needed");
  }
  for (const [sender, receiver] of [[one, other], [other, one]] as const) {
    const text = `${sender.user} sent ${sender.sent}, ${receiver.user} got ${receiver.received}`;
    assert.ok(sender.sent > options.seconds * PACKETS_PER_SECOND * LEAST_SHARE, text);
    assert.ok(receiver.received >= sender.sent * LEAST_SHARE, text);
  }
}

/** Least video packets of a call of a few seconds: the picture stands still, about ten a second. */
const LEAST_VIDEO_PACKETS = 12;

/** Asserts that each of two phones received the other's picture. */
export async function assertSawEachOther(before: readonly CountsBefore[]): Promise<void> {
  for (const { phone, calls } of before) {
    const { sent, received } = await phone.rtpCounts("video", calls + 1);
    const text = `${phone.options.user}: ${sent} video packets sent, ${received} received`;
    assert.ok(sent >= LEAST_VIDEO_PACKETS && received >= LEAST_VIDEO_PACKETS, text);
  }
}
