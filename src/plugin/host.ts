/**
 * Runs the loaded plugins: their hooks in load order, each guarded, and collects what they ask for.
 * It opens no socket and no file; what plugins ask for are actions. The proxy's plugin stages call it.
 *
 * @module
 */
import type { Result } from "../base/result.ts";
import { editRequest, editResponse, keep, steer } from "./apply_verdict.ts";
import type { PluginAction } from "./effect.ts";
import type {
  Drop,
  HookName,
  MessageVerdict,
  PhoneTarget,
  PluginHooks,
  RawPacket,
  Reply,
  ReplyEvent,
  RequestEvent,
  ResponseEvent,
  Target,
} from "./hooks.ts";
import type { PluginSession, PluginWorld } from "./plugin_world.ts";
import { FAILED, type PluginSlot } from "./slot.ts";

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

interface Job<Event extends AnyEvent, Verdict extends MessageVerdict> {
  readonly hook: HookName;
  readonly world: PluginWorld;
  readonly hookOf: (hooks: PluginHooks) => ((event: Event) => Verdict) | undefined;
  readonly ends: readonly MessageVerdict["kind"][];
  readonly change: (event: Event, verdict: Verdict) => Result<Event>;
}

/** The loaded plugins of a daemon. */
export class PluginChain {
  readonly #session: PluginSession;
  readonly #byHook = new Map<HookName, readonly PluginSlot[]>();
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
    return this.#byHook.has(hook);
  }

  /** Takes a plugin in, at its place of the load order. */
  add(slot: PluginSlot): void {
    this.replace([...this.#slots, slot].sort((left, right) => left.order - right.order));
  }

  /** Has these plugins from now on, in this order. */
  replace(slots: readonly PluginSlot[]): void {
    this.#slots = slots;
    this.#byHook.clear();
    for (const one of this.#slots) {
      for (const hook of HOOK_NAMES) {
        if (one.hooks[hook] === undefined) continue;
        this.#byHook.set(hook, [...this.#byHook.get(hook) ?? [], one]);
      }
    }
  }

  /** Gives and forgets what plugins asked for outside of a message, as in their setup. */
  takeActions(): readonly PluginAction[] {
    const { actions } = this.#session;
    this.#session.actions = [];
    return actions;
  }

  /** Lets plugins see a packet; the first that consumes it ends its way. */
  processRaw(packet: RawPacket, world: PluginWorld): RawPassage {
    this.#session.world = world;
    let kind: RawPassage["kind"] = "continue";
    for (const slot of this.#byHook.get("processRaw") ?? []) {
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
    const slots = this.#byHook.get(hook);
    if (slots === undefined) return [];
    this.#session.world = world;
    for (const slot of slots) if (slot.isOn) slot.call(hook, () => slot.hooks[hook]?.());
    return this.#end();
  }

  /** Hooks on a request whose syntax is right. */
  validate(event: RequestEvent, world: PluginWorld): Passage<RequestEvent> {
    const hookOf = (hooks: PluginHooks) => hooks.validate;
    return this.#pass(event, {
      hook: "validate",
      world,
      hookOf,
      ends: ["drop", "reply"],
      change: keep,
    });
  }

  /** Hooks on a response whose syntax is right. */
  validateResponse(event: ResponseEvent, world: PluginWorld): Passage<ResponseEvent> {
    const hookOf = (hooks: PluginHooks) => hooks.validateResponse;
    return this.#pass(event, {
      hook: "validateResponse",
      world,
      hookOf,
      ends: ["drop"],
      change: keep,
    });
  }

  /** Hooks that may decide where a request goes. */
  determineTarget(event: RequestEvent, world: PluginWorld): Passage<RequestEvent> {
    const hookOf = (hooks: PluginHooks) => hooks.determineTarget;
    const ends = ["drop", "reply"] as const;
    return this.#pass(event, { hook: "determineTarget", world, hookOf, ends, change: editRequest });
  }

  /** The same stage for responses. */
  determineTargetResponse(event: ResponseEvent, world: PluginWorld): Passage<ResponseEvent> {
    const hookOf = (hooks: PluginHooks) => hooks.determineTargetResponse;
    const hook = "determineTargetResponse";
    return this.#pass(event, { hook, world, hookOf, ends: ["drop"], change: editResponse });
  }

  /** Hooks on a request that is about to be rewritten. */
  preProxy(event: RequestEvent, world: PluginWorld): Passage<RequestEvent> {
    const hookOf = (hooks: PluginHooks) => hooks.preProxy;
    return this.#pass(event, { hook: "preProxy", world, hookOf, ends: [], change: steer });
  }

  /** Hooks on a response that is about to be rewritten. */
  preProxyResponse(event: ResponseEvent, world: PluginWorld): Passage<ResponseEvent> {
    const hookOf = (hooks: PluginHooks) => hooks.preProxyResponse;
    return this.#pass(event, {
      hook: "preProxyResponse",
      world,
      hookOf,
      ends: [],
      change: editResponse,
    });
  }

  /** Hooks on a request for nobody. */
  proxyUnknown(event: RequestEvent, world: PluginWorld): Passage<RequestEvent> {
    const hookOf = (hooks: PluginHooks) => hooks.proxyUnknown;
    const ends = ["target", "drop", "reply"] as const;
    return this.#pass(event, { hook: "proxyUnknown", world, hookOf, ends, change: keep });
  }

  /** Hooks on a request that is about to be sent. */
  postProxy(event: RequestEvent, world: PluginWorld): Passage<RequestEvent> {
    const hookOf = (hooks: PluginHooks) => hooks.postProxy;
    return this.#pass(event, { hook: "postProxy", world, hookOf, ends: [], change: editRequest });
  }

  /** Hooks on a response that is about to be sent. */
  postProxyResponse(event: ResponseEvent, world: PluginWorld): Passage<ResponseEvent> {
    const hookOf = (hooks: PluginHooks) => hooks.postProxyResponse;
    return this.#pass(event, {
      hook: "postProxyResponse",
      world,
      hookOf,
      ends: [],
      change: editResponse,
    });
  }

  /** Hooks on an answer of the daemon's own; they can only look at it. */
  ownReply(event: ReplyEvent, world: PluginWorld): readonly PluginAction[] {
    this.#session.world = world;
    for (const slot of this.#byHook.get("ownReply") ?? []) {
      const hook = slot.isOn ? slot.hooks.ownReply : undefined;
      if (hook !== undefined) slot.ask("ownReply", { hook, event });
    }
    return this.#end();
  }

  #pass<Event extends AnyEvent, Verdict extends MessageVerdict>(
    first: Event,
    job: Job<Event, Verdict>,
  ): Passage<Event> {
    this.#session.world = job.world;
    let event = first;
    let phone: PhoneTarget | undefined;
    for (const slot of this.#byHook.get(job.hook) ?? []) {
      const hook = slot.isOn ? job.hookOf(slot.hooks) : undefined;
      if (hook === undefined) continue;
      const verdict = slot.ask(job.hook, { hook, event });
      if (verdict === FAILED) continue;
      if (verdict === undefined || !isKnown(verdict, job.ends)) {
        slot.fail(job.hook, "it returned no verdict of this hook");
        continue;
      }
      if (verdict.kind !== "continue") {
        return { event, end: endOf(verdict), phone, actions: this.#end() };
      }
      const changed = job.change(event, verdict);
      if (changed.ok) event = changed.value;
      else slot.fail(job.hook, changed.error);
      if ("phone" in verdict && verdict.phone !== undefined) phone = verdict.phone;
    }
    return { event, end: undefined, phone, actions: this.#end() };
  }

  #end(): readonly PluginAction[] {
    this.#session.world = undefined;
    return this.takeActions();
  }
}

const HOOK_NAMES: readonly HookName[] = [
  "onTimer",
  "onStatistics",
  "processRaw",
  "validate",
  "validateResponse",
  "determineTarget",
  "determineTargetResponse",
  "preProxy",
  "preProxyResponse",
  "proxyUnknown",
  "postProxy",
  "postProxyResponse",
  "ownReply",
  "dispose",
];

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
