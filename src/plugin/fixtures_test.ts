import { deepStrictEqual, ok } from "node:assert/strict";
import { BUILT_IN } from "./registry.ts";
import { PluginBench } from "../../tests/support/plugin_bench.ts";

const root = new URL("../../fixtures/", import.meta.url);
const config = Deno.readTextFileSync(new URL("config/all_plugins.conf", root));

for (const kind of ["valid", "invalid"]) {
  Deno.test(`all plugins together meet every ${kind} message without a failure`, () => {
    const folder = new URL(`sip/${kind}/`, root);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    ok(names.length > 10);
    const world = new PluginBench({ config, hosts: { "stun.example.org": "198.51.100.9" } });
    world.registerAlice();
    const troubles: string[] = [];
    for (const name of names) {
      const data = Deno.readFileSync(new URL(name, folder));
      for (const side of ["lan", "wan"] as const) {
        const source = side === "lan" ? "10.0.0.10:5062" : "192.0.2.10:5070";
        for (const action of world.world.receiveBytes(data, { side, source })) {
          const isFailure = action.kind === "count" && action.counter === "plugin_failed";
          if (isFailure) troubles.push(`${name} from ${side}: ${action.reason}`);
        }
      }
    }
    deepStrictEqual(troubles, []);
  });
}

Deno.test("all plugins together load with success", () => {
  const { loadLogs, failures } = new PluginBench({ config });
  deepStrictEqual(failures, []);
  deepStrictEqual(
    loadLogs.filter((line) => line.endsWith("loaded with success")).length,
    BUILT_IN.length,
  );
});
