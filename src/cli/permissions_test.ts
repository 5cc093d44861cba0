import { deepStrictEqual, match, strictEqual } from "node:assert/strict";

const mainUrl = new URL("./main.ts", import.meta.url).href;

/** Runs the command line in a process that may use the network and nothing else. */
async function callWithNetworkOnly(...args: readonly string[]) {
  const script = `import { main } from ${JSON.stringify(mainUrl)};
    Deno.exit(await main(Deno.args));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--allow-net",
      `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
      "-",
      ...args,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("with network permission only, check takes every directive from --set", async () => {
  deepStrictEqual(await callWithNetworkOnly("check", "--set", "if_inbound=10.0.0.1"), {
    code: 0,
    out: "no configuration file found, defaults: OK\n",
    err: "",
  });
});

Deno.test("with network permission only, -c is refused in one line, not by a prompt", async () => {
  const { code, out, err } = await callWithNetworkOnly("-c", "/etc/siproxd.conf");
  deepStrictEqual([code, out], [78, ""]);
  match(err, /^\/etc\/siproxd\.conf:1:1: error: file: Cannot read .*: no permission to read files/);
  strictEqual(/\bat file:|Deno\.|prompt/.test(err), false);
});

Deno.test("with network permission only, -h still works", async () => {
  const { code, err } = await callWithNetworkOnly("-h");
  strictEqual(code, 0);
  match(err, /Usage: siproxd/);
});
