import type { Release } from "../docs/release.ts";

/** Who makes the packages, as control and change log name them. */
export const MAINTAINER = "siproxd contributors <siproxd@packages.invalid>";

/** Longest line of a change log, as Debian wants it. */
const MAX_LINE_LENGTH_CHARS = 78;

/**
 * Writes Debian's change log from the releases of CHANGELOG.md.
 *
 * @param releases newest first
 * @returns text in the form of deb-changelog(5)
 */
export function debianChangeLog(releases: readonly Release[]): string {
  return releases.map(({ version, day, points }) =>
    [
      `siproxd (${version}) stable; urgency=medium`,
      "",
      ...points.flatMap(pointLines),
      "",
      ` -- ${MAINTAINER}  ${debianDate(day)}`,
      "",
    ].join("\n")
  ).join("\n");
}

function pointLines(point: string): readonly string[] {
  const lines: string[] = [];
  let line = "  *";
  for (const word of point.split(" ")) {
    if (line.length + 1 + word.length > MAX_LINE_LENGTH_CHARS) {
      lines.push(line);
      line = "   ";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** Such as `Tue, 24 Nov 2026 00:00:00 +0000`. */
function debianDate(day: string): string {
  return new Date(`${day}T00:00:00Z`).toUTCString().replace("GMT", "+0000");
}
