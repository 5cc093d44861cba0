import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { main } from "./main.ts";
import { CLI_OPTIONS } from "./options.ts";
import { VERSION } from "../base/version.ts";

/** Runs a command line and keeps what it wrote. */
async function call(...args: readonly string[]) {
  const written = { out: "", err: "" };
  const code = await main(args, {
    out: (text) => written.out += text,
    err: (text) => written.err += text,
  });
  return { code, ...written };
}

function withConfig(text: string, test: (path: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const path = Deno.makeTempFileSync({ suffix: ".conf" });
    try {
      Deno.writeTextFileSync(path, text);
      await test(path);
    } finally {
      Deno.removeSync(path);
    }
  };
}

Deno.test("row 72: -h writes to standard error and exits 0", async () => {
  const { code, out, err } = await call("-h");
  deepStrictEqual([code, out], [0, ""]);
  for (const option of CLI_OPTIONS) match(err, new RegExp(`--${option.name}\\b`));
  match(err, /Usage: siproxd \[command\] \[options\]/);
});

Deno.test("row 72: a -c file that does not exist is fatal with 78 and one clear line", async () => {
  const { code, out, err } = await call("-c", "/nonexistent/siproxd.conf");
  deepStrictEqual([code, out], [78, ""]);
  strictEqual(
    err,
    "/nonexistent/siproxd.conf:1:1: error: file: Cannot read " +
      '"/nonexistent/siproxd.conf": no such file\n' +
      'siproxd: Cannot start: "/nonexistent/siproxd.conf" has 1 error, 0 warnings\n',
  );
});

Deno.test(
  "row 72: rtp_proxy_enable = 2 is fatal with 78",
  withConfig("rtp_proxy_enable = 2\n", async (path) => {
    const { code, err } = await call("-c", path);
    strictEqual(code, 78);
    strictEqual(
      err,
      `${path}:1:20: error: rtp_proxy_enable: Cannot use "2": write 1 for on or 0 for off ` +
        "(example: rtp_proxy_enable = 1)\n" +
        `siproxd: Cannot start: "${path}" has 1 error, 0 warnings\n`,
    );
  }),
);

Deno.test("main() exits 2 with one line for an unknown option", async () => {
  deepStrictEqual(await call("--colour"), {
    code: 2,
    out: "",
    err: 'siproxd: Cannot use option "--colour": no such option, siproxd -h lists all\n',
  });
});

Deno.test("main() --version names version and platform on standard output", async () => {
  const { code, out, err } = await call("--version");
  deepStrictEqual([code, err], [0, ""]);
  strictEqual(out, `siproxd ${VERSION} (${Deno.build.target}, deno ${Deno.version.deno})\n`);
});

Deno.test(
  "main() check says OK and exits 0",
  withConfig("if_inbound = eth0\n", async (path) => {
    deepStrictEqual(await call("check", path), { code: 0, out: `${path}: OK\n`, err: "" });
  }),
);

Deno.test(
  "main() check says OK despite warnings",
  withConfig("rtp_timeout = 30\n", async (path) => {
    const { code, out } = await call("check", path);
    strictEqual(code, 0);
    match(out, /: OK \(0 errors, 1 warning\)\n$/);
  }),
);

Deno.test(
  "main() check refuses what the start would only warn about: a line that nobody obeys",
  withConfig("if_inbund = eth0\nrtp_timeout = x\n", async (path) => {
    deepStrictEqual(await call("check", path), {
      code: 78,
      err: "",
      out: `${path}:1:1: error: if_inbund: Cannot use key "if_inbund": no such directive, ` +
        'nearest is "if_inbound" (example: if_inbound = eth0)\n' +
        `${path}:2:15: error: rtp_timeout: Cannot use number "x": not a number ` +
        "(example: rtp_timeout = 300)\n" +
        `${path}: NOT OK (2 errors, 0 warnings)\n`,
    });
  }),
);

Deno.test(
  "main() check --json is for programs",
  withConfig("rtp_timeout = x\n", async (path) => {
    const { code, out } = await call("check", "--json", path);
    strictEqual(code, 78);
    deepStrictEqual(JSON.parse(out), {
      version: 1,
      file: path,
      ok: false,
      errors: 1,
      warnings: 0,
      issues: [{
        file: path,
        line: 1,
        column: 15,
        severity: "error",
        key: "rtp_timeout",
        message: 'Cannot use number "x": not a number (example: rtp_timeout = 300)',
      }],
    });
  }),
);

Deno.test("main() check of a missing file exits 78", async () => {
  const { code, out } = await call("check", "/nonexistent.conf");
  strictEqual(code, 78);
  match(out, /Cannot read "\/nonexistent\.conf": no such file\n/);
});

Deno.test(
  "main() check applies --set",
  withConfig("rtp_timeout = x\n", async (path) => {
    deepStrictEqual(await call("check", path, "--set", "rtp_timeout=100"), {
      code: 0,
      out: `${path}: OK\n`,
      err: "",
    });
  }),
);

Deno.test(
  "main() config shows values with sources",
  withConfig("if_inbound = eth0\n", async (path) => {
    const { code, out, err } = await call("config", "-c", path, "-d", "-1", "-p", "/run/x.pid");
    deepStrictEqual([code, err], [0, ""]);
    for (
      const line of [
        `if_inbound = eth0  # ${path}:1`,
        "debug_level = -1  # -d",
        "pid_file = /run/x.pid  # -p",
        "sip_listen_port = 5060  # default",
      ]
    ) strictEqual(out.split("\n").includes(line), true, line);
  }),
);

Deno.test(
  "main() config --json is JSON on standard output, warnings go to standard error",
  withConfig("rtp_timeout = 30\n", async (path) => {
    const { code, out, err } = await call("config", "--json", "-c", path);
    strictEqual(code, 0);
    strictEqual(JSON.parse(out).file, path);
    match(err, /^.*:1:15: warning: rtp_timeout: /);
  }),
);

Deno.test(
  "main() config of an unusable file exits 78 and shows nothing",
  withConfig("sip_listen_port = 0\n", async (path) => {
    const { code, out } = await call("config", "-c", path);
    deepStrictEqual([code, out], [78, ""]);
  }),
);

Deno.test("main() refuses a --set that cannot be used, with its ordinal", async () => {
  const { code, err } = await call("--set", "if_inbound=eth0", "--set", "sip_listen_port=x");
  strictEqual(code, 78);
  match(err, /^--set:2:17: error: sip_listen_port: Cannot use port "x": not a number/m);
});
