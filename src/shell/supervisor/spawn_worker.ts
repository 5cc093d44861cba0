import type { WorkerPermissions } from "../machine/permissions.ts";

/** What an isolate is started from. */
export interface SpawnRequest {
  readonly name: string;
  readonly moduleUrl: string;
  readonly permissions: WorkerPermissions;
}

/** What is heard of an isolate until it is terminated. */
export interface SpawnEvents<FromIsolate> {
  readonly onMessage: (message: FromIsolate) => void;
  /** It met an error that nothing caught, and is gone. */
  readonly onError: (text: string) => void;
}

/** A running isolate. */
export interface Isolate<ToIsolate> {
  readonly post: (message: ToIsolate, transfer: Transferable[]) => void;
  /** Ends it and everything that is heard of it; one that spins goes on burning its core (Deno cannot stop it). */
  readonly terminate: () => void;
}

/** Starts an isolate; tests start something else. */
export type Spawn<ToIsolate, FromIsolate> = (
  request: SpawnRequest,
  events: SpawnEvents<FromIsolate>,
) => Isolate<ToIsolate>;

/**
 * Starts a Worker with exactly the permissions it is given.
 *
 * @param request module and permissions
 * @param events what to do with its messages and its death
 * @returns the handle
 */
export function spawnWorker<ToIsolate, FromIsolate>(
  request: SpawnRequest,
  events: SpawnEvents<FromIsolate>,
): Isolate<ToIsolate> {
  const { moduleUrl, name, permissions } = request;
  const worker = new Worker(moduleUrl, { type: "module", name, deno: { permissions } });
  worker.onmessage = (event) => events.onMessage(event.data);
  worker.onerror = (event) => {
    event.preventDefault();
    events.onError(event.message);
  };
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    terminate: () => {
      worker.onmessage = null;
      worker.onerror = (event) => event.preventDefault();
      worker.terminate();
    },
  };
}
