/** The plugins that are built in, by the name between `plugin_` and the option's own. */
export const BUILT_IN_PLUGINS: readonly string[] = Object.freeze([
  "demo",
  "logcall",
  "shortdial",
  "defaulttarget",
  "fix_bogus_via",
  "fix_DTAG",
  "fix_fbox_anoncall",
  "stun",
  "prefix",
  "regex",
  "regex_body",
  "stripheader",
  "codecfilter",
  "siptrunk",
  "stats",
  "blacklist",
  "anonymize",
  "guard",
  "profile",
]);

/**
 * Reduces the ways of writing a plugin's file to its name: `plugin_stun.la`, `plugin_stun.so`,
 * `plugin_stun` and `stun` are all `stun`.
 *
 * @param written the value of a `load_plugin`
 * @returns the bare name
 */
export function shortPluginName(written: string): string {
  const bare = /\.(la|so|js)$/.test(written) ? written.slice(0, -3) : written;
  return bare.startsWith("plugin_") ? bare.slice("plugin_".length) : bare;
}

/**
 * Tells whether a key may be an option of one of the plugins.
 *
 * @param key the key, such as `plugin_stun_server`
 * @param plugins bare names
 * @returns true when it is `plugin_<name>_<option>` for one of them
 */
export function isPluginOption(key: string, plugins: readonly string[]): boolean {
  return plugins.some((name) => key.startsWith(`plugin_${name}_`));
}
