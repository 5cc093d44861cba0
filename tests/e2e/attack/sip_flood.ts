/**
 * Attack (a): 5,000 junk packets a second at the SIP port during 50 calls, from either side.
 *
 * Junk is every kind that reaches an open port: random octets, cut and whole requests, torture,
 * keep-alives, replayed answers, oversize datagrams; one in 32 takes a phone's own address. Called by
 * run.ts.
 *
 * @module
 */
import { REGISTRAR } from "../../bench/lab.ts";
import {
  ATTACKER_LAN,
  ATTACKER_WAN,
  type AttackLab,
  INVENTED_LAN,
  INVENTED_WAN,
  type OpenCalls,
  proxyAddress,
  SPOOFED_PHONE,
} from "./attack_lab.ts";
import type { FigureReport } from "./figures.ts";
import { reportRate } from "./media_flood.ts";
import { mediaFigures, mediaWithRetry } from "./media_figures.ts";

const CALLS = 50;
const PACKETS_PER_SECOND = 5_000;
/** One spoofed packet in so many; a LAN that checks sources lets none of them pass. */
const SPOOFED_EVERY = 32;
/** Longer than two measurements of the media and the BYEs; the attack is stopped after them. */
const ATTACK_SECONDS = 60;
const MEDIA_SECONDS = 3;
const REGISTRATIONS_AFTER = 100;

/** What the junk of a side looks like. */
export function sipJunk(
  lab: AttackLab,
  options: { readonly side: "lan" | "wan"; readonly rate: number; readonly seconds: number },
): Readonly<Record<string, string | number>> {
  const { side, rate, seconds } = options;
  const target = proxyAddress(side);
  const common = { mode: "sip", target, rate, count: rate * seconds, low: 5060 };
  return side === "lan"
    ? {
      ...common,
      namespace: lab.lab.lan,
      source: INVENTED_LAN,
      bits: 16,
      own: ATTACKER_LAN,
      domain: REGISTRAR,
      known: SPOOFED_PHONE,
      known_every: SPOOFED_EVERY,
    }
    : {
      ...common,
      namespace: lab.lab.wan,
      source: INVENTED_WAN,
      bits: 15,
      own: ATTACKER_WAN,
      known: REGISTRAR,
      known_every: SPOOFED_EVERY,
    };
}

/** Attacks one side and reports. */
export async function attackSipPort(
  lab: AttackLab,
  options: { readonly side: "lan" | "wan"; readonly report: FigureReport },
): Promise<void> {
  const { side, report } = options;
  const attack = `(a) ${side.toUpperCase()}`;
  await lab.start(`sip-flood-${side}`);
  const calls = await lab.openCalls(CALLS);
  const control = await lab.media(calls, MEDIA_SECONDS);
  const junk = lab.junk(
    sipJunk(lab, { side, rate: PACKETS_PER_SECOND, seconds: ATTACK_SECONDS }),
  );
  const { calls: measured, bare } = await mediaWithRetry(
    async () => ({ calls: await lab.media(calls, MEDIA_SECONDS) }),
    { attack, control, bare: () => lab.bareMedia(MEDIA_SECONDS), report },
  );
  const answered = await lab.hangUp(calls);
  await reportRate(junk.stop(), { attack, wanted: PACKETS_PER_SECOND, report });
  const unanswered = await lab.register(REGISTRATIONS_AFTER, REGISTRATIONS_AFTER);
  mediaFigures(measured, { attack, control, bare, report });
  reportSignalling({ answered, unanswered, calls }, { attack, report });
  await lab.stop();
}

function reportSignalling(
  seen: { readonly answered: number; readonly unanswered: number; readonly calls: OpenCalls },
  options: { readonly attack: string; readonly report: FigureReport },
): void {
  const { attack, report } = options;
  const { answered, unanswered, calls } = seen;
  const expected = calls.lines.length;
  report.add({
    attack,
    what: "BYEs answered under attack, each sent once",
    value: answered,
    limit: `all ${expected}`,
    holds: answered === expected,
  });
  report.add({
    attack,
    what: "REGISTERs answered right after it",
    value: REGISTRATIONS_AFTER - unanswered,
    limit: `all ${REGISTRATIONS_AFTER}`,
    holds: unanswered === 0,
  });
}
