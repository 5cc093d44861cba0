/** Longest start of a process that runs from source, on a busy machine. */
const START_TIMEOUT_MS = 15_000;

/** A siproxd of its own process. */
export interface DaemonProcess {
  readonly child: Deno.ChildProcess;
  /** Everything it wrote to standard error so far. */
  readonly log: () => string;
  /** Waits until a text is in the log, once unless told otherwise. */
  readonly said: (text: string, times?: number) => Promise<void>;
  /** Its exit code, and the whole log. */
  readonly ended: Promise<{ readonly code: number; readonly log: string }>;
}

/** What the product may do. */
export const ALL_PERMISSIONS: readonly string[] = [
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--allow-sys",
];

/** Starts siproxd from source, with the permissions of the product or fewer. */
export function startProcess(
  args: readonly string[],
  permissions: readonly string[] = ALL_PERMISSIONS,
): DaemonProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--no-prompt",
      ...permissions,
      "--unstable-net",
      "--unstable-worker-options",
      new URL("../../mod.ts", import.meta.url).pathname,
      ...args,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  let text = "";
  let wake: () => void = () => {};
  const reading = (async () => {
    for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      wake();
    }
  })();
  const ended = Promise.all([child.status, reading]).then(([{ code }]) => ({ code, log: text }));
  const said = async (wanted: string, times: number = 1) => {
    const endMs = performance.now() + START_TIMEOUT_MS;
    while (text.split(wanted).length <= times) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      const timer = setTimeout(resolve, 500);
      await promise;
      clearTimeout(timer);
      if (performance.now() > endMs) throw new Error(`siproxd did not say "${wanted}":\n${text}`);
    }
  };
  return { child, log: () => text, said, ended };
}
