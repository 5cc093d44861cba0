import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { startProcess } from "../support/daemon_process.ts";
import { awaitEnd, findProcessPlace } from "../support/process_place.ts";
import { SipPeer } from "../support/sip_peer.ts";
import {
  DirectiveBench,
  PATIENCE_MS,
  PHONE,
  requestOf,
  statusIn,
  writeConfig,
} from "./directive_bench.ts";
import { effects } from "./effect.ts";
import { becomes, isThere, type OwnDaemon, withDaemon } from "./own_daemon.ts";

/** Longer than a second that is set takes to have an effect. */
const LONGER_MS = 2_500;

/** Users of a process's threads. */
function userOf(pid: number): string {
  return /^Uid:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1] ?? "";
}

/** Registers a user at the daemon itself; gives the answer's status. */
async function register({ place }: OwnDaemon, user: string): Promise<string | undefined> {
  const phone = new SipPeer(PHONE);
  const domain = `${place.lan.hostname}:${place.lan.port}`;
  await phone.send(requestOf("REGISTER", { from: phone, domain, user }), place.lan);
  const answer = await phone.next(PATIENCE_MS);
  phone.close();
  return statusIn(answer?.text);
}

/** Whether alice stands in a registration file before long. */
async function isSaved(path: string, patienceMs: number): Promise<boolean> {
  const holdsAlice = () => isThere(path) && Deno.readTextFileSync(path).includes("sip:alice@");
  return await becomes(holdsAlice, patienceMs);
}

effects("the process", [
  {
    directive: "daemonize",
    change: "0 → 1",
    seen: "the command ends with 0 and the daemon serves on",
    run: async () => {
      const stays = await withDaemon(() => ["daemonize = 0"], async ({ daemon, place }) => {
        const phone = new SipPeer(PHONE);
        const answer = await phone.optionsAnswered(place.lan, PATIENCE_MS);
        phone.close();
        return [statusIn(answer), isThere(`/proc/${daemon.child.pid}`)];
      });
      const place = findProcessPlace();
      const pidFile = `${place.folder}/pid`;
      const lines = ["daemonize = 1", `pid_file = ${pidFile}`];
      const { code } = await startProcess(["-c", writeConfig(place, lines)]).ended;
      const phone = new SipPeer(PHONE);
      const answer = await phone.optionsAnswered(place.lan, PATIENCE_MS);
      phone.close();
      const pid = Number(Deno.readTextFileSync(pidFile));
      Deno.kill(pid, "SIGTERM");
      await awaitEnd(pid);
      place.remove();
      deepStrictEqual([stays, code, statusIn(answer)], [["200 OK", true], 0, "200 OK"]);
    },
  },
  {
    directive: "user",
    change: "unset → nobody",
    seen: "the process belongs to that user",
    needs: "root",
    run: async () => {
      const user = (lines: readonly string[]) =>
        withDaemon(() => lines, ({ daemon }) => userOf(daemon.child.pid));
      deepStrictEqual([await user([]), await user(["user = nobody"])], ["0", "65534"]);
    },
  },
  {
    directive: "chrootjail",
    change: "unset → a folder",
    seen: "the registration file lies in that folder",
    needs: "root",
    run: async () => {
      const where = async (lines: (folder: string) => readonly string[]) => {
        const bench = await DirectiveBench.open((folder) => {
          Deno.mkdirSync(`${folder}/jail${folder}`, { recursive: true });
          return [`registration_file = ${folder}/regs`, ...lines(folder)];
        });
        const { folder } = bench.place;
        bench.daemon.child.kill("SIGTERM");
        await bench.daemon.ended;
        const found = [`${folder}/regs`, `${folder}/jail${folder}/regs`].map(isThere);
        for (const peer of [bench.phone, bench.provider]) peer.close();
        bench.place.remove();
        return found;
      };
      const before = await where(() => []);
      const after = await where((folder) => [`chrootjail = ${folder}/jail`]);
      deepStrictEqual([before, after], [[true, false], [false, true]]);
    },
  },
  {
    directive: "pid_file",
    change: "unset → a file",
    seen: "the process id stands in it",
    run: async () => {
      const written = (lines: (folder: string) => readonly string[]) =>
        withDaemon(lines, ({ daemon, place }) => {
          const path = `${place.folder}/pid`;
          if (!isThere(path)) return "no file";
          return Deno.readTextFileSync(path) === `${daemon.child.pid}\n` ? "its pid" : "another";
        });
      const before = await written(() => []);
      const after = await written((folder) => [`pid_file = ${folder}/pid`]);
      deepStrictEqual([before, after], ["no file", "its pid"]);
    },
  },
]);

effects("registrations", [
  {
    directive: "registration_file",
    change: "unset → a file",
    seen: "a registered phone stands in it",
    run: async () => {
      const saved = (lines: (folder: string) => readonly string[], patienceMs: number) =>
        withDaemon(lines, async (own) => {
          await register(own, "alice");
          return await isSaved(`${own.place.folder}/regs`, patienceMs);
        });
      const before = await saved(() => [], LONGER_MS);
      const after = await saved((folder) => [`registration_file = ${folder}/regs`], PATIENCE_MS);
      deepStrictEqual([before, after], [false, true]);
    },
  },
  {
    directive: "autosave_registrations",
    change: "0 → 1",
    seen: "a registration file that somebody removed is there again",
    run: async () => {
      const returns = (seconds: number, patienceMs: number) =>
        withDaemon(
          (folder) => [
            `registration_file = ${folder}/regs`,
            `autosave_registrations = ${seconds}`,
          ],
          async (own) => {
            const path = `${own.place.folder}/regs`;
            await register(own, "alice");
            await isSaved(path, PATIENCE_MS);
            Deno.removeSync(path);
            return await becomes(() => isThere(path), patienceMs);
          },
        );
      const before = await returns(0, LONGER_MS);
      deepStrictEqual([before, await returns(1, PATIENCE_MS)], [false, true]);
    },
  },
  {
    directive: "registration_write_delay",
    change: "3600 → 1",
    seen: "a new registration stands in the file after a moment",
    run: async () => {
      const saved = (seconds: number, patienceMs: number) =>
        withDaemon(
          (folder) => [
            `registration_file = ${folder}/regs`,
            "autosave_registrations = 0",
            `registration_write_delay = ${seconds}`,
          ],
          async (own) => {
            await register(own, "alice");
            return await isSaved(`${own.place.folder}/regs`, patienceMs);
          },
        );
      const before = await saved(3600, LONGER_MS);
      deepStrictEqual([before, await saved(1, PATIENCE_MS)], [false, true]);
    },
  },
  {
    directive: "max_registrations",
    change: "10000 → 1",
    seen: "a second phone gets 503",
    run: async () => {
      const answers = (most: number) =>
        withDaemon(
          () => [`max_registrations = ${most}`],
          async (own) => [await register(own, "alice"), await register(own, "bob")],
        );
      deepStrictEqual([await answers(10_000), await answers(1)], [
        ["200 OK", "200 OK"],
        ["200 OK", "503 Service Unavailable"],
      ]);
    },
  },
]);

/** A plugin that answers everything with a status. */
function answering(status: number): string {
  return `export const plugin = {
  name: "probe", apiVersion: 1, description: "answers", options: {},
  setup: () => ({ validate: () => ({ kind: "reply", statusCode: ${status}, headers: [] }) }),
};
`;
}

/** Folders of one such plugin each. */
function pluginFolders(bench: DirectiveBench): readonly string[] {
  return [486, 480].map((status) => {
    const folder = `${bench.place.folder}/${status}`;
    if (!isThere(folder)) Deno.mkdirSync(folder, { mode: 0o755 });
    Deno.writeTextFileSync(`${folder}/probe.js`, answering(status), { mode: 0o644 });
    return folder;
  });
}

effects("plugins", [
  {
    directive: "plugindir",
    change: "a folder → another",
    seen: "the plugin of the other folder answers",
    run: async (bench) => {
      const found: (string | undefined)[] = [];
      for (const folder of pluginFolders(bench)) {
        await bench.obey([`plugindir = ${folder}`, "load_plugin = probe"]);
        found.push(statusIn(await bench.phone.optionsAnswered(bench.lan, PATIENCE_MS)));
      }
      deepStrictEqual(found, ["486 Busy Here", "480 Temporarily Unavailable"]);
    },
  },
  {
    directive: "load_plugin",
    change: "unset → probe",
    seen: "the plugin answers in the daemon's place",
    run: async (bench) => {
      const [folder = ""] = pluginFolders(bench);
      await bench.obey([`plugindir = ${folder}`]);
      const before = statusIn(await bench.phone.optionsAnswered(bench.lan, PATIENCE_MS));
      await bench.obey([`plugindir = ${folder}`, "load_plugin = probe"]);
      const after = statusIn(await bench.phone.optionsAnswered(bench.lan, PATIENCE_MS));
      deepStrictEqual([before, after], ["200 OK", "486 Busy Here"]);
    },
  },
  {
    directive: "plugin_strict",
    change: "0 → 1",
    seen: "a missing plugin ends the start with 78",
    run: async () => {
      const missing = ["load_plugin = no_such_plugin"];
      const isUp = await withDaemon(
        () => missing,
        ({ daemon }) => daemon.log().includes("started"),
      );
      const place = findProcessPlace();
      const config = writeConfig(place, [...missing, "plugin_strict = 1"]);
      const { code } = await startProcess(["-c", config]).ended;
      place.remove();
      strictEqual(`${isUp} ${code}`, "true 78");
    },
  },
]);
