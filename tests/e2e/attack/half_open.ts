/**
 * Attack (d): 5,000 half-open TCP connections from the Internet, beside calls and a phone on TCP.
 *
 * Half of the attack never ends its handshakes, the other connects and then says nothing, half a
 * message or nonsense. Called by run.ts.
 *
 * @module
 */
import { REGISTRAR } from "../../bench/lab.ts";
import { mustRun } from "../support/command.ts";
import { startScript } from "../support/echo.ts";
import { numberField } from "../support/json.ts";
import { type AttackLab, CONNECTING_WAN, INVENTED_WAN, proxyAddress } from "./attack_lab.ts";
import { reportOf } from "./clients.ts";
import type { FigureReport } from "./figures.ts";
import { mediaFigures, mediaWithRetry } from "./media_figures.ts";

const ATTACK = "(d)";
const CALLS = 20;
const CONNECTIONS = 5_000;
const HANDSHAKES_PER_SECOND = 2_500;
const CONNECTS_PER_SECOND = 2_000;
const MEDIA_SECONDS = 3;
/** Both halves of the attack last longer than what is measured beside them. */
const HELD_SECONDS = 60;
const PHONE_ADDRESS = "10.0.0.10";

/** Holds the connections and reports. */
export async function holdConnections(lab: AttackLab, report: FigureReport): Promise<void> {
  await lab.start("half-open");
  const calls = await lab.openCalls(CALLS);
  const control = await lab.media(calls, MEDIA_SECONDS);
  const phone = startScript({
    name: "tcp-phone",
    namespace: lab.lab.lan,
    script: "../attack/clients/tcp_phone.ts",
    args: [PHONE_ADDRESS, proxyAddress("lan")],
  });
  await phone.waitForLog(/registered/, 20_000);
  const common = { namespace: lab.lab.wan, target: proxyAddress("wan"), count: CONNECTIONS };
  const handshakes = lab.junk({
    ...{ ...common, mode: "syn", source: INVENTED_WAN, bits: 15, rate: HANDSHAKES_PER_SECOND },
  });
  const held = lab.junk({
    ...{ ...common, mode: "connect", source: CONNECTING_WAN, bits: 24, rate: CONNECTS_PER_SECOND },
    seconds: HELD_SECONDS,
  });
  const { calls: measured, bare } = await mediaWithRetry(
    async () => ({ calls: await lab.media(calls, MEDIA_SECONDS) }),
    {
      attack: ATTACK,
      control,
      bare: () => lab.bareMedia(MEDIA_SECONDS),
      report,
    },
  );
  const reached = await callTcpPhone(lab);
  phone.signal("SIGTERM");
  const heard = await reportOf(phone);
  const answered = await lab.hangUp(calls);
  await handshakes.figures();
  const descriptors = lab.openFiles();
  reportConnections(await held.stop(), { descriptors, report });
  mediaFigures(measured, { attack: ATTACK, control, bare, report });
  reportSignalling({ heard, reached, answered }, report);
  await lab.stop();
}

/** A call from the Internet to the phone that is reached over its own connection. */
async function callTcpPhone(lab: AttackLab): Promise<string> {
  const script = new URL("../support/ask.ts", import.meta.url).pathname;
  const proxy = proxyAddress("wan");
  const words = [Deno.execPath(), "run", "-A", "--no-prompt", "--unstable-net", script];
  const args = [REGISTRAR, "5069", `${proxy}:5060`, `sip:t0@${proxy}`];
  return (await mustRun("ip", ["netns", "exec", lab.lab.wan, ...words, ...args])).trim();
}

function reportConnections(
  sent: ReadonlyMap<string, number>,
  options: { readonly descriptors: number; readonly report: FigureReport },
): void {
  const { descriptors, report } = options;
  const connected = sent.get("connected") ?? 0;
  report.add({
    attack: ATTACK,
    what: "connections opened by the attacker",
    value: connected,
    limit: `all ${CONNECTIONS}`,
    holds: connected === CONNECTIONS,
    beside: `${descriptors} descriptors of the daemon open`,
  });
}

function reportSignalling(
  seen: {
    readonly heard: Readonly<Record<string, unknown>>;
    readonly reached: string;
    readonly answered: number;
  },
  report: FigureReport,
): void {
  const { heard, reached, answered } = seen;
  const add = (what: string, one: { readonly value: number; readonly of: number }) =>
    report.add({
      attack: ATTACK,
      what,
      value: one.value,
      limit: `all ${one.of}`,
      holds: one.value === one.of && one.of > 0,
    });
  const field = (name: string) => numberField(heard, name);
  add("requests answered on the phone's connection", {
    value: field("answered"),
    of: field("asked"),
  });
  add("requests answered on new connections", {
    value: field("newAnswered"),
    of: field("newAsked"),
  });
  report.add({
    attack: ATTACK,
    what: "call to the phone on TCP",
    value: reached,
    limit: "SIP/2.0 486 Busy t0",
    holds: reached === "SIP/2.0 486 Busy t0",
  });
  add("BYEs answered under attack", { value: answered, of: CALLS });
}
