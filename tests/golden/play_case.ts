import { decodeLatin1 } from "../../src/base/text.ts";
import { socketAddressText } from "../../src/base/socket_address.ts";
import { parsePasswordFile } from "../../src/auth/password_file.ts";
import { userPasswords } from "../../src/auth/passwords.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/config.ts";
import type { Action } from "../../src/proxy/outcome.ts";
import type { RelayCommand, RelayParty } from "../../src/rtp/relay_command.ts";
import { address, CoreWorld } from "../support/core_world.ts";
import { type CaseFile, INPUT_KINDS, type Section } from "./case_file.ts";

/** Plays the inputs of a case through the pure core and writes down everything that came out. */
export function playCase(file: CaseFile): CaseFile {
  const inputs = file.sections.filter((section) => INPUT_KINDS.has(section.kind));
  const world = makeWorld(inputs);
  const sections: Section[] = [];
  for (const input of inputs) {
    sections.push(input);
    for (const action of act(world, input)) {
      const output = describe(action, world);
      if (output !== undefined) sections.push(output);
    }
  }
  return { title: file.title, sections };
}

function makeWorld(inputs: readonly Section[]): CoreWorld {
  const words = (kind: string) =>
    inputs.filter((section) => section.kind === kind).map((s) => s.words);
  const hosts = Object.fromEntries(words("host").map((line) => pair(line)));
  const own = Object.fromEntries(
    words("own").map((line) => pair(line)).map((
      [side, text],
    ) => [side, text === "down" ? undefined : address(text)]),
  );
  const [pairs] = words("pairs");
  const base = { config: makeConfig(words("set")), hosts, own };
  return new CoreWorld(pairs === undefined ? base : { ...base, pairs: Number(pairs) });
}

function pair(line: string): readonly [string, string] {
  const [key = "", value = ""] = line.split(" ");
  return [key, value];
}

function makeConfig(settings: readonly string[]): Config {
  const { loaded, issues } = loadConfig({ text: settings.join("\n"), fileName: "case" });
  if (loaded === undefined) throw new Error(`Cannot use settings: ${JSON.stringify(issues)}`);
  return loaded.config;
}

function act(world: CoreWorld, input: Section): readonly Action[] {
  switch (input.kind) {
    case "in": {
      const [side = "", ...rest] = input.words.split(" ");
      const [transport, source = ""] = rest.length > 1 ? rest : ["udp", ...rest];
      if (side !== "lan" && side !== "wan") {
        throw new Error(`Cannot play "${input.words}": no side`);
      }
      if (transport !== "udp" && transport !== "tcp") {
        throw new Error(`Cannot play "${input.words}": no transport`);
      }
      return world.receive(wireText(input.text), { side, source, transport });
    }
    case "stream":
      world.streamServers = new Set([...world.streamServers, input.words]);
      return [];
    case "close":
      world.disconnect(input.words);
      return [];
    case "undelivered":
      return world.undelivered(input.words === "timeout" ? "timeout" : "refused");
    case "unreachable":
      world.unreachable = new Set([input.words]);
      return [];
    case "advance":
      return world.advance(Number(input.words));
    case "passwords":
      world.state.passwords = userPasswords(parsePasswordFile(input.text).users);
      return [];
    case "expire":
      return world.mediaExpired(Number(input.words));
    default:
      return [];
  }
}

/** LF becomes CRLF, the header section always ends, `Content-Length: auto` is counted. */
function wireText(text: string): string {
  const lines = text.replace(/\n+$/, "").split("\n");
  const empty = lines.indexOf("");
  const head = empty < 0 ? lines : lines.slice(0, empty);
  const body = empty < 0 ? "" : lines.slice(empty + 1).map((line) => `${line}\r\n`).join("");
  return `${head.join("\r\n")}\r\n\r\n${body}`.replace(
    "Content-Length: auto",
    `Content-Length: ${body.length}`,
  );
}

function describe(action: Action, world: CoreWorld): Section | undefined {
  switch (action.kind) {
    case "send": {
      const { side, peer, transport, connectionId } = action.hop;
      const text = decodeLatin1(action.data).replaceAll("\r\n", "\n");
      const connection = connectionId === undefined ? "" : ` #${connectionId}`;
      const way = transport === "udp" ? "" : "tcp ";
      return { kind: "out", words: `${side} ${way}${socketAddressText(peer)}${connection}`, text };
    }
    case "binding":
      return describeBinding(action.change, world.nowMs);
    case "dialog":
      return describeDialog(action.change);
    case "relay":
      return { kind: "relay", words: describeRelay(action.command), text: "" };
    case "log": {
      const { level, component, event, text } = action.event;
      return { kind: "log", words: `${level} ${component} ${event}`, text: text ?? "" };
    }
    case "count":
      if (action.counter !== "sip_dropped") return undefined;
      return { kind: "drop", words: action.reason ?? "", text: "" };
    default:
      return undefined;
  }
}

function describeBinding(
  change: Extract<Action, { kind: "binding" }>["change"],
  nowMs: number,
): Section {
  if (change.kind === "unbind") return { kind: "unbind", words: "", text: "" };
  const { addressOfRecord, contactUri, publicUri, target, expiresAtMs } = change.binding;
  const seconds = (expiresAtMs - nowMs) / 1000;
  const text = `contact ${contactUri}\npublic ${publicUri}\ntarget ${socketAddressText(target)}`;
  return { kind: "bind", words: `${addressOfRecord} ${seconds} s`, text };
}

function describeDialog(change: Extract<Action, { kind: "dialog" }>["change"]): Section {
  if (change.kind === "end") return { kind: "dialog", words: "end", text: "" };
  const { direction, phase, streams } = change.dialog;
  return { kind: "dialog", words: `${direction} ${phase} streams=${streams.length}`, text: "" };
}

function describeRelay(command: RelayCommand): string {
  switch (command.kind) {
    case "open":
      return `open ${command.streamId} media=${command.mediaIndex} ${command.payload}`;
    case "announce":
      return `announce ${command.streamId} ${command.side} ${describeParty(command.party)}`;
    case "close":
      return `close ${command.streamId}`;
  }
}

function describeParty(party: RelayParty): string {
  const text = (target: RelayParty["rtp"]) =>
    target === undefined ? "wait" : socketAddressText(target);
  return `rtp=${text(party.rtp)} rtcp=${text(party.rtcp)} ${party.flow}`;
}
