import { loadConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/config.ts";
import { socketAddressText } from "../../src/base/socket_address.ts";
import { decodeLatin1 } from "../../src/base/text.ts";
import type { Action } from "../../src/proxy/outcome.ts";
import type { BindingChange } from "../../src/registrar/binding.ts";
import { Dice } from "../property/dice.ts";
import { CoreWorld } from "../support/core_world.ts";
import { Auditor, type Cause } from "./auditor.ts";
import { Faults } from "./faults.ts";
import { MediaLab } from "./media_lab.ts";
import { Network, type Packet, type Weather } from "./network.ts";
import { transportOf } from "./transactions.ts";
import { UserAgent } from "./user_agent.ts";

/** What a history showed. */
export interface HistoryReport {
  readonly seed: number;
  /** Messages that the proxy took. */
  readonly packets: number;
  /** Streams that were opened. */
  readonly streams: number;
  /** What happened to registrations, in its order. */
  readonly changes: readonly BindingChange[];
  /** What broke a rule, with what shows it; empty when all is well. */
  readonly problems: readonly string[];
}

/** Longer than a leg, a registration or anything else lives without being refreshed. */
const FOR_EVER_MS = 700_000_000;

/** The clocks of the network and of the proxy differ by this. */
const PROXY_START_MS = 1_000_000;

const PHONES = ["10.0.0.10:5062", "10.0.0.11:5064", "10.0.0.12:5060"] as const;
const USERS = ["alice", "bob", "chris"] as const;

/** Outer place of the party behind a NAT. */
const NAT_PLACE = "198.51.100.7:40123";

const CONFIGS: readonly Config[] = [
  "",
  "compat_responses = 1",
  "wan_peers = known",
  "use_rport = 3",
  "force_rport = 1",
].map(configOf);

function configOf(text: string): Config {
  const { loaded, issues } = loadConfig({ text, fileName: "sim" });
  if (loaded === undefined) throw new Error(`Cannot load configuration: ${JSON.stringify(issues)}`);
  return loaded.config;
}

/**
 * Plays one history of calls on a simulated network around the pure core.
 *
 * Three phones, one of them on TCP now and then, and three parties outside, one of them behind a NAT of its own that may
 * rebind, register, call, hold, move and hang up by chance, on a network that loses, doubles and reorders; media flows, and
 * attackers try its ports; clocks jump, the line goes down, ports run out, and the n-th bind, send, write or look-up fails.
 *
 * @param seed the same seed gives the same history
 * @returns what happened, and which rules were broken
 */
export function playHistory(seed: number): HistoryReport {
  const history = new History(seed);
  return history.play();
}

function weatherOf(dice: Dice): Weather {
  if (dice.oneIn(4)) return { lossOneIn: 0, doubleOneIn: 0, maxDelayMs: 20 };
  return {
    lossOneIn: dice.pick([0, 20, 8, 4]),
    doubleOneIn: dice.pick([0, 10, 4]),
    maxDelayMs: dice.pick([20, 200, 1_500]),
  };
}

class History {
  readonly #seed: number;
  readonly #dice: Dice;
  readonly #network: Network;
  readonly #world: CoreWorld;
  readonly #pairs: number;
  readonly #auditor = new Auditor(PHONES.map((place) => place.split(":")[0] ?? ""));
  readonly #phones: readonly UserAgent[];
  readonly #far: UserAgent;
  readonly #strangers: readonly UserAgent[];
  readonly #faults: Faults;
  readonly #media: MediaLab;
  readonly #changes: BindingChange[] = [];
  #packets = 0;
  #streams = 0;

  constructor(seed: number) {
    this.#seed = seed;
    const dice = new Dice(seed);
    const network = new Network(dice, weatherOf(dice));
    this.#dice = dice;
    this.#network = network;
    this.#faults = new Faults(dice);
    this.#media = new MediaLab(seed);
    this.#pairs = dice.pick([1, 2, 4, 10]);
    const hosts = { "provider.example": "192.0.2.10" };
    this.#world = new CoreWorld({ config: dice.pick(CONFIGS), hosts, pairs: this.#pairs });
    const make = (
      user: string,
      place: string,
      more: { claimed?: string; proxy?: string; transport?: "udp" | "tcp" } = {},
    ) => {
      const { claimed = place, proxy, transport = "udp" } = more;
      return new UserAgent({ user, place, claimed, proxy, transport }, { network, dice });
    };
    const lastTransport = dice.oneIn(3) ? "tcp" : "udp";
    this.#phones = PHONES.map((place, index) =>
      make(USERS[index] ?? "", place, {
        proxy: "10.0.0.1:5060",
        transport: index === PHONES.length - 1 ? lastTransport : "udp",
      })
    );
    this.#far = make("carol", "192.0.2.10:5070");
    this.#strangers = [
      make("dave", NAT_PLACE, { claimed: "192.168.7.7:5060" }),
      make("eve", "198.51.100.66:5060"),
    ];
    for (const place of ["10.0.0.1:5060", "192.0.2.1:5060"]) {
      network.attach(place, (packet) => this.#receive(packet));
    }
  }

  play(): HistoryReport {
    this.#schedule();
    try {
      this.#network.run();
      this.#world.outages = new Set();
      this.#pass(FOR_EVER_MS);
      this.#lookBack();
    } catch (thrown) {
      this.#auditor.problems.push(
        thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown),
      );
    }
    return {
      seed: this.#seed,
      packets: this.#packets,
      streams: this.#streams,
      changes: this.#changes,
      problems: [...this.#auditor.problems, ...this.#media.problems],
    };
  }

  #schedule(): void {
    const dice = this.#dice;
    const later = (withinMs: number, run: () => void) =>
      this.#network.after(dice.below(withinMs), run);
    for (const phone of this.#phones) {
      if (!dice.oneIn(8)) later(2_000, () => phone.register(dice.pick([60, 120, 3_600])));
      if (dice.oneIn(3)) later(60_000, () => phone.register(120));
      if (dice.oneIn(3)) later(60_000, () => phone.register(0));
    }
    for (let calls = dice.between(1, 6); calls > 0; calls--) later(50_000, () => this.#call());
    if (dice.oneIn(4)) {
      later(60_000, () => this.#network.jump(dice.pick([5_000, 70_000, 4_000_000])));
    }
    if (dice.oneIn(5)) later(60_000, () => this.#cutLine());
    if (dice.oneIn(4)) later(60_000, () => this.#network.rebind(NAT_PLACE, "198.51.100.7:41999"));
    for (let talks = dice.below(8); talks > 0; talks--) {
      later(90_000, () => this.#media.talk(this.#world.nowMs));
    }
    for (let silences = dice.below(3); silences > 0; silences--) {
      later(90_000, () => this.#silence());
    }
    for (let ticks = 0; ticks < 10; ticks++) {
      this.#network.after(ticks * 20_000, () => this.#pass(0));
    }
  }

  #call(): void {
    const dice = this.#dice;
    if (dice.oneIn(3)) {
      const caller = dice.pick([this.#far, ...this.#strangers]);
      const callee = dice.pick(USERS);
      const uri = this.#far.registered.get(callee) ?? `sip:${callee}@192.0.2.1`;
      caller.invite(dice.oneIn(8) ? "sip:nobody@192.0.2.1" : uri);
      return;
    }
    dice.pick(this.#phones).invite(dice.pick([
      "sip:carol@192.0.2.10:5070",
      "sip:carol@192.0.2.10:5070",
      "sip:carol@provider.example:5070",
      "sip:alice@192.0.2.1",
      "sip:bob@192.0.2.1",
      "sip:carol@nowhere.example",
      "sip:dave@198.51.100.7:40123",
      "sip:all@224.0.1.75",
      "sip:all@255.255.255.255",
      "sip:x@0.0.0.0",
      "sip:x@127.0.0.1",
      "sips:carol@192.0.2.10",
    ]));
  }

  /** The line is down for some seconds: no address outside, nothing comes in. */
  #cutLine(): void {
    const { own } = this.#world;
    this.#world.own = { ...own, wan: undefined, advertised: undefined };
    this.#network.after(this.#dice.between(1_000, 30_000), () => this.#world.own = own);
  }

  /** A stream gets no packet for its time-out: the relay closes it and says so. */
  #silence(): void {
    const [streamId] = this.#auditor.openStreams;
    if (streamId === undefined) return;
    this.#auditor.forgetStream(streamId);
    this.#media.end(streamId);
    this.#carryOut(this.#world.mediaExpired(streamId));
  }

  #receive(packet: Packet): void {
    const side = packet.to === "10.0.0.1:5060" ? "lan" : "wan";
    if (side === "wan" && this.#world.own.wan === undefined) return;
    this.#pass(0);
    this.#packets++;
    this.#breakThings(packet);
    const transport = transportOf(packet.data);
    const arrival = { side, source: packet.from, transport } as const;
    this.#carryOut(this.#world.receiveBytes(packet.data, arrival), { packet });
  }

  /** A message that may need ports or a name counts as one bind, one look-up. */
  #breakThings({ data }: Packet): void {
    const { nowMs } = this.#network;
    const text = decodeLatin1(data);
    const outages = new Set<"bind" | "look-up">();
    if (text.includes("m=audio") && this.#faults.fails("bind", nowMs)) outages.add("bind");
    if (text.includes(".example") && this.#faults.fails("look-up", nowMs)) outages.add("look-up");
    this.#world.outages = outages;
    if (!this.#faults.isOut("send", nowMs)) this.#world.unreachable = new Set();
  }

  /** Brings the proxy's clock up to the network's. */
  #pass(moreMs: number): void {
    const byMs = PROXY_START_MS + this.#network.nowMs + moreMs - this.#world.nowMs;
    this.#carryOut(this.#world.advance(byMs));
  }

  #carryOut(actions: readonly Action[], cause: Cause = {}): void {
    const world = this.#world;
    this.#auditor.observe(actions, { ...cause, world });
    for (const action of actions) {
      if (action.kind === "binding") this.#changes.push(action.change);
      if (action.kind === "relay" && action.command.kind === "open") this.#streams++;
      if (action.kind === "relay") this.#media.apply(action.command, world.nowMs);
      if (action.kind === "send") this.#send(action, cause);
    }
  }

  /** The n-th send fails: the system says so of a datagram, a stream ends and its message comes back undelivered. */
  #send(action: Extract<Action, { kind: "send" }>, cause: Cause): void {
    const { hop, data } = action;
    const { nowMs } = this.#network;
    const to = socketAddressText(hop.peer);
    if (hop.transport === "tcp" && this.#faults.fails("stream-write", nowMs)) {
      this.#world.disconnect(to);
      const reason = nowMs % 2 === 0 ? "refused" : "timeout";
      const actions = this.#world.deliveryFailed({ data, hop, reason });
      this.#carryOut(actions, { ...cause, kind: "undelivered" });
      return;
    }
    if (hop.transport === "udp" && this.#faults.fails("send", nowMs)) {
      this.#world.unreachable = new Set([to]);
      return;
    }
    const from = hop.side === "lan" ? "10.0.0.1:5060" : "192.0.2.1:5060";
    this.#network.send({ from, to, data, transport: hop.transport });
  }

  /** Everything has ended or expired: nothing may be left. */
  #lookBack(): void {
    const { problems } = this.#auditor;
    const { dialogs, bindings } = this.#world.state;
    if (dialogs.size > 0) problems.push(`${dialogs.size} legs are left`);
    if (bindings.all().length > 0) problems.push(`${bindings.all().length} registrations are left`);
    if (this.#media.size > 0) problems.push(`${this.#media.size} streams are left`);
    for (const side of ["lan", "wan"] as const) {
      const free = this.#world.freePairs(side);
      if (free !== this.#pairs) problems.push(`${this.#pairs - free} port pairs leaked on ${side}`);
    }
  }
}
