/**
 * Runs the loaded plugins: their hooks in load order, each guarded, and collects what they ask for.
 * It opens no socket and no file; what plugins ask for are actions. The proxy's plugin stages call it.
 *
 * @module
 */
import { err, ok, type Result } from "../base/result.ts";
import { readEnd, readPhone } from "./check_verdict.ts";
import type { PluginAction } from "./effect.ts";
import { freezeEvent, freezeReply } from "./freeze_event.ts";
import { findHooks, type HookCalls } from "./hook_calls.ts";
import type {
  Drop,
  HookName,
  MessageVerdict,
  PhoneTarget,
  RawPacket,
  Reply,
  ReplyEvent,
  RequestEvent,
  ResponseEvent,
  Target,
} from "./hooks.ts";
import type { PluginSession, PluginWorld } from "./plugin_world.ts";
import { FAILED, type PluginSlot } from "./slot.ts";
import {
  DETERMINE_TARGET,
  DETERMINE_TARGET_RESPONSE,
  EDIT_RESPONSE,
  POST_PROXY,
  PRE_PROXY,
  PROXY_UNKNOWN,
  type StageRules,
  VALIDATE,
  VALIDATE_RESPONSE,
} from "./stage_rules.ts";

/** How a message came out of the hooks of a stage. */
export interface Passage<Event> {
  /** The event, with the changes of all plugins. */
  readonly event: Event;
  /** Set when a plugin ended the message's way, or decided its target. */
  readonly end: Drop | Reply | Target | undefined;
  /** Phone that a plugin chose for the request. */
  readonly phone: PhoneTarget | undefined;
  readonly actions: readonly PluginAction[];
}

/** What came of a raw packet. */
export interface RawPassage {
  readonly kind: "continue" | "consume";
  readonly actions: readonly PluginAction[];
}

type AnyEvent = RequestEvent | ResponseEvent;

/** Whom a stage calls, and by which rules. */
interface PluginStage<Event, Verdict extends MessageVerdict> {
  readonly rules: StageRules<Event, Verdict>;
  readonly calls: readonly StageCall<Event, Verdict>[];
  readonly world: PluginWorld;
}

interface StageCall<Event, Verdict> {
  readonly name: HookName;
  readonly slot: PluginSlot;
  readonly hook: (event: Event) => Verdict;
}

/** The loaded plugins of a daemon. */
export class PluginChain {
  readonly #session: PluginSession;
  #calls: HookCalls = findHooks([]);
  #slots: readonly PluginSlot[] = [];

  constructor(session: PluginSession = { world: undefined, actions: [] }) {
    this.#session = session;
  }

  /** Names of the plugins, in processing order. */
  get names(): readonly string[] {
    return this.#slots.map((slot) => slot.name);
  }

  /** Whether a stage has anything to call; a daemon without plugins asks this and no more. */
  has(hook: HookName): boolean {
    return this.#calls[hook].length > 0;
  }

  /** Takes a plugin in, at its place of the load order. */
  add(slot: PluginSlot): void {
    this.replace([...this.#slots, slot].sort((left, right) => left.order - right.order));
  }

  /** Has these plugins from now on, in this order. */
  replace(slots: readonly PluginSlot[]): void {
    this.#slots = slots;
    this.#calls = findHooks(slots);
  }

  /** Gives and forgets what plugins asked for outside of a message, as in their setup. */
  takeActions(): readonly PluginAction[] {
    const { actions } = this.#session;
    if (actions.length === 0) return NO_ACTIONS;
    this.#session.actions = [];
    return actions;
  }

  /** Lets plugins see a packet; the first that consumes it ends its way. */
  processRaw(packet: RawPacket, world: PluginWorld): RawPassage {
    this.#session.world = world;
    let kind: RawPassage["kind"] = "continue";
    for (const { name, slot, hook } of this.#calls.processRaw) {
      if (!slot.isOn) continue;
      const shown = slot.origin === "foreign" ? copyPacket(packet) : packet;
      if (slot.call(name, () => slot.ask(hook, shown).kind) !== "consume") continue;
      kind = "consume";
      break;
    }
    return { kind, actions: this.#end() };
  }

  /** Calls a hook without a message. */
  notify(
    hook: "onTimer" | "onStatistics" | "dispose",
    world: PluginWorld | undefined,
  ): readonly PluginAction[] {
    if (!this.has(hook)) return [];
    this.#session.world = world;
    for (const { slot, hook: run } of this.#calls[hook]) {
      if (slot.isOn) slot.call(hook, () => slot.ask(run, undefined));
    }
    return this.#end();
  }

  /** Hooks on a request whose syntax is right. */
  validate(event: RequestEvent, world: PluginWorld): Passage<RequestEvent> {
    return this.#pass(event, { rules: VALIDATE, calls: this.#calls.validate, world });
  }

  /** Hooks on a response whose syntax is right. */
  validateResponse(event: ResponseEvent, world: PluginWorld): Passage<ResponseEvent> {
    const calls = this.#calls.validateResponse;
    return this.#pass(event, { rules: VALIDATE_RESPONSE, calls, world });
  }

  /** Hooks that may decide where a request goes. */
  determineTarget(event: RequestEvent, world: PluginWorld): Passage<RequestEvent> {
    const calls = this.#calls.determineTarget;
    return this.#pass(event, { rules: DETERMINE_TARGET, calls, world });
  }

  /** The same stage for responses. */
  determineTargetResponse(event: ResponseEvent, world: PluginWorld): Passage<ResponseEvent> {
    const calls = this.#calls.determineTargetResponse;
    return this.#pass(event, { rules: DETERMINE_TARGET_RESPONSE, calls, world });
  }

  /** Hooks on a request that is about to be rewritten. */
  preProxy(event: RequestEvent, world: PluginWorld): Passage<RequestEvent> {
    return this.#pass(event, { rules: PRE_PROXY, calls: this.#calls.preProxy, world });
  }

  /** Hooks on a response that is about to be rewritten. */
  preProxyResponse(event: ResponseEvent, world: PluginWorld): Passage<ResponseEvent> {
    const calls = this.#calls.preProxyResponse;
    return this.#pass(event, { rules: EDIT_RESPONSE, calls, world });
  }

  /** Hooks on a request for nobody. */
  proxyUnknown(event: RequestEvent, world: PluginWorld): Passage<RequestEvent> {
    return this.#pass(event, { rules: PROXY_UNKNOWN, calls: this.#calls.proxyUnknown, world });
  }

  /** Hooks on a request that is about to be sent. */
  postProxy(event: RequestEvent, world: PluginWorld): Passage<RequestEvent> {
    return this.#pass(event, { rules: POST_PROXY, calls: this.#calls.postProxy, world });
  }

  /** Hooks on a response that is about to be sent. */
  postProxyResponse(event: ResponseEvent, world: PluginWorld): Passage<ResponseEvent> {
    const calls = this.#calls.postProxyResponse;
    return this.#pass(event, { rules: EDIT_RESPONSE, calls, world });
  }

  /** Hooks on an answer of the daemon's own; they can only look at it. */
  ownReply(event: ReplyEvent, world: PluginWorld): readonly PluginAction[] {
    this.#session.world = world;
    for (const { name, slot, hook } of this.#calls.ownReply) {
      if (!slot.isOn) continue;
      if (slot.origin === "foreign") freezeReply(event);
      slot.call(name, () => slot.ask(hook, event));
    }
    return this.#end();
  }

  #pass<Event extends AnyEvent, Verdict extends MessageVerdict>(
    first: Event,
    { rules, calls, world }: PluginStage<Event, Verdict>,
  ): Passage<Event> {
    this.#session.world = world;
    let event = first;
    let phone: PhoneTarget | undefined;
    for (const call of calls) {
      const { slot, name } = call;
      if (!slot.isOn) continue;
      if (slot.origin === "foreign") freezeEvent(event);
      const shown = event;
      const step = slot.guard(name, () => stepOf(call, shown, rules));
      if (step === FAILED) continue;
      if (!step.ok) {
        slot.fail(name, step.error);
        continue;
      }
      event = step.value.event;
      phone = step.value.phone ?? phone;
      const { end } = step.value;
      if (end !== undefined) return { event, end, phone, actions: this.#end() };
    }
    return { event, end: undefined, phone, actions: this.#end() };
  }

  #end(): readonly PluginAction[] {
    this.#session.world = undefined;
    return this.takeActions();
  }
}

/** What nearly every message leaves behind. */
const NO_ACTIONS: readonly PluginAction[] = [];

/** What one hook made of a message. */
type Step<Event> = Pick<Passage<Event>, "event" | "end" | "phone">;

/** Asks a hook and takes its verdict, which in plain JavaScript may be anything, also what throws when it is read. */
function stepOf<Event, Verdict extends MessageVerdict>(
  { slot, hook }: StageCall<Event, Verdict>,
  event: Event,
  rules: StageRules<Event, Verdict>,
): Result<Step<Event>> {
  const verdict = slot.ask(hook, event);
  if (!isKnown(verdict, rules.ends)) return err("it returned no verdict of this hook");
  const end = endOf(verdict);
  if (end !== undefined) {
    const read = readEnd(end);
    return read.ok ? ok({ event, end: read.value, phone: undefined }) : read;
  }
  const changed = rules.change(event, verdict);
  if (!changed.ok) return changed;
  const phone = readPhone("phone" in verdict ? verdict.phone : undefined);
  return phone.ok ? ok({ event: changed.value, end: undefined, phone: phone.value }) : phone;
}

function isKnown(verdict: MessageVerdict, ends: readonly MessageVerdict["kind"][]): boolean {
  if (typeof verdict !== "object" || verdict === null) return false;
  const { kind } = verdict;
  return kind === "continue" || ends.includes(kind);
}

function endOf(verdict: MessageVerdict): Drop | Reply | Target | undefined {
  return verdict.kind === "continue" ? undefined : verdict;
}

/** The octets belong to the transport, which uses their memory again. */
function copyPacket(packet: RawPacket): RawPacket {
  return { ...packet, data: packet.data.slice() };
}

/** The chain of a daemon that loads no plugin. */
export function emptyChain(): PluginChain {
  return new PluginChain();
}
