import { addressScope } from "../../../src/base/ip_network.ts";
import { decodeLatin1, encodeLatin1 } from "../../../src/base/text.ts";
import { loadConfig } from "../../../src/config/load.ts";
import type { Config } from "../../../src/config/config.ts";
import type { Action } from "../../../src/proxy/outcome.ts";
import { checkMessage } from "../../../src/sip/check_message.ts";
import { forbiddenAt } from "../../../src/sip/header_section.ts";
import { parseMessage } from "../../../src/sip/parse_message.ts";
import { CoreWorld } from "../../support/core_world.ts";
import { mutate } from "../mutate.ts";
import { type Arrived, goldenSeeds } from "../seeds.ts";
import { encodeSteps, readSteps, SOURCES, type Step } from "../steps.ts";
import type { Dice } from "../dice.ts";
import { broken, type Target } from "../target.ts";
import { anyMessage } from "./message.ts";

const SEEDS = goldenSeeds().filter((seed) => seed.length > 0);
const CONFIGS: readonly Config[] = [
  "",
  "wan_peers = known",
  "compat_responses = 1\nforce_rport = 1\nua_string = x",
  "proxy_auth_realm = example\nproxy_auth_passwd = x\nhosts_allow_reg = 0.0.0.0/0",
  "outbound_proxy_host = provider.example\nlan_expires = 30\nuser_part_matching = 0",
]
  .map(configOf);

/** Port pairs a side; a leak of one shows at the end of each input. */
const PAIRS = 4;

/** Longer than any leg, registration or memo lives. */
const FOR_EVER_MS = 10 * 86_400_000;

function configOf(text: string): Config {
  const { loaded } = loadConfig({ text, fileName: "fuzz" });
  if (loaded === undefined) throw new Error("Cannot load the configuration of the fuzzer");
  return loaded.config;
}

/** The whole core: messages from both sides, answers to what it sent, time; with two registered phones. */
export const CORE: Target = {
  name: "core",
  generate: (dice) => encodeSteps(dice.below(CONFIGS.length), stepsOf(dice)),
  run(input): void {
    const config = CONFIGS[(input[0] ?? 0) % CONFIGS.length] ?? configOf("");
    const world = new CoreWorld({
      config,
      pairs: PAIRS,
      hosts: { "provider.example": "192.0.2.10" },
    });
    registerPhones(world);
    let lastSent: Extract<Action, { kind: "send" }> | undefined;
    for (const step of readSteps(input)) {
      const actions = play(step, { world, lastSent });
      lastSent = actions.find((action) => action.kind === "send") ?? lastSent;
    }
    world.advance(FOR_EVER_MS);
    if (world.state.dialogs.size > 0) broken("a leg outlives everything", "");
    if (world.freePairs("lan") !== PAIRS || world.freePairs("wan") !== PAIRS) {
      broken("port pairs are lost", `${world.freePairs("lan")} ${world.freePairs("wan")}`);
    }
  },
};

function stepsOf(dice: Dice): readonly Step[] {
  if (dice.oneIn(3)) return dice.times(dice.between(1, 6), () => stepOf(dice));
  return dice.pick(SEEDS).flatMap((arrived) => {
    if (dice.oneIn(8)) return [];
    const text = dice.oneIn(3) ? mutate(arrived.text, dice) : arrived.text;
    return dice.oneIn(8)
      ? [arrival({ ...arrived, text }), stepOf(dice)]
      : [arrival({ ...arrived, text })];
  });
}

function arrival({ source, text }: Arrived): Step {
  return {
    kind: "receive",
    source: Math.max(0, SOURCES.findIndex((known) => known.source === source)),
    text,
  };
}

function stepOf(dice: Dice): Step {
  switch (dice.below(5)) {
    case 0:
      return { kind: "advance", source: 0, text: "x".repeat(dice.below(300)) };
    case 1:
      return { kind: "answer", source: dice.below(SOURCES.length), text: anyMessage(dice) };
    default:
      return { kind: "receive", source: dice.below(SOURCES.length), text: anyMessage(dice) };
  }
}

interface Stage {
  readonly world: CoreWorld;
  readonly lastSent: Extract<Action, { kind: "send" }> | undefined;
}

/** Carries one step out. An answer takes its first lines from what the core sent last, so that its branch is proven. */
function play(step: Step, { world, lastSent }: Stage): readonly Action[] {
  if (step.kind === "advance") return world.advance(step.text.length * 1000);
  const from = SOURCES[step.source] ?? SOURCES[0];
  if (from === undefined) return [];
  const text = step.kind === "answer" && lastSent !== undefined
    ? answerText(decodeLatin1(lastSent.data), step.text)
    : step.text;
  const data = encodeLatin1(text);
  const actions = world.receiveBytes(data, from);
  judge(actions, { data, from });
  return actions;
}

/** Vias, From, To, Call-ID and CSeq of a request below the start line of some message, and that one's other lines. */
function answerText(request: string, message: string): string {
  const kept = request.split("\r\n").filter((line) =>
    /^(?:v|via|f|from|t|to|i|call-id|cseq) *:/i.test(line)
  );
  const lineEnd = message.indexOf("\r\n");
  const startLine = message.startsWith("SIP/2.0 ") ? message.slice(0, lineEnd) : "SIP/2.0 200 OK";
  const others = message.slice(lineEnd + 2).split("\r\n")
    .filter((line) => !/^(?:v|via|f|from|t|to|i|call-id|cseq) *:/i.test(line));
  return `${startLine}\r\n${kept.join("\r\n")}\r\n${others.join("\r\n")}`;
}

function judge(
  actions: readonly Action[],
  cause: { readonly data: Uint8Array; readonly from: (typeof SOURCES)[number] },
): void {
  const sent = actions.filter((action) => action.kind === "send");
  const shown = decodeLatin1(cause.data);
  if (sent.length > 1) broken("more than one message leaves for one that came", shown);
  for (const { data, hop } of sent) {
    const text = decodeLatin1(data);
    const head = text.slice(0, text.indexOf("\r\n\r\n"));
    if (forbiddenAt(head) >= 0) broken("bare CR or NUL in an output field", head);
    const again = parseMessage(data, "datagram");
    if (!again.ok) broken(`what was sent does not parse: ${again.error.reason}`, text);
    const isOwnAnswer = again.value.kind === "response" && !shown.trimStart().startsWith("SIP/");
    if (!isOwnAnswer && !isWellFormed(text)) broken("what was sent is not well formed", text);
    const scope = addressScope(hop.peer.address);
    if (scope === "multicast" || scope === "broadcast" || scope === "unspecified") {
      broken(`sent to a ${scope} address`, hop.peer.address);
    }
    if (isOwnAnswer && hop.peer.address !== cause.from.source.split(":")[0]) {
      broken("an answer goes to somebody else", hop.peer.address);
    }
    if (isOwnAnswer && /^ACK /.test(shown.trimStart())) broken("an ACK is answered", text);
  }
}

/** A request may come with as many Vias as there may be, and leaves with ours on top. */
function isWellFormed(text: string): boolean {
  const isForwarded = !text.startsWith("SIP/2.0 ");
  const received = isForwarded ? text.replace(/^Via: [^\r]*\r\n/m, "") : text;
  const parsed = parseMessage(encodeLatin1(received), "datagram");
  return parsed.ok && checkMessage(parsed.value).ok;
}

function registerPhones(world: CoreWorld): void {
  for (const [user, source] of [["alice", "10.0.0.10:5062"], ["bob", "10.0.0.11:5064"]] as const) {
    const lines = [
      "REGISTER sip:192.0.2.10:5070 SIP/2.0",
      `Via: SIP/2.0/UDP ${source};branch=z9hG4bKreg${user}`,
      `From: <sip:${user}@192.0.2.10>;tag=ra`,
      `To: <sip:${user}@192.0.2.10>`,
      `Call-ID: fuzz-${user}`,
      "CSeq: 1 REGISTER",
      `Contact: <sip:${user}@${source};line=abc>;expires=120`,
    ];
    const [forwarded] = world.receive(`${lines.join("\r\n")}\r\n\r\n`, { side: "lan", source })
      .filter((action) => action.kind === "send");
    if (forwarded === undefined) throw new Error("Cannot register a phone of the fuzzer");
    const text = decodeLatin1(forwarded.data);
    const answer = `SIP/2.0 200 OK\r\n${text.slice(text.indexOf("\r\n") + 2)}`;
    world.receive(answer, { side: "wan", source: "192.0.2.10:5070" });
  }
}
