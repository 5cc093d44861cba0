import { equal } from "node:assert/strict";
import { debianChangeLog } from "./change_log.ts";

Deno.test("debianChangeLog() writes a part for each release, with lines that fit", () => {
  const long = `${"word ".repeat(20)}end`;
  const text = debianChangeLog([
    { version: "1.1.0", day: "2026-12-01", points: ["Something new.", long] },
    { version: "1.0.0", day: "2026-11-24", points: ["The first one."] },
  ]);
  equal(
    text,
    [
      "siproxd (1.1.0) stable; urgency=medium",
      "",
      "  * Something new.",
      `  * ${"word ".repeat(14)}word`,
      `    ${"word ".repeat(5)}end`,
      "",
      " -- siproxd contributors <siproxd@packages.invalid>  Tue, 01 Dec 2026 00:00:00 +0000",
      "",
      "siproxd (1.0.0) stable; urgency=medium",
      "",
      "  * The first one.",
      "",
      " -- siproxd contributors <siproxd@packages.invalid>  Tue, 24 Nov 2026 00:00:00 +0000",
      "",
    ].join("\n"),
  );
});
