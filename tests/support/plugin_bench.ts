import { decodeLatin1 } from "../../src/base/text.ts";
import { ok } from "../../src/base/result.ts";
import { socketAddressText } from "../../src/base/socket_address.ts";
import { formatIssue, type Issue } from "../../src/config/issues.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Plugin } from "../../src/plugin/define_plugin.ts";
import type { PluginEffect } from "../../src/plugin/effect.ts";
import { examinePlugins } from "../../src/plugin/examine_plugins.ts";
import { type PluginFinder, PluginLoader } from "../../src/plugin/load_plugins.ts";
import type { PluginClock, PluginSupplies } from "../../src/plugin/plugin_world.ts";
import { findBuiltIn } from "../../src/plugin/registry.ts";
import type { Action } from "../../src/proxy/outcome.ts";
import { CoreWorld } from "./core_world.ts";

/** What came out of one step, in words that tests compare. */
export interface Step {
  /** `wan 192.0.2.10:5070` and the message, line ends as LF. */
  readonly sent: readonly { readonly to: string; readonly text: string }[];
  readonly logs: readonly string[];
  readonly effects: readonly PluginEffect[];
  readonly drops: readonly string[];
}

/** How a bench is set up. */
export interface BenchOptions {
  /** Lines of siproxd.conf. */
  readonly config: string;
  readonly hosts?: Readonly<Record<string, string>>;
  readonly find?: PluginFinder;
  /** Plugins of the plugin folder, by name. */
  readonly foreign?: ReadonlyMap<string, Plugin>;
  readonly supplies?: Partial<PluginSupplies>;
}

/** Plugins in the pure core, matrix topology: phone A 10.0.0.10:5062 alice, remote R 192.0.2.10:5070. */
export class PluginBench {
  readonly world: CoreWorld;
  /** Log lines of the load. */
  readonly loadLogs: readonly string[];
  readonly failures: readonly string[];
  readonly #clock: ManualPluginClock = new ManualPluginClock();

  constructor(options: BenchOptions) {
    const { loaded, issues } = loadConfig({ text: options.config, fileName: "test.conf" });
    if (loaded === undefined) throw new Error(issues.map(formatIssue).join("\n"));
    const supplies: PluginSupplies = {
      clock: this.#clock,
      processId: 4711,
      stored: {},
      databases: {},
      ...options.supplies,
    };
    const find = options.find ?? findBuiltIn;
    const loader = new PluginLoader({ config: loaded.config.plugins, find, supplies });
    for (const entry of loader.loadKnown()) {
      const plugin = options.foreign?.get(entry.name);
      if (plugin !== undefined) loader.load({ entry, plugin: ok(plugin), source: "foreign" });
    }
    this.loadLogs = stepOf(loader.chain.takeActions()).logs;
    this.failures = loader.failures;
    this.world = new CoreWorld({
      config: loaded.config,
      plugins: loader.chain,
      ...(options.hosts === undefined ? {} : { hosts: options.hosts }),
    });
  }

  /** Milliseconds since 1970 as plugins see them. */
  get wallMs(): number {
    return this.#clock.wallMs();
  }

  /** What a hook takes from now on. */
  set hookCostMs(costMs: number) {
    this.#clock.costMs = costMs;
  }

  /** A message from phone A, or from another place of its side. */
  fromPhone(text: string, source = "10.0.0.10:5062"): Step {
    return stepOf(this.world.receive(wireText(text), { side: "lan", source }));
  }

  /** A message from remote R, or from another place outside. */
  fromOutside(text: string, source = "192.0.2.10:5070"): Step {
    return stepOf(this.world.receive(wireText(text), { side: "wan", source }));
  }

  /** A packet from outside. */
  packet(data: Uint8Array, source: string): Step {
    return stepOf(this.world.receiveBytes(data, { side: "wan", source }));
  }

  /** Lets time pass and runs the timer. */
  advance(byMs: number): Step {
    this.#clock.spanMs += byMs;
    return stepOf(this.world.advance(byMs));
  }

  /** An operator asks for statistics. */
  askStatistics(): Step {
    return stepOf(this.world.askStatistics());
  }

  /** Registers alice@192.0.2.10 at phone A with remote R. */
  registerAlice(): void {
    const out = this.fromPhone(register({ user: "alice", contact: "sip:alice@10.0.0.10:5062" }));
    this.acceptRegister(out);
  }

  /** Registers any phone. */
  register(
    phone: { readonly user: string; readonly contact: string; readonly source: string },
  ): void {
    this.acceptRegister(this.fromPhone(register(phone), phone.source));
  }

  /** Answers the REGISTER that just went out. */
  acceptRegister(out: Step, status = "200 OK"): Step {
    const text = out.sent[0]?.text ?? "";
    const lines = text.split("\n").filter((line) =>
      /^(Via|From|To|Call-ID|CSeq|Contact):/.test(line)
    );
    return this.fromOutside(["SIP/2.0 " + status, ...lines, "Content-Length: 0"].join("\n"));
  }
}

/** Where the clock of a simulated world starts. */
const CORE_START_MS = 1_000_000;

/** A clock in the test's hands; each reading costs what the test says. */
class ManualPluginClock implements PluginClock {
  spanMs = 0;
  costMs = 0;
  #spentMs = 0;

  monotonicMs = (): number => {
    this.#spentMs += this.costMs;
    return this.spanMs + this.#spentMs;
  };

  wallMs = (): number => 1_795_514_700_000 + this.spanMs;

  nowMs = (): number => CORE_START_MS + this.spanMs;
}

/** A REGISTER as phones send it. */
export function register(phone: { readonly user: string; readonly contact: string }): string {
  const { user, contact } = phone;
  return [
    "REGISTER sip:192.0.2.10:5070 SIP/2.0",
    `Via: SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKreg${user}`,
    "Max-Forwards: 70",
    `From: <sip:${user}@192.0.2.10>;tag=r${user}`,
    `To: <sip:${user}@192.0.2.10>`,
    `Call-ID: reg-${user}`,
    "CSeq: 1 REGISTER",
    `Contact: <${contact}>;expires=3600`,
    "Content-Length: 0",
  ].join("\n");
}

/** An INVITE of alice; other lines replace those of the same header. */
export function invite(uri: string, changes: Readonly<Record<string, string>> = {}): string {
  return request(`INVITE ${uri}`, { To: `<${uri}>`, ...changes });
}

/** Any request of alice to the outside. */
export function request(
  line: string,
  changes: Readonly<Record<string, string>> = {},
): string {
  const [method = ""] = line.split(" ");
  const headers: Record<string, string> = {
    Via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKcall1",
    "Max-Forwards": "70",
    From: "<sip:alice@192.0.2.10>;tag=a",
    To: "<sip:bob@192.0.2.10>",
    "Call-ID": "call-1@phone",
    CSeq: `1 ${method}`,
    Contact: "<sip:alice@10.0.0.10:5062>",
    ...changes,
  };
  const body = headers["body"];
  delete headers["body"];
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const type = body === undefined ? [] : ["Content-Type: application/sdp", "Content-Length: auto"];
  return [`${line} SIP/2.0`, ...lines, ...type, "", body ?? ""].join("\n");
}

function wireText(text: string): string {
  const lines = text.replace(/\n+$/, "").split("\n");
  const empty = lines.indexOf("");
  const head = empty < 0 ? lines : lines.slice(0, empty);
  const body = empty < 0 ? "" : lines.slice(empty + 1).map((line) => `${line}\r\n`).join("");
  return `${head.join("\r\n")}\r\n\r\n${body}`
    .replace("Content-Length: auto", `Content-Length: ${body.length}`);
}

function stepOf(actions: readonly Action[]): Step {
  const sent: { to: string; text: string }[] = [];
  const logs: string[] = [];
  const effects: PluginEffect[] = [];
  const drops: string[] = [];
  for (const action of actions) {
    if (action.kind === "send") {
      const to = `${action.hop.side} ${socketAddressText(action.hop.peer)}`;
      sent.push({ to, text: decodeLatin1(action.data).replaceAll("\r\n", "\n") });
    } else if (action.kind === "log" && action.event.component.startsWith("plugin")) {
      logs.push(`${action.event.level} ${action.event.text ?? action.event.event}`);
    } else if (action.kind === "plugin") {
      effects.push(action.effect);
    } else if (action.kind === "count" && action.counter === "sip_dropped") {
      drops.push(action.reason ?? "");
    }
  }
  return { sent, logs, effects, drops };
}

/** Value of a header of a sent message; undefined when there is none. */
export function headerOf(step: Step, name: string): string | undefined {
  const line = step.sent[0]?.text.split("\n").find((one) => one.startsWith(`${name}: `));
  return line?.slice(name.length + 2);
}

/** First line of the sent message. */
export function firstLine(step: Step): string | undefined {
  return step.sent[0]?.text.split("\n")[0];
}

/** What the examination of plugin options says, one line an issue. */
export function examine(config: string): readonly string[] {
  const { loaded, issues } = loadConfig({ text: config, fileName: "test.conf" });
  const all: readonly Issue[] = loaded === undefined ? issues : examinePlugins(loaded);
  return all.map(formatIssue);
}
