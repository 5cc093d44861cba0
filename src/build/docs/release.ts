import { err, ok, type Result } from "../../base/result.ts";

/** One release in CHANGELOG.md. */
export interface Release {
  readonly version: string;
  /** Such as `2026-11-24`. */
  readonly day: string;
  /** Its points, each in one line, without their headings. */
  readonly points: readonly string[];
}

const RELEASE = /^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$/;

/**
 * Reads the releases of a change log in the form of Keep a Changelog.
 *
 * @param changelog text of CHANGELOG.md
 * @returns the releases, newest first; an error when there is none
 */
export function parseReleases(changelog: string): Result<readonly Release[]> {
  const releases = changelog.split(/^(?=## )/m).flatMap((part): readonly Release[] => {
    const [heading = "", ...lines] = part.split("\n");
    const [, version, day] = RELEASE.exec(heading) ?? [];
    if (version === undefined || day === undefined) return [];
    return [{ version, day, points: parsePoints(lines) }];
  });
  return releases.length === 0 ? err("Cannot read CHANGELOG.md: no release in it") : ok(releases);
}

/** Joins the lines of each point; headings and blank lines end one. */
function parsePoints(lines: readonly string[]): readonly string[] {
  const points: string[] = [];
  for (const line of lines) {
    if (line.startsWith("- ")) points.push(line.slice(2));
    else if (/^ {2}\S/.test(line) && points.length > 0) {
      points.push(`${points.pop()} ${line.trim()}`);
    }
  }
  return points;
}
