import type { HookName, PluginHooks } from "./hooks.ts";
import type { PluginSlot } from "./slot.ts";

/** One plugin's hook, found once: every message asks for it. */
export interface HookCall<Name extends HookName> {
  readonly name: Name;
  readonly slot: PluginSlot;
  readonly hook: NonNullable<PluginHooks[Name]>;
}

/** Whom each hook's stage has to call, in load order. */
export type HookCalls = { readonly [Name in HookName]: readonly HookCall<Name>[] };

/**
 * Finds the hooks of all plugins.
 *
 * @param slots the plugins, in load order
 * @returns a list for each hook, empty where no plugin has it
 */
export function findHooks(slots: readonly PluginSlot[]): HookCalls {
  return {
    onTimer: callsOf("onTimer", slots),
    onStatistics: callsOf("onStatistics", slots),
    processRaw: callsOf("processRaw", slots),
    validate: callsOf("validate", slots),
    validateResponse: callsOf("validateResponse", slots),
    determineTarget: callsOf("determineTarget", slots),
    determineTargetResponse: callsOf("determineTargetResponse", slots),
    preProxy: callsOf("preProxy", slots),
    preProxyResponse: callsOf("preProxyResponse", slots),
    proxyUnknown: callsOf("proxyUnknown", slots),
    postProxy: callsOf("postProxy", slots),
    postProxyResponse: callsOf("postProxyResponse", slots),
    ownReply: callsOf("ownReply", slots),
    dispose: callsOf("dispose", slots),
  };
}

function callsOf<Name extends HookName>(
  name: Name,
  slots: readonly PluginSlot[],
): readonly HookCall<Name>[] {
  return slots.flatMap((slot) => {
    const hook = slot.hooks[name];
    return hook === undefined ? [] : [{ name, slot, hook }];
  });
}
