/**
 * Runs the loaded plugins: their hooks in load order, each guarded, and collects what they ask for.
 * It opens no socket and no file; what plugins ask for are actions. The proxy's plugin stages call it.
 *
 * @module
 */
import type { PluginAction } from "./effect.ts";
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
    for (const { slot } of this.#calls.processRaw) {
      if (!slot.isOn) continue;
      const verdict = slot.call("processRaw", () => slot.hooks.processRaw?.(packet));
      if (verdict?.kind !== "consume") continue;
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
    for (const { slot } of this.#calls[hook]) {
      if (slot.isOn) slot.call(hook, () => slot.hooks[hook]?.());
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
    for (const call of this.#calls.ownReply) if (call.slot.isOn) call.slot.ask(call, event);
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
      const verdict = slot.ask(call, event);
      if (verdict === FAILED) continue;
      if (verdict === undefined || !isKnown(verdict, rules.ends)) {
        slot.fail(name, "it returned no verdict of this hook");
        continue;
      }
      if (verdict.kind !== "continue") {
        return { event, end: endOf(verdict), phone, actions: this.#end() };
      }
      const changed = rules.change(event, verdict);
      if (changed.ok) event = changed.value;
      else slot.fail(name, changed.error);
      if ("phone" in verdict && verdict.phone !== undefined) phone = verdict.phone;
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

/** Plugins in plain JavaScript may return anything. */
function isKnown(verdict: MessageVerdict, ends: readonly MessageVerdict["kind"][]): boolean {
  if (typeof verdict !== "object" || verdict === null) return false;
  return verdict.kind === "continue" || ends.includes(verdict.kind);
}

function endOf(verdict: MessageVerdict): Drop | Reply | Target | undefined {
  return verdict.kind === "continue" ? undefined : verdict;
}

/** The chain of a daemon that loads no plugin. */
export function emptyChain(): PluginChain {
  return new PluginChain();
}
