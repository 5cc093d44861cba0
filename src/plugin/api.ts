/**
 * What plugins are written with: the definition, the hooks and their verdicts, the host, and the types in them.
 * It runs nothing by itself and reaches neither files nor sockets. It is the only file of src/plugin that plugins import.
 *
 * @module
 */
export {
  definePlugin,
  type Plugin,
  PLUGIN_API_VERSION,
  type PluginDefinition,
} from "./define_plugin.ts";
export type { ConfigProblem } from "./option_source.ts";
export type {
  BooleanOption,
  ConfigOf,
  IntegerOption,
  ListOption,
  NetworksOption,
  Option,
  OptionSchema,
  OptionValue,
  StringOption,
} from "./option_schema.ts";
export {
  type Consume,
  CONTINUE,
  type Continue,
  type Direction,
  type Drop,
  type PhoneTarget,
  type PluginHooks,
  type Proceed,
  type RawPacket,
  type Reply,
  type RequestEvent,
  type ResponseEvent,
  type Steer,
  type Target,
} from "./hooks.ts";
export type {
  DatabaseRows,
  PluginAddresses,
  PluginCall,
  PluginHost,
  PluginLogEntry,
  PluginStore,
  PluginStream,
} from "./plugin_host.ts";
export type { DatabaseChange } from "./effect.ts";
export { drop, redirectTo, reply } from "./verdicts.ts";
export { compilePattern, type Pattern, type PatternMatch } from "./pattern.ts";
export { compileReplacement, replaceFirstOrAll, type Replacement } from "./replacement.ts";
export { beginsOutgoingCall, markRedirected, sipUriOf, wasRedirectedBy } from "./dialled.ts";
export type { ReplaceRule } from "./replacement.ts";
