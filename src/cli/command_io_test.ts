import { deepStrictEqual, strictEqual } from "node:assert/strict";

const ioUrl = new URL("./command_io.ts", import.meta.url).href;

/** Runs a script that writes through processIo, with this shell command behind its output. */
async function pipe(script: string, reader: string): Promise<string> {
  const source = `import { processIo } from ${JSON.stringify(ioUrl)}; ${script}`;
  const { stdout } = await new Deno.Command("sh", {
    args: [
      "-c",
      `"$0" run --quiet --no-check - <<'END' | ${reader}\n${source}\nEND`,
      Deno.execPath(),
    ],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test("processIo.out writes all of a text that is larger than a pipe", async () => {
  const counted = await pipe('processIo.out("x".repeat(1_000_000));', "wc -c");
  strictEqual(counted.trim(), "1000000");
});

Deno.test("processIo.out makes a full disk the failure of its command", async () => {
  const command = new Deno.Command("sh", {
    args: [
      "-c",
      '"$0" run --quiet --no-check --allow-env "$1" --version 2>&1 >/dev/full; echo "$?"',
      Deno.execPath(),
      new URL("../../mod.ts", import.meta.url).href,
    ],
  });
  const { stdout } = await command.output();
  deepStrictEqual(
    new TextDecoder().decode(stdout),
    "siproxd: Cannot go on: standard output: No space left on device (os error 28)\n1\n",
  );
});

Deno.test("processIo.out takes a reader that went away without a word", async () => {
  const script = 'processIo.out("a\\n".repeat(1_000_000)); processIo.out("b");';
  deepStrictEqual(await pipe(script, "head -n 1"), "a\n");
});
