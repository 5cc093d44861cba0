/**
 * Two programs that call each other with numbered packets: a caller on the LAN, a callee on the Internet.
 *
 * Starts numbered_agent.ts twice and reads the lines that they print. It judges nothing. Called by the suites about
 * media under load.
 *
 * @module
 */
import { startScript } from "./echo.ts";
import { isRecord, parseJson } from "./json.ts";
import { ADDRESSES, type Topology } from "./namespace.ts";
import type { ManagedProcess } from "./process.ts";

const CALLEE_PORT = 5070;

/** One run of caller and callee. */
export interface Deed {
  readonly name: "toggle" | "many" | "count" | "move" | "rebind" | "silence";
  readonly count: number;
  readonly paceMs: number;
  /** Of the many calls. */
  readonly talkMs?: number;
}

/** Caller and callee, and the lines that they print. */
export interface Pair {
  readonly caller: ManagedProcess;
  readonly callee: ManagedProcess;
}

async function startPair({ topology }: Networked, deed: Deed): Promise<Pair> {
  const script = "numbered_agent.ts";
  const pace = String(deed.paceMs);
  const callee = startScript({
    name: `callee-${deed.name}`,
    namespace: topology.wan2,
    script,
    args: ["answer", ADDRESSES.wan2, String(CALLEE_PORT), pace],
  });
  await callee.waitForLog(/"ready"/, 15_000);
  const caller = startScript({
    name: `caller-${deed.name}`,
    namespace: topology.lan1,
    script,
    args: [
      ...["call", ADDRESSES.lan1, "5070", pace, `${ADDRESSES.rtrLan}:5060`, ADDRESSES.wan, "alice"],
      ...[`sip:callee@${ADDRESSES.wan2}:${CALLEE_PORT}`, deed.name, String(deed.count)],
      String(deed.talkMs ?? 0),
    ],
  });
  return { caller, callee };
}

/** What one end wrote into its books, in the line that has a word. */
export async function booksOf(
  process: ManagedProcess,
  { word, timeoutMs }: { readonly word: string; readonly timeoutMs: number },
): Promise<Readonly<Record<string, unknown>>> {
  await process.waitForLog(new RegExp(`"${word}"`), timeoutMs);
  const line = (await process.log()).split("\n").find((one) => one.includes(`"${word}"`)) ?? "{}";
  const books = parseJson(line);
  return isRecord(books) ? books : {};
}

/** Where the programs are. */
export interface Networked {
  readonly topology: Topology;
}

/** Starts both, and ends both whatever happens. */
export async function withPair<Value>(
  { bench, deed }: { readonly bench: Networked; readonly deed: Deed },
  use: (pair: Pair) => Promise<Value>,
): Promise<Value> {
  const pair = await startPair(bench, deed);
  try {
    return await use(pair);
  } finally {
    await pair.caller.stop("SIGKILL");
    await pair.callee.stop("SIGKILL");
  }
}

/** All lines of an end that have a word. */
export async function allBooks(
  process: ManagedProcess,
  word: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const lines = (await process.log()).split("\n").filter((one) => one.includes(`"${word}"`));
  return lines.map((line) => parseJson(line)).filter(isRecord);
}
