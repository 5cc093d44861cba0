/** The figures that README.md shows, as its table: ours beside C siproxd's where there are any of it. */

import type { Figure } from "./figures.ts";

/**
 * What C siproxd 0.8.5dev did in the same namespaces: 1,000 junk packets a second at its SIP port during five calls, and
 * media from any source.
 */
const REFERENCE: readonly { readonly figure: RegExp; readonly text: string }[] = [
  { figure: /^\(a\) WAN BYEs/, text: "0 of 5, at 1,000 packets/s" },
  { figure: /^\(a\) WAN RTP loss/, text: "none in 5 calls, at 1,000 packets/s" },
  { figure: /^\(b\) junk packets at the phones/, text: "accepted from any source" },
  { figure: /^\(c\).*foreign packets/, text: "accepted from any source" },
];

/** What the table leaves out: it is there to check the attack itself, or stands in another row. */
const LEFT_OUT =
  /junk sent|messages over|connections opened|^\([abde]\).*foreign|packets at phones in all|datagrams to the scanner/;

/** The table as Markdown, with the command and the day. */
export function readmeTable(figures: readonly Figure[], day: string): string {
  const rows = figures.flatMap((figure) => {
    const name = `${figure.attack} ${figure.what}`;
    if (LEFT_OUT.test(name)) return [];
    const reference = REFERENCE.find((one) => one.figure.test(name))?.text ?? "";
    return [`| ${name} | ${valueOf(figure)} | ${figure.limit} | ${reference} |`];
  });
  return [
    `Printed by \`deno task e2e:attack --table\` on ${day}:`,
    "",
    "| attack and figure | siproxd | has to be | C siproxd 0.8.5dev |",
    "| --- | ---: | --- | --- |",
    ...rows,
  ].join("\n");
}

function valueOf({ value, unit = "" }: Figure): string {
  const text = typeof value === "number" ? `${Math.round(value * 1000) / 1000}` : value;
  return unit === "" ? text : `${text} ${unit}`;
}
