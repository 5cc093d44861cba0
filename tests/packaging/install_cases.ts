import { deepEqual, equal, match, ok } from "node:assert/strict";
import { packagePath } from "../../src/build/deb/architecture.ts";
import { TARGETS } from "../../src/build/target.ts";
import { VERSION } from "../../src/base/version.ts";
import { type Case, defineSuite, type Suite } from "../e2e/support/case.ts";
import { mustRun, runCommand } from "../e2e/support/command.ts";
import { bashCompletions } from "./bash_completions.ts";
import { CleanRoot } from "./clean_root.ts";
import { runInstalledDaemon } from "./installed_daemon.ts";
import { firewallRules } from "./scenario_files.ts";

const UNIT = "/usr/lib/systemd/system/siproxd.service";
const DROP_IN = "/usr/share/doc/siproxd/systemd/net-admin.conf";
const CONFIGURATION = "/etc/siproxd/siproxd.conf";

/** Highest exposure of the unit that is accepted, in tenths of `systemd-analyze security`. */
const MAX_EXPOSURE = 20;

/** Time for a case that unpacks 100 MB on a busy machine. */
const TIMEOUT_MS = 60_000;

const TARGET = TARGETS.find((name) => name === Deno.build.arch) ?? "x86_64";
const PACKAGE = packagePath(TARGET, VERSION);

function named(name: string, run: (root: CleanRoot) => Promise<void>): Case<CleanRoot> {
  return { name, timeoutMs: TIMEOUT_MS, run };
}

async function install(root: CleanRoot): Promise<string> {
  await Deno.copyFile(PACKAGE, `${root.path}/tmp/siproxd.deb`);
  const { code, stdout, stderr } = await root.run("dpkg", "--install", "/tmp/siproxd.deb");
  await Deno.remove(`${root.path}/tmp/siproxd.deb`);
  equal(code, 0, stdout + stderr);
  return stderr;
}

const CASES: readonly Case<CleanRoot>[] = [
  named("the package satisfies lintian", async () => {
    const { code, stdout } = await runCommand("lintian", [
      "--allow-root",
      "--fail-on",
      "error,warning",
      PACKAGE,
    ]);
    deepEqual([code, stdout], [0, ""]);
  }),
  named("dpkg installs it without a complaint", async (root) => {
    // deb-systemd-helper says what it enables.
    equal((await install(root)).replace(/^Created symlink .*siproxd\.service\.?\n/, ""), "");
    equal((await root.run("dpkg", "--verify", "siproxd")).stdout, "");
  }),
  named("there is a user siproxd without a login, and its folder", async (root) => {
    const passwd = await Deno.readTextFile(`${root.path}/etc/passwd`);
    match(passwd, /^siproxd:.*:\/var\/lib\/siproxd:\/usr\/sbin\/nologin$/m);
    const { stdout } = await root.run("stat", "-c", "%U %a", "/var/lib/siproxd");
    equal(stdout, "siproxd 750\n");
  }),
  named("siproxd --version and siproxd check run", async (root) => {
    match((await root.run("siproxd", "--version")).stdout, /^siproxd \d+\.\d+\.\d+ \(/);
    const check = await root.run("siproxd", "check");
    deepEqual([check.code, check.stdout], [0, `${CONFIGURATION}: OK\n`]);
  }),
  named("every example passes siproxd check", async (root) => {
    const folder = "/usr/share/doc/siproxd/examples";
    const names = [...Deno.readDirSync(`${root.path}${folder}`)].map(({ name }) => name);
    ok(names.length >= 7, names.join(" "));
    for (const name of names) {
      equal((await root.run("siproxd", "check", `${folder}/${name}`)).code, 0, name);
    }
  }),
  named("the daemon runs as its user and ends at SIGTERM", async (root) => {
    const { code, log } = await runInstalledDaemon(root);
    equal(code, 0, log);
    match(log, /Configuration: \/etc\/siproxd\/siproxd\.conf/);
    match(log, /properly terminating siproxd\n$/);
    const complaints = log.split("\n").filter((line) => /WARN|ERROR/.test(line));
    // Nobody has registered yet.
    deepEqual(complaints.filter((line) => !line.includes("starting with empty table")), []);
  }),
  named("the unit is enabled, and systemd-analyze finds nothing in it", async (root) => {
    ok(await root.has("/etc/systemd/system/multi-user.target.wants/siproxd.service"));
    const verified = await root.run("systemd-analyze", "verify", "--man=no", UNIT);
    deepEqual([verified.code, verified.stdout, verified.stderr], [0, "", ""]);
    const security = await runCommand("systemd-analyze", [
      "security",
      "--offline=true",
      `--threshold=${MAX_EXPOSURE}`,
      `${root.path}${UNIT}`,
    ]);
    equal(security.code, 0, security.stdout);
  }),
  named("the unit takes the drop-in for CAP_NET_ADMIN", async (root) => {
    const folder = "/etc/systemd/system/siproxd.service.d";
    equal(
      (await root.run("install", "-D", "-m", "644", DROP_IN, `${folder}/net-admin.conf`)).code,
      0,
    );
    const verified = await root.run("systemd-analyze", "verify", "--man=no", UNIT);
    deepEqual([verified.code, verified.stdout, verified.stderr], [0, "", ""]);
    const { stdout } = await root.run(
      "systemd-analyze",
      "cat-config",
      "systemd/system/siproxd.service",
    );
    match(stdout, /\nCapabilityBoundingSet=\n[^]*\nCapabilityBoundingSet=CAP_NET_ADMIN\n/);
    equal((await root.run("rm", "-r", folder)).code, 0);
  }),
  named("the manual pages render", async (root) => {
    for (const [page, text] of [["man8/siproxd.8", "SIGNALS"], ["man5/siproxd.conf.5", "rtp_"]]) {
      const path = `${root.path}/usr/share/man/${page}.gz`;
      const lint = await runCommand("mandoc", ["-T", "lint", "-W", "warning", path]);
      deepEqual([lint.code, lint.stdout], [0, ""]);
      ok((await mustRun("mandoc", ["-T", "html", path])).includes(text ?? ""));
    }
  }),
  named("the completions load in bash and zsh", async (root) => {
    const bash = `${root.path}/usr/share/bash-completion/completions/siproxd`;
    deepEqual(bashCompletions(bash, ["siproxd", "ch"]), ["check"]);
    const folder = `${root.path}/usr/share/zsh/vendor-completions`;
    const load = `fpath=(${folder} $fpath); autoload -Uz compinit; compinit -D -u; ` +
      `autoload +X _siproxd && print $_comps[siproxd]`;
    const loaded = await runCommand("zsh", ["-f", "-c", load]);
    deepEqual([loaded.code, loaded.stdout, loaded.stderr], [0, "_siproxd\n", ""]);
  }),
  named("the firewall lines of every scenario are valid for nft", async () => {
    const rules = firewallRules();
    ok(rules.length >= 7);
    for (const { name, lines } of rules) {
      const { code, stderr } = await runNft(lines);
      equal(code, 0, `${name}: ${stderr}`);
    }
  }),
  named("an upgrade keeps the administrator's configuration", async (root) => {
    const path = `${root.path}${CONFIGURATION}`;
    const changed = `${await Deno.readTextFile(path)}\nsip_listen_port = 5062\n`;
    await Deno.writeTextFile(path, changed);
    await install(root);
    equal(await Deno.readTextFile(path), changed);
  }),
  named("removal keeps the configuration, purge leaves nothing", async (root) => {
    equal((await root.run("dpkg", "--remove", "siproxd")).code, 0);
    deepEqual([await root.has("/usr/sbin/siproxd"), await root.has(CONFIGURATION)], [false, true]);
    const { code, stdout, stderr } = await root.run("dpkg", "--purge", "siproxd");
    equal(code, 0, stdout + stderr);
    const left = await root.run("find", "/etc", "/usr", "/var/lib/siproxd", "-name", "*siproxd*");
    equal(left.stdout.replace(/^\/var\/lib\/dpkg\/.*\n/gm, ""), "");
  }),
];

/** Asks nft in a network of its own whether it would take the rules. */
async function runNft(lines: readonly string[]): Promise<{ code: number; stderr: string }> {
  const tables = [
    "add table inet filter",
    "add chain inet filter input { type filter hook input priority 0; }",
    "add table ip nat",
    "add chain ip nat prerouting { type nat hook prerouting priority -100; }",
  ];
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, `${[...tables, ...lines].join("\n")}\n`);
    return await runCommand("unshare", ["--net", "nft", "--check", "--file", file]);
  } finally {
    await Deno.remove(file);
  }
}

/** Installation, run, verification, upgrade and removal, in this order. */
export const INSTALL_SUITE: Suite = defineSuite({
  name: "install",
  setUp: () => CleanRoot.create(),
  tearDown: async (root) => await root[Symbol.asyncDispose](),
  cases: CASES,
});
