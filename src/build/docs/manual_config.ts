import type { Directive } from "../../config/schema.ts";
import { optionGroups, valueText } from "./option_table.ts";
import { roffArgument, roffDate, roffLines, roffText } from "./roff.ts";

const DESCRIPTION: readonly string[] = [
  "The file holds one directive a line, in the form key = value.",
  "A # starts a comment, anywhere on a line. Blanks around the key and around the value do not " +
  "count; a value may hold blanks. Of a directive that stands twice the last one counts, except " +
  "of those marked repeatable, which keep their order.",
  "A key that is not known is named with the nearest one that is, and the daemon starts without " +
  "it. A value that cannot be used keeps the daemon from starting. The command siproxd check " +
  "names every problem of a file at once, with line and column.",
  "Directives marked new are not in the C daemon of the same name, whose files are read as they " +
  "are.",
  "Every directive can also be given on the command line, as --set key=value.",
];

const PASSWORD_FILE: readonly string[] = [
  "The file named by proxy_auth_pwfile holds one user a line: the name, blanks, the password. A " +
  "# at the beginning of a line starts a comment.",
  "In place of the password there may be a hash over name:realm:password, so that the file gives " +
  "no password away: HA1: and the 32 hex digits of MD5, or HA1-SHA256: and the 64 of SHA-256. A " +
  "user may have a line of each. The realm is that of proxy_auth_realm.",
];

const EXAMPLE: readonly string[] = [
  "if_inbound        = eth0",
  "if_outbound       = ppp0",
  "hosts_allow_reg   = 10.0.0.0/24",
  "registration_file = /var/lib/siproxd/siproxd_registrations",
];

/**
 * Writes the manual page siproxd.conf(5) from the table of directives.
 *
 * @param day date of the release, such as `2026-11-24`
 * @returns mdoc(7) source
 */
export function configManual(day: string): string {
  return [
    `.Dd ${roffDate(day)}`,
    ".Dt SIPROXD.CONF 5",
    ".Os",
    ".Sh NAME",
    ".Nm siproxd.conf",
    ".Nd configuration of the SIP proxy siproxd",
    ".Sh DESCRIPTION",
    ...paragraphs(DESCRIPTION),
    ".Sh DIRECTIVES",
    ...optionGroups().flatMap(({ group, directives }) => [
      `.Ss ${group.charAt(0).toUpperCase()}${group.slice(1)}`,
      ".Bl -tag -width Ds",
      ...directives.flatMap(directiveItem),
      ".El",
    ]),
    ".Sh PLUGIN OPTIONS",
    ...roffLines(
      "A key that begins with plugin_ and the name of a plugin is an option of that plugin and " +
        "counts only where load_plugin names it.",
    ),
    ".Sh PASSWORD FILE",
    ...paragraphs(PASSWORD_FILE),
    ".Sh EXAMPLES",
    "A router with the phones on",
    ".Li eth0",
    "and the Internet on",
    ".Li ppp0 :",
    ".Bd -literal -offset indent",
    ...EXAMPLE.map(roffText),
    ".Ed",
    ".Sh SEE ALSO",
    ".Xr siproxd 8",
    "",
  ].join("\n");
}

function paragraphs(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text, index) => [...(index === 0 ? [] : [".Pp"]), ...roffLines(text)]);
}

function directiveItem(directive: Directive): readonly string[] {
  const { key, type, help, example, defaultText } = directive;
  const marks = [
    ...(directive.repeat === "array" ? ["repeatable"] : []),
    ...(directive.origin === "new" ? ["new"] : []),
  ];
  const facts = [
    ...(defaultText === undefined && help.includes("Unset:")
      ? []
      : [`Default: ${defaultText ?? "unset"}.`]),
    ...(example === defaultText ? [] : [`Example: ${example}`]),
  ];
  return [
    `.It Ic ${key} No = Ar ${roffArgument(valueText(type))}${
      marks.length === 0 ? "" : ` Pq ${marks.join(", ")}`
    }`,
    ...roffLines(help),
    ...facts.flatMap(roffLines),
  ];
}
