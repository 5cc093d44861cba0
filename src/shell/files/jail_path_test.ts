import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Config } from "../../config/config.ts";
import { defaultConfig } from "../../config/default_config.ts";
import { placeInJail } from "./jail_path.ts";

const JAIL = Deno.makeTempDirSync();

globalThis.addEventListener("unload", () => Deno.removeSync(JAIL, { recursive: true }));

function configOf(paths: {
  readonly jail?: string;
  readonly file?: string;
  readonly pidFile?: string;
}): Config {
  const config = defaultConfig();
  return {
    ...config,
    registrar: { ...config.registrar, file: paths.file },
    daemon: { ...config.daemon, chrootJail: paths.jail, pidFile: paths.pidFile },
  };
}

Deno.test("placeInJail() puts both files under the jail and keeps the outer pid file's name", () => {
  const config = configOf({ jail: `${JAIL}/`, file: "/lib/regs", pidFile: "/run/pid" });
  const result = placeInJail(config, "root");
  deepStrictEqual(result, {
    ok: true,
    value: {
      config: configOf({
        jail: `${JAIL}/`,
        file: `${JAIL}/lib/regs`,
        pidFile: `${JAIL}/run/pid`,
      }),
      outerPidFile: "/run/pid",
      note: undefined,
    },
  });
});

Deno.test("placeInJail() changes nothing without a jail or without root", () => {
  const plain = configOf({ file: "/lib/../regs" });
  deepStrictEqual(placeInJail(plain, "root"), {
    ok: true,
    value: { config: plain, outerPidFile: undefined, note: undefined },
  });
  const jailed = configOf({ jail: JAIL, file: "/regs" });
  deepStrictEqual(placeInJail(jailed, "other"), {
    ok: true,
    value: {
      config: jailed,
      outerPidFile: undefined,
      note: "chrootjail has no effect: not started as root",
    },
  });
});

Deno.test("placeInJail() leaves what is unset unset", () => {
  const result = placeInJail(configOf({ jail: JAIL }), "root");
  strictEqual(result.ok && result.value.config.registrar.file, undefined);
  strictEqual(result.ok && result.value.config.daemon.pidFile, undefined);
});

Deno.test("placeInJail() refuses a path that climbs", () => {
  deepStrictEqual(placeInJail(configOf({ jail: JAIL, file: "/a/../../etc/x" }), "root"), {
    ok: false,
    error: `Cannot use path "/a/../../etc/x": it climbs by "..", ` +
      `which is outside chrootjail "${JAIL}"`,
  });
});

const links: readonly (readonly [string, string, string, string])[] = [
  ["a folder that is a link", "etc", "/etc", "/etc/regs"],
  ["a folder further up", "up", "/usr", "/up/lib/no/regs"],
  ["a file that is a link", "pid", "/etc/passwd", "/pid"],
];

for (const [name, link, target, path] of links) {
  Deno.test(`placeInJail() refuses ${name}`, () => {
    Deno.symlinkSync(target, `${JAIL}/${link}`);
    const result = placeInJail(configOf({ jail: JAIL, pidFile: path }), "root");
    Deno.removeSync(`${JAIL}/${link}`);
    const error = result.ok ? "" : result.error;
    strictEqual(error.startsWith(`Cannot use path "${path}": it leads to "`), true, error);
  });
}

Deno.test("placeInJail() takes a link that stays inside, and a jail that is one", () => {
  Deno.mkdirSync(`${JAIL}/real`);
  Deno.symlinkSync(`${JAIL}/real`, `${JAIL}/inner`);
  Deno.symlinkSync(JAIL, `${JAIL}/again`);
  const inner = placeInJail(configOf({ jail: JAIL, file: "/inner/regs" }), "root");
  const again = placeInJail(configOf({ jail: `${JAIL}/again`, file: "/real/regs" }), "root");
  for (const name of ["inner", "again", "real"]) Deno.removeSync(`${JAIL}/${name}`);
  deepStrictEqual([inner.ok, again.ok], [true, true]);
});
