/**
 * Makes Debian packages: `deno task deb [--target x86_64|aarch64]`, by default for both machines.
 * It needs the binaries of `deno task compile` and none of Debian's tools.
 * People and the test of the installation call it.
 *
 * @module
 */
import { VERSION } from "../base/version.ts";
import { err, ok, type Result } from "../base/result.ts";
import { outputPath } from "./compile_arguments.ts";
import { debianArchitecture, packagePath } from "./deb/architecture.ts";
import { debianChangeLog } from "./deb/change_log.ts";
import type { InstalledFile } from "./deb/control.ts";
import { compress, debianPackage, type MaintainerScript } from "./deb/debian_package.ts";
import { isExample, payload, type PayloadFile } from "./deb/payload.ts";
import { concatenate } from "./deb/tar_archive.ts";
import { parseReleases, type Release } from "./docs/release.ts";
import { parseTargets, type Target } from "./target.ts";

const ROOT = new URL("../../", import.meta.url);

const MEGABYTE = 1_000_000;

const SCRIPTS = ["postinst", "prerm", "postrm"] as const;

function readText(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

function installed({ source, target, mode, packing }: PayloadFile): InstalledFile {
  const content = Deno.readFileSync(new URL(source, ROOT));
  return { path: target, mode, content: packing === "gzip" ? compress(content) : content };
}

function changeLogFile(releases: readonly Release[]): InstalledFile {
  const text = new TextEncoder().encode(debianChangeLog(releases));
  return { path: "usr/share/doc/siproxd/changelog.gz", mode: 0o644, content: compress(text) };
}

function buildPackage(target: Target, releases: readonly Release[]): Result<string> {
  const program = outputPath(target);
  if (!hasFile(program)) return err(`Cannot make package: no ${program}, run "deno task compile"`);
  const configurations = [...Deno.readDirSync(new URL("fixtures/config/", ROOT))]
    .map(({ name }) => name).filter(isExample);
  const files = [
    ...payload({ program, configurations }).map(installed),
    changeLogFile(releases),
  ];
  const parts = debianPackage({
    version: VERSION,
    architecture: debianArchitecture(target),
    timeSeconds: Date.parse(releases[0]?.day ?? "") / 1000,
    files,
    scripts: SCRIPTS.map((name): MaintainerScript => ({
      name,
      text: readText(`packaging/debian/${name}`),
    })),
  });
  const path = packagePath(target, VERSION);
  const whole = concatenate(parts);
  Deno.writeFileSync(new URL(path, ROOT), whole);
  return ok(`${path}: ${Math.round(whole.length / MEGABYTE)} MB`);
}

function hasFile(path: string): boolean {
  try {
    return Deno.statSync(new URL(path, ROOT)).isFile;
  } catch {
    return false;
  }
}

function main(args: readonly string[]): number {
  const targets = parseTargets(args);
  if (!targets.ok) {
    console.error(targets.error);
    return 2;
  }
  const releases = parseReleases(readText("CHANGELOG.md"));
  if (!releases.ok) {
    console.error(releases.error);
    return 1;
  }
  for (const target of targets.value) {
    const built = buildPackage(target, releases.value);
    if (!built.ok) {
      console.error(built.error);
      return 1;
    }
    console.log(built.value);
  }
  return 0;
}

if (import.meta.main) Deno.exit(main(Deno.args));
