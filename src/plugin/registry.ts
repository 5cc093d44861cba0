/**
 * The plugins that are built in, by the name between `plugin_` and `.la`.
 * It loads none and reads no option. The configuration check and the signalling isolate ask it.
 *
 * @module
 */
import { plugin as anonymize } from "../../plugins/anonymize/mod.ts";
import { plugin as blacklist } from "../../plugins/blacklist/mod.ts";
import { plugin as codecfilter } from "../../plugins/codecfilter/mod.ts";
import { plugin as defaulttarget } from "../../plugins/defaulttarget/mod.ts";
import { plugin as demo } from "../../plugins/demo/mod.ts";
import { plugin as fixBogusVia } from "../../plugins/fix_bogus_via/mod.ts";
import { plugin as fixDtag } from "../../plugins/fix_DTAG/mod.ts";
import { plugin as fixFboxAnoncall } from "../../plugins/fix_fbox_anoncall/mod.ts";
import { plugin as guard } from "../../plugins/guard/mod.ts";
import { plugin as logcall } from "../../plugins/logcall/mod.ts";
import { plugin as prefix } from "../../plugins/prefix/mod.ts";
import { plugin as profile } from "../../plugins/profile/mod.ts";
import { plugin as regex } from "../../plugins/regex/mod.ts";
import { plugin as regexBody } from "../../plugins/regex_body/mod.ts";
import { plugin as shortdial } from "../../plugins/shortdial/mod.ts";
import { plugin as siptrunk } from "../../plugins/siptrunk/mod.ts";
import { plugin as stats } from "../../plugins/stats/mod.ts";
import { plugin as stripheader } from "../../plugins/stripheader/mod.ts";
import { plugin as stun } from "../../plugins/stun/mod.ts";
import type { Plugin } from "./define_plugin.ts";

/** All built-in plugins. */
export const BUILT_IN: readonly Plugin[] = Object.freeze([
  demo,
  logcall,
  shortdial,
  defaulttarget,
  fixBogusVia,
  fixDtag,
  fixFboxAnoncall,
  stun,
  prefix,
  regex,
  regexBody,
  stripheader,
  codecfilter,
  siptrunk,
  stats,
  blacklist,
  anonymize,
  guard,
  profile,
]);

const byName: ReadonlyMap<string, Plugin> = new Map(
  BUILT_IN.map((plugin) => [plugin.name, plugin]),
);

/**
 * Finds a built-in plugin.
 *
 * @param name bare, as `shortPluginName` gives it: `stun` for `plugin_stun.la`
 * @returns undefined when it must be a file of the plugin folder
 */
export function findBuiltIn(name: string): Plugin | undefined {
  return byName.get(name);
}
