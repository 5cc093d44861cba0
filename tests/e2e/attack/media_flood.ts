/**
 * Attacks (b) and (c): 20,000 junk packets a second at one media port, and 10,000 spread over all.
 *
 * The junk looks like RTP for the most part; its sources are invented, and every fourth packet takes
 * the far phone's own address with another port. Called by run.ts.
 *
 * @module
 */
import { REGISTRAR } from "../../bench/lab.ts";
import type { Figures } from "../../bench/load.ts";
import {
  ATTACKER_LAN,
  ATTACKER_WAN,
  type AttackLab,
  INVENTED_WAN,
  MEDIA_PORTS,
  type OpenCalls,
  proxyAddress,
} from "./attack_lab.ts";
import type { FigureReport } from "./figures.ts";
import { lossFigure, mediaFigures, mediaWithRetry } from "./media_figures.ts";
import { watchArrivals } from "./watch.ts";

const CALLS = 10;
const FLOOD_PER_SECOND = 20_000;
const FLOOD_SECONDS = 60;
const MEDIA_SECONDS = 5;
const SPRAYED_PACKETS = 10_000;
const SPRAYED_PER_SECOND = 5_000;
/** Longer than the spray takes. */
const SPRAY_MEDIA_SECONDS = 5;

/** The port of the Internet side that the far phone of a call sends to. */
function attackedPort(calls: OpenCalls): number {
  return Number(calls.lines[0]?.split(" ")[7]);
}

/** Floods one port of one call and reports. */
export async function attackMediaPort(lab: AttackLab, report: FigureReport): Promise<void> {
  const attack = "(b)";
  await lab.start("media-flood");
  const calls = await lab.openCalls(CALLS);
  const attacked = { ...calls, lines: calls.lines.slice(0, 1) };
  const others = { ...calls, lines: calls.lines.slice(1) };
  const control = await lab.media(calls, MEDIA_SECONDS);
  const junk = lab.junk({
    mode: "media",
    namespace: lab.lab.wan,
    source: INVENTED_WAN,
    bits: 15,
    own: ATTACKER_WAN,
    known: REGISTRAR,
    known_every: 4,
    target: proxyAddress("wan"),
    low: attackedPort(calls),
    rate: FLOOD_PER_SECOND,
    count: FLOOD_PER_SECOND * FLOOD_SECONDS,
  });
  const { calls: measured, attacked: own = measured, bare } = await mediaWithRetry(async () => {
    const [alone, rest] = await Promise.all([
      lab.media(attacked, MEDIA_SECONDS),
      lab.media(others, MEDIA_SECONDS),
    ]);
    return { calls: rest, attacked: alone };
  }, { attack, control, bare: () => lab.bareMedia(MEDIA_SECONDS), report });
  const answered = await lab.hangUp(calls);
  await reportRate(junk.stop(), { attack, wanted: FLOOD_PER_SECOND, report });
  lossFigure(own, { attack, what: "RTP loss of the attacked call", control, report });
  strayFigure(own, { attack, report });
  mediaFigures(measured, { attack: `${attack} other calls`, control, bare, report });
  report.add({
    attack,
    what: "BYEs answered under attack",
    value: answered,
    limit: `all ${CALLS}`,
    holds: answered === CALLS,
  });
  await lab.stop();
}

/** An attack that was too weak proves nothing. */
export async function reportRate(
  stopped: Promise<ReadonlyMap<string, number>>,
  options: { readonly attack: string; readonly wanted: number; readonly report: FigureReport },
): Promise<void> {
  const { attack, wanted, report } = options;
  const rate = (await stopped).get("rate") ?? 0;
  report.add({
    attack,
    what: "junk sent",
    value: rate,
    unit: "packets/s",
    limit: `about ${wanted}`,
    holds: rate > wanted * 0.9,
  });
}

function strayFigure(
  figures: Figures,
  options: { readonly attack: string; readonly report: FigureReport },
): void {
  const strays = figures.get("strays") ?? Number.NaN;
  options.report.add({
    attack: options.attack,
    what: "junk packets at the phones of the attacked call",
    value: strays,
    limit: "none",
    holds: strays === 0,
  });
}

/** Sprays all media ports of both sides and reports. */
export async function sprayMediaPorts(lab: AttackLab, report: FigureReport): Promise<void> {
  const attack = "(c)";
  await lab.start("media-spray");
  const calls = await lab.openCalls(CALLS);
  const control = await lab.media(calls, SPRAY_MEDIA_SECONDS);
  const toAttackers = [
    await watchArrivals(lab.lab.wan, {
      name: "to_attacker",
      match: `ip daddr ${ATTACKER_WAN} meta l4proto udp`,
    }),
    await watchArrivals(lab.lab.lan, {
      name: "to_attacker",
      match: `ip daddr ${ATTACKER_LAN} meta l4proto udp`,
    }),
  ];
  const sent = { wan: 0, lan: 0 };
  const { calls: measured, bare } = await mediaWithRetry(async () => {
    const spraying = sprayOnce(lab);
    const figures = await lab.media(calls, SPRAY_MEDIA_SECONDS);
    const sprayed = await spraying;
    sent.wan += sprayed.wan;
    sent.lan += sprayed.lan;
    return { calls: figures };
  }, { attack, control, bare: () => lab.bareMedia(SPRAY_MEDIA_SECONDS), report });
  mediaFigures(measured, { attack, control, bare, report });
  for (const [index, side] of (["wan", "lan"] as const).entries()) {
    const { packets = Number.NaN } = await toAttackers[index]?.tally() ?? {};
    report.add({
      attack: `${attack} ${side.toUpperCase()}`,
      what: "packets of calls to the attacker",
      value: packets,
      limit: `none after ${sent[side]} of his`,
      holds: packets === 0 && sent[side] >= SPRAYED_PACKETS,
    });
  }
  await lab.stop();
}

/** Each attacker sends from his own address to all ports of his side; gives how many packets left. */
async function sprayOnce(lab: AttackLab): Promise<Readonly<Record<"wan" | "lan", number>>> {
  const spray = async (side: "wan" | "lan"): Promise<number> => {
    const own = side === "wan" ? ATTACKER_WAN : ATTACKER_LAN;
    const junk = lab.junk({
      ...{ mode: "media", namespace: lab.lab[side], source: own, bits: 32, own },
      ...{ target: proxyAddress(side), low: MEDIA_PORTS.low, high: MEDIA_PORTS.high },
      ...{ rate: SPRAYED_PER_SECOND, count: SPRAYED_PACKETS, seed: side === "wan" ? 1 : 2 },
    });
    return (await junk.figures()).get("sent") ?? 0;
  };
  const [wan, lan] = await Promise.all([spray("wan"), spray("lan")]);
  return { wan, lan };
}
