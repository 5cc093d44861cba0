import { deepEqual, equal, ok } from "node:assert/strict";
import { generatedFiles } from "../../src/build/docs/generated_files.ts";
import { parseReleases } from "../../src/build/docs/release.ts";
import { parseCommand } from "../../src/cli/args.ts";
import { findDirective } from "../../src/config/directives.ts";
import { readSource, sourcePaths } from "../support/source_tree.ts";

const PATHS = sourcePaths();

/** Documents for people, whose links must lead somewhere. */
const DOCUMENTS: readonly string[] = [
  "README.md",
  "CHANGELOG.md",
  ".github/ARCHITECTURE.md",
  ".github/CONTRIBUTING.md",
];

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function taskNames(): readonly string[] {
  const config: unknown = JSON.parse(readSource("deno.json"));
  const tasks = isRecord(config) ? config["tasks"] : undefined;
  return isRecord(tasks) ? Object.keys(tasks) : [];
}

/** Lines of the code blocks that a reader types, and commands inside the text. */
function commandsIn(document: string): readonly string[] {
  const blocks = [...document.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = ""]) =>
    block.split("\n")
  );
  const inline = [...document.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  return [...blocks, ...inline].map((line) => line.replace(/\s+#.*$/, "").trim());
}

/** Where relative links lead, seen from the root. */
function linksIn(path: string): readonly string[] {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
  return [...readSource(path).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => new URL(target, `file:///${folder}`).pathname.slice(1));
}

/** The heading of each section, as a link names it. */
function anchorsIn(document: string): ReadonlySet<string> {
  return new Set(
    [...document.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
      title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
    ),
  );
}

Deno.test('no file made from the tables is stale: "deno task docs" makes them anew', () => {
  const releases = parseReleases(readSource("CHANGELOG.md"));
  const day = releases.ok ? releases.value[0]?.day ?? "" : "";
  const files = generatedFiles({ readme: readSource("README.md"), day });
  ok(files.ok);
  for (const { path, text } of files.value) equal(readSource(path), text, `${path} is stale`);
});

for (const document of DOCUMENTS) {
  Deno.test(`every link of ${document} leads to a file or a folder`, () => {
    const lost = linksIn(document).filter((target) =>
      !PATHS.includes(target) && !PATHS.some((path) => path.startsWith(`${target}/`))
    );
    deepEqual(lost, []);
  });

  Deno.test(`every link inside ${document} leads to a heading`, () => {
    const text = readSource(document);
    const anchors = anchorsIn(text);
    const targets = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = ""]) => target);
    deepEqual(targets.filter((target) => !anchors.has(target)), []);
  });

  Deno.test(`every task that ${document} names is one`, () => {
    const named = commandsIn(readSource(document)).flatMap((command) => {
      const [, name] = /\bdeno(?:@[\d.]+)? task ([a-z0-9:]+)/.exec(command) ?? [];
      return name === undefined ? [] : [name];
    });
    deepEqual(named.filter((name) => !taskNames().includes(name)), []);
  });

  Deno.test(`every command of siproxd that ${document} shows is understood`, () => {
    const refused = commandsIn(readSource(document))
      .flatMap((command) => /(?:^|\/)siproxd(?: (.*))?$/.exec(command)?.[1] ?? [])
      // What a shell does with the output, and what stands for something else.
      .map((rest) => rest.replace(/\s*(?:2?>|\||&&).*$/, "").replaceAll(/[<>]/g, ""))
      .filter((rest) => !parseCommand(rest.split(/\s+/)).ok);
    deepEqual(refused, []);
  });

  Deno.test(`every directive that ${document} sets is one`, () => {
    const keys = commandsIn(readSource(document)).flatMap((code) => {
      const [, key] = /^([a-z][a-z0-9_]+)\s*=\s*\S/.exec(code) ?? [];
      return key === undefined || key.startsWith("plugin_") ? [] : [key];
    });
    deepEqual(keys.filter((key) => findDirective(key) === undefined), []);
  });
}

Deno.test("README.md and CONTRIBUTING.md together name every task", () => {
  const text = readSource("README.md") + readSource(".github/CONTRIBUTING.md");
  deepEqual(taskNames().filter((name) => !text.includes(`\`${name}\``)), []);
});
