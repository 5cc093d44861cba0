/** The disk is full, is made read-only, or its folder may no longer be written to; phones must not notice. */

import assert from "node:assert/strict";
import { defineSuite, type Suite } from "../support/case.ts";
import { mustRun, poll, runCommand } from "../support/command.ts";
import { onCleanup } from "../support/cleanup.ts";
import { makeDirectory } from "../support/work_directory.ts";
import {
  type FaultBench,
  makeParty,
  mustRegister,
  mustSay,
  mustServe,
  withBench,
} from "./fault_bench.ts";
import { readRecords } from "./record_file.ts";

/** A disk of its own for the registration file: four times what the file needs. */
const DISK_BYTES = 256 * 1024;

/** A user without rights. */
const NOBODY = 65534;

/** Longest rest of the daemon between two tries to write, and a margin. */
const WRITTEN_AGAIN_TIMEOUT_MS = 45_000;

const ONE_LINE = /unable to write registration file/g;
let nextLatePort = 25_000;

/** How the disk fails and heals. */
interface DiskFault {
  readonly begin: (folder: string) => Promise<void>;
  readonly end: (folder: string) => Promise<void>;
  /** What the daemon runs as. */
  readonly user: "root" | "nobody";
}

async function mountDisk(name: string): Promise<string> {
  const folder = await makeDirectory(`disk-${name}`);
  await mustRun("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES},mode=0755`, "tmpfs", folder]);
  // The namespace's own mounts end with it; this is for the run's folder.
  onCleanup(async () => void await runCommand("umount", ["-l", folder]));
  return folder;
}

function diskCase(name: string, fault: DiskFault) {
  return async (): Promise<void> => {
    const folder = await mountDisk(name);
    if (fault.user === "nobody") await Deno.chown(folder, NOBODY, NOBODY);
    const directives = fault.user === "nobody" ? { user: "nobody" } : {};
    await withBench({ name: `disk-${name}`, phones: 2, folder, directives }, async (bench) => {
      await mustHold(bench, ["u0", "u1"]);
      await fault.begin(folder);
      try {
        await mustRegisterNew(bench, "late1");
        await mustSay(bench, /unable to write registration file/);
        await mustRegisterNew(bench, "late2");
        await mustServe(bench, "while nothing can be written");
        // What was written last is still there, whole.
        assert.deepEqual(await usersIn(bench), ["u0", "u1"]);
      } finally {
        await fault.end(folder);
      }
      await mustHold(bench, ["late1", "late2", "u0", "u1"]);
      const log = await bench.daemon.log();
      assert.equal(log.match(ONE_LINE)?.length, 1, "one line for the whole outage");
      await bench.daemon.kill();
      await bench.daemon.restart();
      await mustServe(bench, "after kill -9 and a new start");
    });
  };
}

/** A mode that forbids writing means nothing to who may replace the file: the file is followed by a new one. */
async function readOnlyFile(): Promise<void> {
  const folder = await mountDisk("mode");
  await Deno.chown(folder, NOBODY, NOBODY);
  const directives = { user: "nobody" };
  await withBench({ name: "disk-mode", phones: 2, folder, directives }, async (bench) => {
    await mustHold(bench, ["u0", "u1"]);
    await Deno.chmod(bench.registrationFile, 0o400);
    await mustRegisterNew(bench, "late1");
    await mustHold(bench, ["late1", "u0", "u1"]);
    assert.equal(((await Deno.stat(bench.registrationFile)).mode ?? 0) & 0o777, 0o600);
    assert.doesNotMatch(await bench.daemon.log(), ONE_LINE);
  });
}

async function mustRegisterNew(bench: FaultBench, user: string): Promise<void> {
  const phone = makeParty({ user, side: "phones", port: nextLatePort++, pump: bench.pump });
  await mustRegister(phone);
  phone.close();
}

async function usersIn(bench: FaultBench): Promise<readonly string[]> {
  const records = readRecords(await Deno.readTextFile(bench.registrationFile));
  return records.map(({ user }) => user).sort();
}

async function mustHold(bench: FaultBench, users: readonly string[]): Promise<void> {
  let last: readonly string[] = [];
  await poll(async () => {
    last = await usersIn(bench).catch(() => []);
    return last.join() === users.join() ? true : undefined;
  }, {
    what: `${users.join()} in the registration file`,
    timeoutMs: WRITTEN_AGAIN_TIMEOUT_MS,
  }).catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : error}; last ${last.join()}`);
  });
}

async function fill(folder: string): Promise<void> {
  using file = await Deno.open(`${folder}/ballast`, { write: true, create: true });
  const block = new Uint8Array(1024);
  try {
    for (let n = 0; n < 2 * DISK_BYTES / block.length; n++) await file.write(block);
  } catch {
    return;
  }
  throw new Error("Cannot fill the disk: it took everything");
}

/** Trouble with the registration file. */
export const DISK_SUITE: Suite = defineSuite<undefined>({
  name: "disk",
  setUp: () => Promise.resolve(undefined),
  tearDown: () => Promise.resolve(),
  cases: [
    {
      name: "full: phones go on, the old file stays whole, one line tells, later all is written",
      timeoutMs: 150_000,
      run: diskCase("full", {
        user: "root",
        begin: fill,
        end: (folder) => Deno.remove(`${folder}/ballast`),
      }),
    },
    {
      name: "made read-only: the same, even for root",
      timeoutMs: 150_000,
      run: diskCase("readonly", {
        user: "root",
        begin: async (folder) => void await mustRun("mount", ["-o", "remount,ro", folder]),
        end: async (folder) => void await mustRun("mount", ["-o", "remount,rw", folder]),
      }),
    },
    {
      name: "folder that its user may no longer write to: the same",
      timeoutMs: 150_000,
      run: diskCase("folder", {
        user: "nobody",
        begin: (folder) => Deno.chmod(folder, 0o555),
        end: (folder) => Deno.chmod(folder, 0o755),
      }),
    },
    {
      name: "file made read-only: it is replaced by a new one, nothing is lost",
      timeoutMs: 90_000,
      run: readOnlyFile,
    },
  ],
});
