/**
 * Attack (e): 5,000 REGISTERs a second of users that nobody knows, from the phones' side.
 *
 * First for a provider that never answers, then for the proxy's own registrar, whose table fills up.
 * Called by run.ts.
 *
 * @module
 */
import { PROXY_LAN, REGISTRAR } from "../../bench/lab.ts";
import { residentMegabytes } from "../../bench/daemon.ts";
import { isRecord } from "../support/json.ts";
import { statusOf } from "../support/nft.ts";
import { ATTACKER_LAN, ATTACKER_WAN, type AttackLab, INVENTED_LAN } from "./attack_lab.ts";
import { callFarm, startFarm } from "./clients.ts";
import type { FigureReport } from "./figures.ts";
import { JUNK_KIND } from "./junk.ts";
import { reportRate } from "./media_flood.ts";

const ATTACK = "(e)";
const REGISTERS_PER_SECOND = 5_000;
const FLOOD_SECONDS = 8;
/** Phones of a provider, which keep their registrations, and phones that are called. */
const PHONES = 100;
const FARM_PHONES = 20;
/** Room for the real phones and as many again. */
const MAX_REGISTRATIONS = 250;
/** All tables full: 20,000 REGISTERs on their way and what is remembered of them. */
const MAX_GROWTH_MEGABYTES = 220;

/** Floods and reports. */
export async function floodRegistrar(lab: AttackLab, report: FigureReport): Promise<void> {
  await lab.start("register-flood", {
    wan_peers: "known",
    hosts_allow_sip: "0.0.0.0/0",
    max_registrations: MAX_REGISTRATIONS,
  });
  await lab.register(PHONES);
  const farm = await startFarm(lab, FARM_PHONES);
  const { pid } = lab.proxy.process;
  const beforeMegabytes = residentMegabytes(pid);
  await flood(lab, { domain: REGISTRAR, report });
  const betweenMegabytes = residentMegabytes(pid);
  await flood(lab, { domain: PROXY_LAN, report });
  const afterMegabytes = residentMegabytes(pid);
  const growth = afterMegabytes - beforeMegabytes;
  report.add({
    attack: ATTACK,
    what: "memory gained",
    value: Math.round(growth),
    unit: "MB",
    limit: `below ${MAX_GROWTH_MEGABYTES} MB`,
    holds: growth < MAX_GROWTH_MEGABYTES,
    beside: [beforeMegabytes, betweenMegabytes, afterMegabytes].map(Math.round).join(" → ") + " MB",
  });
  await reportPhones(lab, report);
  await farm.stop();
  await lab.stop();
}

async function flood(
  lab: AttackLab,
  options: { readonly domain: string; readonly report: FigureReport },
): Promise<void> {
  const { domain, report } = options;
  const junk = lab.junk({
    mode: "sip",
    kind: JUNK_KIND.register,
    namespace: lab.lab.lan,
    source: INVENTED_LAN,
    bits: 16,
    own: ATTACKER_LAN,
    domain,
    target: PROXY_LAN,
    rate: REGISTERS_PER_SECOND,
    count: REGISTERS_PER_SECOND * FLOOD_SECONDS,
  });
  const attack = `${ATTACK} for ${domain === PROXY_LAN ? "our registrar" : "a provider"}`;
  await reportRate(junk.figures(), { attack, wanted: REGISTERS_PER_SECOND, report });
}

async function reportPhones(lab: AttackLab, report: FigureReport): Promise<void> {
  const status = await statusOf(lab.proxy, lab.lab.rtr);
  const list = Array.isArray(status["registrations"]) ? status["registrations"] : [];
  const names = new Set(list.map((one: unknown) => isRecord(one) ? one["addressOfRecord"] : ""));
  let kept = 0;
  for (let n = 0; n < PHONES; n++) if (names.has(`p${n}@${REGISTRAR}`)) kept++;
  const add = (what: string, one: { readonly value: number; readonly of: number }) =>
    report.add({
      attack: ATTACK,
      what,
      value: one.value,
      limit: `all ${one.of}`,
      holds: one.value === one.of,
      beside: `${names.size} registrations of ${MAX_REGISTRATIONS}`,
    });
  add("phones still registered", { value: kept, of: PHONES });
  const reached = await callFarm(lab, { address: ATTACKER_WAN, phones: FARM_PHONES });
  add("phones reached by calls", { value: reached, of: FARM_PHONES });
  const unanswered = await lab.register(PHONES);
  add("phones that register again", { value: PHONES - unanswered, of: PHONES });
}
