import { CLI_COMMANDS, CLI_OPTIONS, type CliOption } from "../../cli/options.ts";
import { roffArgument, roffDate, roffLines } from "./roff.ts";
import { searchPlaces } from "./search_places.ts";

const DESCRIPTION: readonly string[] = [
  "siproxd lets SIP phones behind a router that does NAT register and call through it. It stands " +
  "between the local network and the Internet, puts its own address in place of the phones' into " +
  "SIP messages and session descriptions, and relays the media.",
  "Without a configuration file it finds the two networks from the routing table. At the start it " +
  "writes where it listens, what to enter in a phone and which firewall lines to add.",
  "In the foreground it logs to standard error and to syslog, in the background to syslog alone.",
];

/** What each signal does. */
const SIGNALS: readonly (readonly [name: string, help: string])[] = [
  ["TERM, INT", "Save the registrations and end."],
  [
    "HUP",
    "Read the configuration again, and with it the password file and the files of plugins. Calls " +
    "and registrations stay; a plugin of which something changed is set up again. What cannot be " +
    "used is refused as a whole, and the old one stays in force. The log tells what has changed, " +
    "and what waits for a restart.",
  ],
  ["USR1", "Write statistics to the log."],
  ["USR2", "Write memory figures to the log."],
];

/** Exit statuses of every command. */
const STATUSES: readonly (readonly [status: string, help: string])[] = [
  ["0", "All went well."],
  ["1", "It failed while starting or running, such as when the port is taken."],
  ["2", "The command line is wrong."],
  ["78", "The configuration cannot be used."],
];

const EXAMPLES: readonly (readonly [text: string, command: string])[] = [
  ["Say everything that is wrong with a configuration:", "siproxd check /etc/siproxd.conf"],
  ["Run without a file, with the phones on eth1:", "siproxd --set if_inbound=eth1"],
  ["Show what is in force, and where each value comes from:", "siproxd config"],
  ["Record everything it does:", "siproxd -d -1 2>debug.log"],
];

/**
 * Writes the manual page siproxd(8) from the tables of commands and options.
 *
 * @param day date of the release, such as `2026-11-24`
 * @returns mdoc(7) source
 */
export function daemonManual(day: string): string {
  return [
    `.Dd ${roffDate(day)}`,
    ".Dt SIPROXD 8",
    ".Os",
    ".Sh NAME",
    ".Nm siproxd",
    ".Nd SIP proxy, masquerading daemon and RTP relay for NAT routers",
    ".Sh SYNOPSIS",
    ".Nm",
    ".Op Ar command",
    ...CLI_OPTIONS.map((option) => `.Op ${optionMacro(option)}`),
    ".Sh DESCRIPTION",
    ...DESCRIPTION.flatMap((text, at) => [...(at === 0 ? [] : [".Pp"]), ...roffLines(text)]),
    ".Ss Commands",
    ".Bl -tag -width Ds",
    ...CLI_COMMANDS.flatMap(({ usage, help }) => [
      `.It Ic ${roffArgument(usage)}`,
      ...roffLines(sentence(help)),
    ]),
    ".El",
    ".Ss Options",
    "Options win over the configuration file.",
    ".Bl -tag -width Ds",
    ...CLI_OPTIONS.flatMap((option) => [
      `.It ${optionMacro(option)}`,
      ...roffLines(sentence(option.help)),
    ]),
    ".El",
    ".Sh SIGNALS",
    ...tagged(SIGNALS, "Dv"),
    ".Sh FILES",
    "Without",
    ".Fl c",
    "the first of these that can be read is used, and without any of them the",
    "defaults are:",
    ".Pp",
    ".Bl -item -compact",
    ...searchPlaces().flatMap((path) => [".It", `.Pa ${path}`]),
    ".El",
    ".Sh EXIT STATUS",
    ...tagged(STATUSES, "Li"),
    ".Sh EXAMPLES",
    ...EXAMPLES.flatMap(([text, command], at) => [
      ...(at === 0 ? [] : [".Pp"]),
      ...roffLines(text),
      `.Dl ${roffArgument(command)}`,
    ]),
    ".Sh SEE ALSO",
    ".Xr siproxd.conf 5",
    "",
  ].join("\n");
}

/** Both names of an option and its value, as mdoc(7) macros. */
function optionMacro({ name, short, value }: CliOption): string {
  const brief = short === undefined ? "" : `Fl ${short} | `;
  const argument = value === undefined ? "" : ` Ar ${value}`;
  return `${brief}Fl \\-${name}${argument}`;
}

function tagged(rows: readonly (readonly [string, string])[], macro: string): readonly string[] {
  return [
    ".Bl -tag -width Ds",
    ...rows.flatMap(([tag, help]) => [
      `.It ${macro} ${roffArgument(tag)}`,
      ...roffLines(help),
    ]),
    ".El",
  ];
}

/** The tables' texts are parts of a line; a manual has sentences. */
function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase();
  return `${capital}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
