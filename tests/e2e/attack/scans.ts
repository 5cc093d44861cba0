/**
 * Attack (f) and the silence to strangers: scanners on the Internet side.
 *
 * Numbers are scanned with `wan_peers = known` and with the default, all methods over UDP and TCP with
 * the former; requests from invented sources show what is reflected. Called by run.ts.
 *
 * @module
 */
import { LAN_HOST, PROXY_WAN } from "../../bench/lab.ts";
import { isRecord, numberField } from "../support/json.ts";
import { statusOf } from "../support/nft.ts";
import { ATTACKER_WAN, type AttackLab, INVENTED_WAN } from "./attack_lab.ts";
import { runScript, startFarm } from "./clients.ts";
import type { FigureReport } from "./figures.ts";
import { JUNK_KIND } from "./junk.ts";
import { type Watch, watchArrivals } from "./watch.ts";

const NUMBERS = 1_000;
const NUMBERS_PER_SECOND = 250;
/** Of the numbers that are scanned so many are phones. */
const PHONES = 20;
/** What one stranger, and all of them together, may draw in a second. */
const ANSWERS_PER_SOURCE = 20;
const ANSWERS = 200;
const REFLECTED_PER_SECOND = 2_000;
const REFLECT_SECONDS = 4;
/** Datagrams to ports of all numbers. */
const PORT_SCAN_PACKETS = 20_000;

interface Scan {
  readonly seconds: number;
  readonly answered: Readonly<Record<string, readonly unknown[]>>;
}

async function scanNumbers(lab: AttackLab): Promise<Scan> {
  const report = await runScript(lab.lab.wan, {
    name: "scanner",
    script: "../attack/clients/scanner.ts",
    args: ["numbers", ATTACKER_WAN, PROXY_WAN, "0", `${NUMBERS}`, `${NUMBERS_PER_SECOND}`],
  });
  const answered: Record<string, readonly unknown[]> = {};
  for (
    const [status, numbers] of Object.entries(
      isRecord(report["answered"]) ? report["answered"] : {},
    )
  ) {
    answered[status] = Array.isArray(numbers) ? numbers : [];
  }
  return { seconds: numberField(report, "seconds"), answered };
}

/** With `wan_peers = known`: nothing goes in, nothing comes out. */
export async function scanSilentProxy(lab: AttackLab, report: FigureReport): Promise<void> {
  const attack = "(f) wan_peers = known";
  await lab.start("scan-known", { wan_peers: "known" });
  const farm = await startFarm(lab, PHONES);
  const atPhones = await watchArrivals(lab.lab.lan, {
    name: "at_phones",
    match: `ip daddr ${LAN_HOST} udp sport 5060`,
  });
  const atAttacker = await watchArrivals(lab.lab.wan, {
    name: "at_scanner",
    match: `ip saddr ${PROXY_WAN} ip daddr ${ATTACKER_WAN} meta l4proto udp`,
  });
  const { answered } = await scanNumbers(lab);
  const none = async (what: string, watch: Watch) => {
    const { packets } = await watch.tally();
    report.add({ attack, what, value: packets, limit: "none", holds: packets === 0 });
  };
  await none(`packets at phones after ${NUMBERS} INVITEs`, atPhones);
  const answers = Object.values(answered).flat().length;
  report.add({
    attack,
    what: `answers, ${PHONES} numbers exist and ${NUMBERS - PHONES} do not`,
    value: answers,
    limit: "none",
    holds: answers === 0,
  });
  await scanMethods(lab, { attack, report });
  await scanPorts(lab);
  await none("datagrams to the scanner in all", atAttacker);
  await none("packets at phones in all", atPhones);
  await farm.stop();
  await lab.stop();
}

async function scanMethods(
  lab: AttackLab,
  options: { readonly attack: string; readonly report: FigureReport },
): Promise<void> {
  const { attack, report } = options;
  const heard = await runScript(lab.lab.wan, {
    name: "methods",
    script: "../attack/clients/scanner.ts",
    args: ["methods", ATTACKER_WAN, PROXY_WAN, "u0"],
  });
  for (const transport of ["udp", "tcp"] as const) {
    const octets = numberField(heard, `${transport}Octets`);
    const asked = numberField(heard, transport);
    report.add({
      attack,
      what: `octets back over ${transport.toUpperCase()} after ${asked} messages of all methods`,
      value: octets,
      limit: "none",
      holds: octets === 0 && asked > 100,
    });
  }
}

/** Noise to ports of all numbers: what listens behind them stays as silent as what does not. */
async function scanPorts(lab: AttackLab): Promise<void> {
  const common = { namespace: lab.lab.wan, source: ATTACKER_WAN, bits: 32, own: ATTACKER_WAN };
  const range = { target: PROXY_WAN, low: 1, high: 65_535, count: PORT_SCAN_PACKETS, rate: 10_000 };
  await lab.junk({ ...common, ...range, mode: "sip" }).figures();
}

/** With the default a stranger is answered, at a rate that makes a scan useless, and it is told once. */
export async function scanOpenProxy(lab: AttackLab, report: FigureReport): Promise<void> {
  const attack = "(f) default";
  await lab.start("scan-any");
  const farm = await startFarm(lab, PHONES);
  const { seconds, answered } = await scanNumbers(lab);
  const missing = answered["404"]?.length ?? 0;
  const most = ANSWERS_PER_SOURCE * Math.ceil(seconds + 1);
  report.add({
    attack,
    what: `numbers told to be missing (404) of ${NUMBERS - PHONES}`,
    value: missing,
    limit: `1 … ${most}`,
    holds: missing > 0 && missing <= most,
  });
  const status = await statusOf(lab.proxy, lab.lab.rtr);
  // On a busy machine some are thrown away unread already.
  const limited = ["rate-limited", "flood"].reduce(
    (sum, reason) => sum + numberField(status["counters"], `sip_dropped{${reason}}`),
    0,
  );
  report.add({
    attack,
    what: "requests counted as dropped",
    value: limited,
    limit: `all the others, ${NUMBERS - PHONES - missing}`,
    holds: limited === NUMBERS - PHONES - missing,
  });
  const lines = (await lab.proxy.log()).split("\n").filter((line) =>
    line.includes(`Unknown sender ${ATTACKER_WAN}`)
  );
  report.add({
    attack,
    what: "log lines about the scanner",
    value: lines.length,
    limit: "one",
    holds: lines.length === 1,
    beside: lines[0]?.trim() ?? "nothing",
  });
  await farm.stop();
  await lab.stop();
}

/** Requests from invented sources: what they draw goes to victims. */
export async function reflect(lab: AttackLab, report: FigureReport): Promise<void> {
  await lab.start("reflect");
  const victims = await watchArrivals(lab.lab.wan, {
    name: "victims",
    match: `ip saddr ${PROXY_WAN} ip daddr ${INVENTED_WAN}/15 meta l4proto udp`,
  });
  const limits = [
    { attack: "reflection at one victim", bits: 32, most: ANSWERS_PER_SOURCE },
    { attack: "reflection in all", bits: 15, most: ANSWERS },
  ];
  for (const { attack, bits, most } of limits) {
    await victims.reset();
    const junk = lab.junk({
      ...{ mode: "sip", kind: JUNK_KIND.options, namespace: lab.lab.wan, own: ATTACKER_WAN },
      ...{ source: INVENTED_WAN, bits, target: PROXY_WAN, rate: REFLECTED_PER_SECOND },
      count: REFLECTED_PER_SECOND * REFLECT_SECONDS,
    });
    await junk.figures();
    const { packets, bytes } = await victims.tally();
    const limit = most * (REFLECT_SECONDS + 1);
    report.add({
      attack,
      what: `answers to ${REFLECTED_PER_SECOND * REFLECT_SECONDS} spoofed requests`,
      value: packets,
      limit: `1 … ${limit}, ${most} a second`,
      holds: packets > 0 && packets <= limit,
      beside: `${bytes} bytes`,
    });
  }
  await lab.stop();
}
