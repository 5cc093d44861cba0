/** What an isolate could do when it tried to break out: one line an attempt. */
export type JailReport = readonly JailAttempt[];

/** One attempt and how it ended. */
export interface JailAttempt {
  readonly attempt: string;
  /** `refused` means the permission system said no; `allowed` covers every other end, failures included. */
  readonly verdict: "refused" | "allowed";
  /** Name of the error, or what came of it. */
  readonly detail: string;
}

/**
 * Tries, from inside an isolate, everything that code from the network would try first.
 *
 * It is part of the product so that `siproxd self-test` can show an operator that the jail holds on this machine.
 *
 * @returns the verdict of each attempt
 */
export async function probeJail(): Promise<JailReport> {
  return [
    await attempt("read /etc/passwd", () => Deno.readTextFileSync("/etc/passwd")),
    await attempt("list /", () => [...Deno.readDirSync("/")].length),
    await attempt("write a file", () => Deno.writeTextFileSync("siproxd-jail-probe", "out")),
    await attempt("read an environment variable", () => Deno.env.get("PATH")),
    await attempt("run a program", () => new Deno.Command("true").outputSync()),
    await attempt("load a library", () => Deno.dlopen("libc.so.6", {}).close()),
    await attempt("read the host name", () => Deno.hostname()),
    await attempt("start a stronger isolate", startStrongerIsolate),
    await attempt("connect to a Unix socket", connectUnixSocket),
  ];
}

async function attempt(name: string, escape: () => unknown): Promise<JailAttempt> {
  try {
    await escape();
    return { attempt: name, verdict: "allowed", detail: "done" };
  } catch (error) {
    const detail = error instanceof Error ? error.name : String(error);
    return { attempt: name, verdict: detail === "NotCapable" ? "refused" : "allowed", detail };
  }
}

function startStrongerIsolate(): void {
  const code = URL.createObjectURL(new Blob([""], { type: "text/javascript" }));
  const deno = { permissions: { read: true } };
  new Worker(code, { type: "module", deno }).terminate();
}

async function connectUnixSocket(): Promise<void> {
  const connection = await Deno.connect({ transport: "unix", path: "/dev/log" });
  connection.close();
}
