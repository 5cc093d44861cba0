import { err, ok, type Result } from "../base/result.ts";
import type { HookName, PluginHooks } from "./hooks.ts";

/** The hooks of one plugin, each read once. */
export type OwnHooks = {
  readonly [Name in HookName]: NonNullable<PluginHooks[Name]> | undefined;
};

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

/**
 * Takes what a setup returned; plugins in plain JavaScript are not held to the types.
 *
 * @param given the hooks, if the plugin is right
 * @returns the hooks, or why they are none; it throws what the plugin's own getters throw
 */
export function readHooks(given: PluginHooks): Result<OwnHooks> {
  if (given instanceof Promise) {
    // Unheard, its failure would end the isolate.
    given.catch(() => {});
    return err("setup returned a promise: it must not wait");
  }
  if (given === null || typeof given !== "object") return err("setup returned no hooks");
  const hooks = everyHook(given);
  const odd = HOOK_NAMES.find((name) =>
    hooks[name] !== undefined && typeof hooks[name] !== "function"
  );
  return odd === undefined ? ok(hooks) : err(`setup returned a hook that is no function: ${odd}`);
}

function everyHook(given: PluginHooks): OwnHooks {
  return {
    onTimer: given.onTimer,
    onStatistics: given.onStatistics,
    processRaw: given.processRaw,
    validate: given.validate,
    validateResponse: given.validateResponse,
    determineTarget: given.determineTarget,
    determineTargetResponse: given.determineTargetResponse,
    preProxy: given.preProxy,
    preProxyResponse: given.preProxyResponse,
    proxyUnknown: given.proxyUnknown,
    postProxy: given.postProxy,
    postProxyResponse: given.postProxyResponse,
    ownReply: given.ownReply,
    dispose: given.dispose,
  };
}
