import { deepEqual, equal } from "node:assert/strict";
import { parseReleases } from "./release.ts";

const CHANGELOG = `# Changelog

Text about the form.

## [Unreleased]

- Not out yet.

## [1.1.0] - 2026-12-01

### Added

- A point of
  two lines.
- Another one.

### Fixed

- A mistake.

## [1.0.0] - 2026-11-24

- The first.
`;

Deno.test("parseReleases() reads releases with their points, newest first", () => {
  deepEqual(parseReleases(CHANGELOG), {
    ok: true,
    value: [
      {
        version: "1.1.0",
        day: "2026-12-01",
        points: ["A point of two lines.", "Another one.", "A mistake."],
      },
      { version: "1.0.0", day: "2026-11-24", points: ["The first."] },
    ],
  });
});

Deno.test("parseReleases() refuses a text without a release", () => {
  const result = parseReleases("# Changelog\n\n## [Unreleased]\n");
  equal(result.ok ? "" : result.error, "Cannot read CHANGELOG.md: no release in it");
});
