/**
 * `wan_peers = known` and a provider that moves: its SRV record names another server, which calls.
 *
 * The same server is a stranger before, and gets no answer. Called by run.ts.
 *
 * @module
 */
import { LAN_HOST, PROXY_LAN, PROXY_WAN, REGISTRAR } from "../../bench/lab.ts";
import { runCommand } from "../../bench/shell.ts";
import { onCleanup } from "../support/cleanup.ts";
import { startScript } from "../support/echo.ts";
import { numberField } from "../support/json.ts";
import { setNameServer } from "../support/namespace.ts";
import { type ManagedProcess, startProcess } from "../support/process.ts";
import type { AttackLab } from "./attack_lab.ts";
import { runScript } from "./clients.ts";
import type { FigureReport } from "./figures.ts";

const ATTACK = "provider moves, wan_peers = known";
const DOMAIN = "provider.test";
/** The server that takes the first one's place. */
const NEW_SERVER = "203.0.113.30";
/** An INVITE is repeated for 32 s (RFC 3261 timer B), so this is how long one call may take to get in. */
const PATIENCE_MS = 32_000;

/** Moves the provider and reports. */
export async function moveProvider(lab: AttackLab, report: FigureReport): Promise<void> {
  const { rtr, wan, lan } = lab.lab;
  await runCommand(["ip", "-n", wan, "addr", "add", `${NEW_SERVER}/24`, "dev", "eth0"]);
  await setNameServer(rtr, REGISTRAR);
  const removeSettings = onCleanup(() =>
    Deno.remove(`/etc/netns/${rtr}`, { recursive: true }).catch(() => undefined)
  );
  const before = await startNames(wan, { server: "sbc1", address: REGISTRAR });
  const registrar = startScript({
    ...{ name: "registrar", namespace: wan, script: "../attack/clients/registrar.ts" },
    args: [REGISTRAR, "5060"],
  });
  await registrar.waitForLog(/ready/, 10_000);
  await lab.start("provider-moves", { wan_peers: "known" });
  const phone = startScript({
    ...{ name: "phone", namespace: lan, script: "phone_farm.ts" },
    args: [LAN_HOST, "6000", "1", `${PROXY_LAN}:5060`, DOMAIN],
  });
  const line = await phone.waitForLog(/registered \d+/, 20_000);
  if (line !== "registered 1") throw new Error(`Cannot register: ${line}`);
  const strange = await call(lab);
  add(report, { what: "calls of a server that is not in DNS", value: strange, wanted: 0 });
  await before.stop();
  const after = await startNames(wan, { server: "sbc2", address: NEW_SERVER });
  const startedMs = performance.now();
  let reached = 0;
  while (reached === 0 && performance.now() - startedMs < PATIENCE_MS) reached = await call(lab);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const what = "calls of the server that the SRV record names now";
  add(report, { what, value: reached, wanted: 1, beside: `after ${seconds} s` });
  for (const process of [phone, registrar, after]) await process.stop();
  await lab.stop();
  await removeSettings();
}

/** One call, repeated as an INVITE is; gives 1 when the phone was reached. */
async function call(lab: AttackLab): Promise<number> {
  const args = [NEW_SERVER, "5060", PROXY_WAN, "1"];
  const script = { name: "new-server", script: "farm_caller.ts", args };
  return numberField(await runScript(lab.lab.wan, script), "reached");
}

async function startNames(
  namespace: string,
  where: { readonly server: string; readonly address: string },
): Promise<ManagedProcess> {
  const host = `${where.server}.${DOMAIN}`;
  const names = startProcess({
    name: "dnsmasq",
    namespace,
    command: "dnsmasq",
    args: [
      ...["--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root"],
      ...["--no-resolv", "--no-hosts", "--local=/#/", "--log-facility=-"],
      ...["--bind-interfaces", "--except-interface=lo", `--listen-address=${REGISTRAR}`],
      `--host-record=${host},${where.address}`,
      `--srv-host=_sip._udp.${DOMAIN},${host},5060`,
    ],
  });
  await names.waitForLog(/started, version/, 10_000);
  return names;
}

function add(
  report: FigureReport,
  one: {
    readonly what: string;
    readonly value: number;
    readonly wanted: number;
    readonly beside?: string;
  },
): void {
  const { what, value, wanted, beside } = one;
  report.add({
    attack: ATTACK,
    what: `${what} that reach the phone`,
    value,
    limit: wanted === 0 ? "none" : `${wanted} within ${PATIENCE_MS / 1000} s`,
    holds: value === wanted,
    ...(beside === undefined ? {} : { beside }),
  });
}
