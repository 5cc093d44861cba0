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
  type PreparedPlugin,
} from "./define_plugin.ts";
export type { ConfigProblem, OptionSource } from "./option_source.ts";
export type {
  BooleanOption,
  ConfigOf,
  IntegerOption,
  ListOption,
  NetworksOption,
  Option,
  OptionSchema,
  OptionText,
  OptionValue,
  StringOption,
} from "./option_schema.ts";
export {
  type Consume,
  CONTINUE,
  type Continue,
  type Direction,
  type Drop,
  type EventCommon,
  type PhoneTarget,
  type PluginHooks,
  type Proceed,
  type RawPacket,
  type Reply,
  type ReplyEvent,
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
export type { Piece, ReplaceRule } from "./replacement.ts";
export {
  examineRules,
  type NamedRule,
  readRules,
  RULE_LINES,
  type RuleLines,
  ruleOptions,
  type RuleTexts,
} from "./replace_rules.ts";
export type { SipToolbox } from "./toolbox.ts";
export type { Err, Ok, Result } from "../base/result.ts";
export type { IpAddress } from "../base/ip_address.ts";
export type { Side, SocketAddress, Transport } from "../base/socket_address.ts";
export type { AccessEntry, ConfigPosition, PluginOption } from "../config/config.ts";
export type { Issue } from "../config/issues.ts";
export type { LogLevel } from "../log/log_event.ts";
export type { Binding } from "../registrar/binding.ts";
export type { CheckedHeaders, CheckedRequest, CheckedResponse } from "../sip/check_message.ts";
export type { Contacts } from "../sip/contact.ts";
export type { Cseq } from "../sip/cseq.ts";
export type { HeaderField, SipMessage, SipRequest, SipResponse } from "../sip/message.ts";
export type { NameAddr, NameAddrText } from "../sip/name_addr.ts";
export type { Parameter } from "../sip/parameters.ts";
export type { AnyUri, OtherUri, SipUri, SipUriParts, UriParameter } from "../sip/uri.ts";
export type { Via } from "../sip/via.ts";
export type { Brand, brandName } from "../base/brand.ts";
export {
  getHeaders,
  headerValue,
  listValues,
  makeHeader,
  removeHeaders,
  setHeader,
  withBody,
  withRequestUri,
} from "../sip/headers.ts";
export { formatNameAddr, parseNameAddr } from "../sip/name_addr.ts";
export { escapeUriUser, makeSipUri, parseUri, uriParameter, withUriParameter } from "../sip/uri.ts";
