import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import { type LoopbackDaemon, startLoopbackDaemon } from "./loopback_daemon.ts";

/** Watchdog of a test that waits for it: five silent questions are a second. */
const QUICK_PING_INTERVAL_MS = 200;

/** Of all others: a second's pause of a busy machine must not be taken for the bug that is looked for. */
const PATIENT_PING_INTERVAL_MS = 3000;

/** What can go wrong on purpose. */
export type Fault = "throw" | "reject" | "hang";

/** A daemon whose signalling isolate has a bug. */
export interface FaultyDaemon extends LoopbackDaemon {
  /** Sets the bug off and waits until the supervisor has noticed. */
  readonly fail: (fault: Fault) => Promise<void>;
}

/** Starts one that notices a hang soon, or one that never takes a pause for it. */
export async function startFaultyDaemon(watchdog: "quick" | "patient"): Promise<FaultyDaemon> {
  const port = findFreePorts(["127.0.0.1"], 1) ?? 0;
  const daemon = await startLoopbackDaemon({
    lines: [`ua_string = ${port}`],
    modules: {
      signalling: import.meta.resolve("./faulty_signalling_worker.ts"),
      pingIntervalMs: watchdog === "quick" ? QUICK_PING_INTERVAL_MS : PATIENT_PING_INTERVAL_MS,
    },
  });
  const fail = async (fault: Fault) => {
    const known = countLost(daemon);
    const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    const control = { transport: "udp", hostname: "127.0.0.1", port } as const;
    await socket.send(new TextEncoder().encode(fault), control);
    socket.close();
    while (countLost(daemon) === known) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return { ...daemon, fail };
}

function countLost(daemon: LoopbackDaemon): number {
  return daemon.logs.filter(({ event }) => event === "isolate.lost").length;
}
