/** Phones, callers and scanners of the attacks: programs of their own inside the namespaces. */

import { LAN_HOST, PROXY_LAN } from "../../bench/lab.ts";
import { startScript } from "../support/echo.ts";
import { isRecord, numberField, parseJson } from "../support/json.ts";
import type { ManagedProcess } from "../support/process.ts";
import { type AttackLab, proxyAddress } from "./attack_lab.ts";

/** First port of the phones that answer calls. */
const FARM_PORT = 6_000;
/** The port of the caller; a new caller needs the old one's to be free. */
const CALLER_PORT = 5_066;
const REGISTER_TIMEOUT_MS = 30_000;

/** Phones u0, u1, … of the proxy's own registrar that answer each call with `486 Busy`. */
export async function startFarm(lab: AttackLab, phones: number): Promise<ManagedProcess> {
  const farm = startScript({
    name: "farm",
    namespace: lab.lab.lan,
    script: "phone_farm.ts",
    args: [LAN_HOST, `${FARM_PORT}`, `${phones}`, `${PROXY_LAN}:5060`, PROXY_LAN],
  });
  const line = await farm.waitForLog(/registered \d+/, REGISTER_TIMEOUT_MS);
  if (line === `registered ${phones}`) return farm;
  throw new Error(`Cannot register ${phones} phones: ${line}`);
}

/** Calls all phones of the farm from the Internet side; gives how many were reached. */
export async function callFarm(
  lab: AttackLab,
  from: { readonly address: string; readonly phones: number },
): Promise<number> {
  const args = [from.address, `${CALLER_PORT}`, proxyAddress("wan"), `${from.phones}`];
  const report = await runScript(lab.lab.wan, { name: "caller", script: "farm_caller.ts", args });
  return numberField(report, "reached");
}

/** Runs a program of the attacks' own to its end; gives its last line, which is JSON. */
export async function runScript(
  namespace: string,
  what: { readonly name: string; readonly script: string; readonly args: readonly string[] },
): Promise<Readonly<Record<string, unknown>>> {
  const process = startScript({ ...what, namespace });
  return await reportOf(process);
}

/** Waits for a program's end; gives its last line, which is JSON. */
export async function reportOf(
  process: ManagedProcess,
): Promise<Readonly<Record<string, unknown>>> {
  await process.exited;
  const text = (await process.log()).trim();
  const report = parseJson(text.split("\n").at(-1) ?? "");
  if (isRecord(report)) return report;
  throw new Error(`Cannot read the report of ${process.name}: ${text.slice(-400)}`);
}
