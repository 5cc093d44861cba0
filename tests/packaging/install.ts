/**
 * Installs the Debian package of this machine in a clean system: `deno task test:install`, as root.
 * It compiles the program only when there is no binary yet. It closes with `N passed, N failed`.
 *
 * @module
 */
import { outputPath } from "../../src/build/compile_arguments.ts";
import { packagePath } from "../../src/build/deb/architecture.ts";
import { TARGETS } from "../../src/build/target.ts";
import { VERSION } from "../../src/base/version.ts";
import { Reporter } from "../e2e/support/case.ts";
import { mustRun, runCommand } from "../e2e/support/command.ts";
import { INSTALL_SUITE } from "./install_cases.ts";

/** Programs the cases use, with the Debian packages that have them. */
const PROGRAMS: readonly (readonly [program: string, packageName: string])[] = [
  ["debootstrap", "debootstrap"],
  ["dpkg-deb", "dpkg"],
  ["systemd-analyze", "systemd"],
  ["mandoc", "mandoc"],
  ["lintian", "lintian"],
  ["zsh", "zsh"],
  ["nft", "nftables"],
];

async function missingPackages(): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [program, packageName] of PROGRAMS) {
    const { code } = await runCommand("sh", ["-c", `command -v ${program}`]);
    if (code !== 0) missing.push(packageName);
  }
  return missing;
}

/** Makes the package of this machine; gives its path. */
async function makePackage(): Promise<string> {
  const target = TARGETS.find((name) => name === Deno.build.arch) ?? "x86_64";
  const exists = (await runCommand("test", ["-x", outputPath(target)])).code === 0;
  for (const script of exists ? ["deb"] : ["compile", "deb"]) {
    const args = ["run", "--allow-all", `src/build/${script}.ts`, "--target", target];
    await mustRun(Deno.execPath(), args);
  }
  return packagePath(target, VERSION);
}

async function main(): Promise<number> {
  Deno.chdir(new URL("../../", import.meta.url));
  const missing = await missingPackages();
  if (Deno.uid() !== 0 || missing.length > 0) {
    console.error(
      `Cannot test the installation: needs root, and the packages ${missing.join(" ")}`,
    );
    return 1;
  }
  console.log(`package: ${await makePackage()}`);
  const reporter = new Reporter();
  await INSTALL_SUITE.run(Deno.args[0] ?? "", (result) => reporter.add(result));
  console.log(reporter.summary());
  return reporter.failed === 0 && reporter.passed > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
