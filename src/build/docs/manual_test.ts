import { deepEqual, equal, ok } from "node:assert/strict";
import { CLI_COMMANDS, CLI_OPTIONS } from "../../cli/options.ts";
import { searchPath } from "../../cli/find_config.ts";
import { DIRECTIVES } from "../../config/directives.ts";
import { configManual } from "./manual_config.ts";
import { daemonManual } from "./manual_daemon.ts";
import { searchPlaces } from "./search_places.ts";

const DAY = "2026-11-24";
const PAGES = [
  { name: "siproxd(8)", text: daemonManual(DAY) },
  { name: "siproxd.conf(5)", text: configManual(DAY) },
] as const;

for (const { name, text } of PAGES) {
  Deno.test(`${name} begins with date, title and name`, () => {
    const lines = text.split("\n");
    equal(lines[0], ".Dd November 24, 2026");
    deepEqual(lines.slice(2, 4), [".Os", ".Sh NAME"]);
  });

  Deno.test(`${name} has lines that fit, without blanks at their ends`, () => {
    // Macro lines may be longer: their arguments cannot be broken.
    const texts = text.split("\n").filter((line) => !line.startsWith("."));
    deepEqual(texts.filter((line) => line.length > 80), []);
    deepEqual(text.split("\n").filter((line) => /\s$/.test(line)), []);
  });

  Deno.test(`${name} closes every list it opens`, () => {
    let open = 0;
    for (const line of text.split("\n")) {
      if (line.startsWith(".Bl ")) open++;
      if (line === ".El") open--;
      ok(open === 0 || open === 1);
    }
    equal(open, 0);
  });

  Deno.test(`${name} is ASCII`, () => {
    deepEqual(text.match(/[^\x20-\x7e\n]/g), null);
  });
}

for (const { key } of DIRECTIVES) {
  Deno.test(`configManual() explains ${key}`, () => {
    equal(configManual(DAY).split(`\n.It Ic ${key} No = `).length, 2);
  });
}

Deno.test("daemonManual() explains every command and option", () => {
  const text = daemonManual(DAY);
  for (const { usage } of CLI_COMMANDS) ok(text.includes(`\n.It Ic "${usage}"\n`), usage);
  for (const { name } of CLI_OPTIONS) ok(text.includes(`Fl \\-${name}`), name);
});

Deno.test("searchPlaces() names the home folder's file once, whatever the environment", () => {
  const places = searchPlaces();
  equal(places[0], "~/.siproxdrc");
  deepEqual(places.slice(1), searchPath().filter((path) => !path.endsWith("/.siproxdrc")));
});
