import { hookMark } from "./hook_mark.ts";
import { describeThrown } from "./describe_thrown.ts";
import type { HookName, PluginHooks } from "./hooks.ts";
import type { OwnHooks } from "./own_hooks.ts";
import type { PluginClock, PluginSession } from "./plugin_world.ts";

/** Failures after which a plugin is switched off: one odd message is forgiven, a broken plugin is not. */
const MAX_FAILURES = 10;

/** A hook that takes longer is slow: it holds up every other call; the longest built-in one takes a tenth. */
const SLOW_HOOK_MS = 20;

/** Slow calls of one window after which a plugin is switched off; a pause of the garbage collector makes some few. */
const MAX_SLOW_CALLS = 20;

/** A daemon runs for years: what a busy machine delayed last week must not count. */
const SLOW_WINDOW_MS = 60_000;

/** What a hook that threw has said. */
export const FAILED: unique symbol = Symbol("failed");

/** What a slot works with. */
export interface SlotParts {
  readonly name: string;
  readonly hooks: OwnHooks;
  /** What setup returned: a hook may find its own things by `this`. */
  readonly receiver: PluginHooks;
  /** Foreign code may write on what it is shown; that of the daemon is held to the types. */
  readonly origin: "built-in" | "foreign";
  /** Place in the load order. */
  readonly order: number;
  readonly session: PluginSession;
  readonly clock: PluginClock;
}

/** One loaded plugin: calls its hooks so that neither a throw nor slowness of it hurts anybody else. */
export class PluginSlot {
  readonly name: string;
  readonly order: number;
  readonly hooks: OwnHooks;
  readonly origin: SlotParts["origin"];
  readonly #receiver: PluginHooks;
  readonly #session: PluginSession;
  readonly #clock: PluginClock;
  readonly #mark: number;
  #failures = 0;
  #slowCalls = 0;
  #slowSinceMs = 0;
  #state: "on" | "off" = "on";

  constructor(parts: SlotParts) {
    this.name = parts.name;
    this.#mark = hookMark(parts.name);
    this.order = parts.order;
    this.hooks = parts.hooks;
    this.origin = parts.origin;
    this.#receiver = parts.receiver;
    this.#session = parts.session;
    this.#clock = parts.clock;
  }

  /** Whether it is still called. */
  get isOn(): boolean {
    return this.#state === "on";
  }

  /** Calls one hook without a message; undefined when it threw. */
  call<Value>(name: HookName, run: () => Value): Value | undefined {
    const value = this.guard(name, run);
    return value === FAILED ? undefined : value;
  }

  /** Shows a hook what it is called for; what it gives back is read inside of a `guard` only. */
  ask<Event, Value>(hook: (event: Event) => Value, event: Event): Value {
    const value = hook.call(this.#receiver, event);
    if (!(value instanceof Promise)) return value;
    // Nobody waits for it; unheard, its failure would end the isolate.
    value.catch(() => {});
    throw new TypeError("it returned a promise, and hooks must not wait");
  }

  /** Runs code of the plugin; `FAILED` when it threw, and then the message goes on as if it had not been called. */
  guard<Value>(name: HookName, run: () => Value): Value | typeof FAILED {
    const { actions, running } = this.#session;
    const kept = actions.length;
    if (running !== undefined) Atomics.store(running, 0, this.#mark);
    const beganAtMs = this.#clock.monotonicMs();
    let value: Value | typeof FAILED = FAILED;
    try {
      value = run();
    } catch (error) {
      // What a hook asked for before it threw is not done by half.
      actions.length = kept;
      this.fail(name, describeThrown(error));
    }
    if (running !== undefined) Atomics.store(running, 0, 0);
    const endedAtMs = this.#clock.monotonicMs();
    const tookMs = endedAtMs - beganAtMs;
    if (tookMs > SLOW_HOOK_MS) this.#slow(name, { tookMs, endedAtMs });
    return value;
  }

  /** Counts a failure, tells the first of them, and ends the plugin's work after too many. */
  fail(hook: HookName, reason: string): void {
    this.#failures++;
    const { actions } = this.#session;
    actions.push({ kind: "count", counter: "plugin_failed", reason: this.name });
    if (this.#failures === 1 || this.#failures === MAX_FAILURES) {
      this.#say("error", `Plugin '${this.name}' failed in ${hook}: ${reason}; the message goes on`);
    }
    if (this.#failures >= MAX_FAILURES) this.#switchOff(`${MAX_FAILURES} failures`);
  }

  #slow(
    hook: HookName,
    { tookMs, endedAtMs }: { readonly tookMs: number; readonly endedAtMs: number },
  ): void {
    if (this.#slowCalls === 0 || endedAtMs - this.#slowSinceMs > SLOW_WINDOW_MS) {
      this.#slowCalls = 0;
      this.#slowSinceMs = endedAtMs;
    }
    this.#slowCalls++;
    if (this.#slowCalls === 1) {
      this.#say("warning", `Plugin '${this.name}' is slow: ${hook} took ${Math.round(tookMs)} ms`);
    }
    if (this.#slowCalls >= MAX_SLOW_CALLS) this.#switchOff(`${MAX_SLOW_CALLS} slow calls`);
  }

  #switchOff(why: string): void {
    if (this.#state === "off") return;
    this.#state = "off";
    this.#say("error", `Plugin '${this.name}' is switched off after ${why}`);
  }

  #say(level: "error" | "warning", text: string): void {
    const event = { level, component: "plugins", event: "plugin.trouble", text } as const;
    this.#session.actions.push({ kind: "log", event });
  }
}
